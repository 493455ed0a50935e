"""The kinds of data there are, found by listing the folder of data sources: adding a kind touches one file.

Free of Keras. The modules are imported when somebody asks, not before: the desktop starts without them.
"""

import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

import msgspec

from resources.text import Text

_PACKAGE = "runtime.worker.data.sources"


class DataKind(msgspec.Struct, frozen=True):
    """`key` stands in project files; `suffixes` (".h5") are those of its files: a kind without any has no file."""

    key: str
    title: Text
    suffixes: tuple[str, ...]


def data_kinds() -> tuple[DataKind, ...]:
    """All kinds, in the order of their keys. Every module of the package has `KIND` and `open_source`."""
    names = sorted(module.name for module in pkgutil.iter_modules(importlib.import_module(_PACKAGE).__path__))
    return tuple(kind_module(name).KIND for name in names)


def kind_module(key: str) -> ModuleType:
    """Raises ModuleNotFoundError for a key that is no kind."""
    return importlib.import_module(f"{_PACKAGE}.{key}")


def kind_of_file(path: Path | str) -> DataKind | None:
    """The kind that reads files with this suffix."""
    suffix = Path(path).suffix.lower()
    return next((kind for kind in data_kinds() if suffix in kind.suffixes), None)
