"""What a run is made of as Python source: each kind of data and each callback writes its own, in its own module."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from resources.python_code.beside import beside, is_elsewhere
from resources.python_code.parts import CallbackCode, Constant, Loading
from resources.python_code.pieces import SourceError
from resources.text import Text
from resources.training.metric_logs import Direction
from resources.training.setting import SettingError
from runtime.callback_specs import callback_module
from runtime.data_kinds import kind_module, unknown_kind
from runtime.spec import SAMPLE_PREFIX, DataSource

IMPORT_NUMPY: Final = "import numpy as np"
IMPORT_TYPING: Final = "import typing"
_PUT_BESIDE: Final = "It lies outside the project's folder: put it beside this file."
_COPY_SAMPLE: Final = "A sample of Lamella's: copy it from resources/samples beside this file."


class RunCode:
    """The `RunWriter` of what lies in the folders of data sources and callbacks."""

    def loading(self, source: Mapping[str, Any], columns: Sequence[str]) -> Loading | None:
        kind, options = str(source.get("kind") or ""), source.get("options") or {}
        if not kind:
            return None
        try:
            module = kind_module(kind)
        except ModuleNotFoundError as error:
            raise SourceError(unknown_kind(kind)) from error
        if not isinstance(options, Mapping):
            raise SourceError(Text("The options of the data are no named values."))
        data_source = DataSource(kind, str(source.get("path") or ""), dict(options))
        if module.KIND.suffixes and data_source.made_up:
            return None
        loading: Loading = module.source_code(data_source, columns)
        return loading

    def callback(
        self, key: str, values: Mapping[str, Any], has_validation: bool, known: Mapping[str, Direction]
    ) -> CallbackCode:
        try:
            module = callback_module(key)
        except ModuleNotFoundError as error:
            raise SourceError(Text("There is no callback {name}.", {"name": key})) from error
        try:
            code: CallbackCode = module.SPEC.source(values, has_validation, known)
        except SettingError as error:
            raise SourceError(error.text) from error
        return code


def data_file(source: DataSource) -> Constant:
    """The file of a data source in the constant DATA_FILE: beside the script as it lies beside the project."""
    if source.path.startswith(SAMPLE_PREFIX):
        return Constant("DATA_FILE", beside(source.path.removeprefix(SAMPLE_PREFIX)), before=_COPY_SAMPLE)
    if is_elsewhere(source.path):
        return Constant("DATA_FILE", beside(source.path), before=_PUT_BESIDE)
    return Constant("DATA_FILE", beside(source.path))
