"""The kinds of data there are, found by listing the folder of data sources: adding a kind touches one file.

Free of Keras. The modules are imported when somebody asks, not before: the desktop starts without them.
"""

from importlib import import_module
from types import ModuleType

import msgspec

from resources.registry import module_in, modules_with
from resources.text import Text

_PACKAGE = "runtime.worker.data.sources"


class DataKind(msgspec.Struct, frozen=True):
    """`key` stands in project files; `suffixes` (".h5") are those of its files: a kind without any has no file.

    `note` is what people should know of all data of the kind.
    """

    key: str
    title: Text
    suffixes: tuple[str, ...]
    note: Text | None = None


def data_kinds() -> tuple[DataKind, ...]:
    """All kinds, in the order of their keys.

    Every module of the package has `KIND`, `open_source(source)`, which reads it, and `source_code(source, columns)`,
    the same as Python.
    """
    return tuple(module.KIND for module in modules_with(import_module(_PACKAGE), "KIND"))


def kind_module(key: str) -> ModuleType:
    """Raises ModuleNotFoundError for a key that is no kind."""
    return module_in(_PACKAGE, key)


def kind_title(key: str) -> str:
    """For people; the key itself where there is no such kind."""
    return next((str(kind.title) for kind in data_kinds() if kind.key == key), key)


def unknown_kind(key: str) -> Text:
    return Text("Data of the kind {kind} is unknown.", {"kind": key})
