"""Callbacks that people can switch on, as the desktop shows them: free of Keras.

Each lives in one file of runtime/worker/training/callbacks with its `SPEC` and a function `build(values, run)`, which
alone imports Keras. They are found by listing that folder, so adding one touches one file. The spec writes the
callback as Python, too.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

import msgspec

from resources.python_code.parts import CallbackCode
from resources.python_code.pieces import call, library, literal
from resources.registry import module_in, modules_with
from resources.text import Text
from runtime.metric_names import monitored

_PACKAGE = "runtime.worker.training.callbacks"


class CallbackParameter(msgspec.Struct, frozen=True):
    """`name` is Keras' own and never translated. `kind` is one that has an editor, or "monitor".

    A "monitor" is a metric's name in the logs, such as "val_loss".
    """

    name: str
    kind: str
    default: int | float | bool | str
    help: Text
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


def keras_callback(name: str) -> Callable[[Mapping[str, Any]], CallbackCode]:
    """Writes a callback of `keras.callbacks` that takes the parameters under their names."""

    def write(values: Mapping[str, Any]) -> CallbackCode:
        arguments = {parameter: literal(value) for parameter, value in values.items()}
        return CallbackCode(call(library("keras.callbacks." + name), **arguments))

    return write


class CallbackSpec(msgspec.Struct, frozen=True):
    """`key` stands in project files. `order` is the place in the list. `write` writes it as Python from all values."""

    key: str
    title: Text
    help: Text
    parameters: tuple[CallbackParameter, ...]
    order: int
    write: Callable[[Mapping[str, Any]], CallbackCode]

    def source(self, written_values: Mapping[str, Any], has_validation: bool) -> CallbackCode:
        """The callback as Python. Without validation it watches the metric of training. Raises SourceError."""
        values = self.values(written_values)
        for parameter in self.parameters:
            if parameter.kind == "monitor":
                values[parameter.name] = monitored(str(values[parameter.name]), has_validation)
        return self.write(values)

    def values(self, written_values: Mapping[str, Any]) -> dict[str, Any]:
        """Every parameter with the given value or its default; what is not a parameter is left out."""
        return {parameter.name: written_values.get(parameter.name, parameter.default) for parameter in self.parameters}


def callback_specs() -> tuple[CallbackSpec, ...]:
    return tuple(sorted((module.SPEC for module in modules_with(import_module(_PACKAGE), "SPEC")), key=_order))


def _order(spec: CallbackSpec) -> tuple[int, str]:
    return spec.order, spec.key


def callback_module(key: str) -> ModuleType:
    """Raises ModuleNotFoundError for a key that is no callback."""
    return module_in(_PACKAGE, key)


def monitor_parameter() -> CallbackParameter:
    return CallbackParameter("monitor", "monitor", "val_loss", Text("The metric to watch."))
