"""The kinds of data there are, found by listing the folder of data sources: adding a kind touches one file.

Free of Keras. The modules are imported when somebody asks, not before: the desktop starts without them.
"""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from resources.registry import module_in, modules_with
from resources.text import Text
from resources.training.setting import Setting
from runtime.spec import DataSource

_PACKAGE = "runtime.worker.data.sources"
_MADE_BY_CODE = "python"


class DataKind(msgspec.Struct, frozen=True):
    """`key` stands in project files; `suffixes` (".h5") are those of its files: a kind without any has no file.

    `note` is what people should know of all data of the kind. `folders`: it is read from a folder, too, or from nothing
    else (no suffixes). `options` are settings of the section "option": what a project says of how the data is read.
    An option whose value is None is found out. `peeks`: opening a large one takes long, so its module has
    `peek(source)`, which gives a source of the first samples at once; None where opening is as quick.
    """

    key: str
    title: Text
    suffixes: tuple[str, ...]
    note: Text | None = None
    folders: bool = False
    options: tuple[Setting[Any], ...] = ()
    peeks: bool = False

    @property
    def on_disk(self) -> bool:
        """Whether it is read from a file or a folder."""
        return bool(self.suffixes) or self.folders

    def unknown_option(self, name: str) -> Text:
        """What is said of an option that it does not have."""
        if not self.options:
            return Text.of("{kind} has no options.", kind=self.title)
        names = ", ".join(setting.key for setting in self.options)
        return Text.of("{kind} has no option {name}; it has {names}.", kind=self.title, name=name, names=names)

    def wrong_option(self, options: Mapping[str, Any]) -> Text | None:
        """What is wrong with the options of a source; None where nothing is. A kind that declares none checks its own.

        An option that is None is as one that is left out.
        """
        declared = {setting.key: setting for setting in self.options}
        for name, value in options.items() if declared else ():
            if name not in declared:
                return self.unknown_option(name)
            if value is not None and not declared[name].takes(value):
                return declared[name].refusal(value)
        return None


class Recognised(msgspec.Struct, frozen=True):
    """How well a kind fits a path: `score` of 0 to 1 (1: it can be nothing else), with what `options` it is read.

    `what` tells people what was found there: "25 pictures in 3 classes".
    """

    score: float
    what: Text
    options: dict[str, Any] = {}


def data_kinds() -> tuple[DataKind, ...]:
    """All kinds, in the order of their keys.

    Every module of the package has `KIND`, `open_source(source)`, which reads it, and `source_code(source, columns)`,
    the same as Python. Where suffixes do not tell all, it has `recognise(path)`, too, which gives a Recognised, or None
    if `path` is something else; it looks at a few kilobytes, or the names in a folder, at most.
    """
    return tuple(module.KIND for module in modules_with(import_module(_PACKAGE), "KIND"))


def kind_module(key: str) -> ModuleType:
    """Raises ModuleNotFoundError for a key that is no kind."""
    return module_in(_PACKAGE, key)


def kind_title(key: str) -> str:
    """For people; the key itself where there is no such kind."""
    return next((str(kind.title) for kind in data_kinds() if kind.key == key), key)


def peeks(key: str) -> bool:
    """Whether data of the kind can be looked at before it has been read."""
    try:
        kind: DataKind = kind_module(key).KIND
    except ModuleNotFoundError:
        return False
    return kind.peeks


def is_made_by_code(key: str) -> bool:
    """Whether data of the kind is fed as a project's own code makes it, which runs when somebody has agreed to it."""
    return key == _MADE_BY_CODE


def source_title(source: DataSource) -> str:
    """What people call a source: its file, its own name, or what kind of data is made up."""
    return Path(source.path).name or source.path or made_up_name(source) or kind_title(source.kind)


def made_up_name(source: DataSource) -> str:
    """The name that the module of a kind gives to data without a file (`source_name`); often none."""
    try:
        module = kind_module(source.kind)
    except ModuleNotFoundError:
        return ""
    return str(module.source_name(source)) if hasattr(module, "source_name") else ""


def unknown_kind(key: str) -> Text:
    return Text("Data of the kind {kind} is unknown.", {"kind": key})
