"""Callbacks that people can switch on, as the desktop shows them: free of Keras.

Each lives in one file of runtime/worker/training/callbacks with its `SPEC` and a function `build(values, run)`, which
alone imports Keras. They are found by listing that folder, so adding one touches one file.
"""

import importlib
import pkgutil
from types import ModuleType
from typing import Any, Literal

import msgspec

from resources.text import Text

_PACKAGE = "runtime.worker.training.callbacks"

ParameterKind = Literal["int", "float", "bool", "choice", "monitor"]


class CallbackParameter(msgspec.Struct, frozen=True):
    """`name` is Keras' own and never translated. A "monitor" is a metric's name in the logs, such as "val_loss"."""

    name: str
    kind: ParameterKind
    default: int | float | bool | str
    help: Text
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


class CallbackSpec(msgspec.Struct, frozen=True):
    """`key` stands in project files. `order` is the place in the list."""

    key: str
    title: Text
    help: Text
    parameters: tuple[CallbackParameter, ...]
    order: int

    def values(self, given: dict[str, Any]) -> dict[str, Any]:
        """Every parameter with the given value or its default; what is not a parameter is left out."""
        return {parameter.name: given.get(parameter.name, parameter.default) for parameter in self.parameters}


def callback_specs() -> tuple[CallbackSpec, ...]:
    keys = [module.name for module in pkgutil.iter_modules(importlib.import_module(_PACKAGE).__path__)]
    return tuple(sorted((callback_module(key).SPEC for key in keys), key=_order))


def _order(spec: CallbackSpec) -> tuple[int, str]:
    return spec.order, spec.key


def callback_module(key: str) -> ModuleType:
    """Raises ModuleNotFoundError for a key that is no callback."""
    return importlib.import_module(f"{_PACKAGE}.{key}")


def monitor_parameter() -> CallbackParameter:
    return CallbackParameter("monitor", "monitor", "val_loss", Text("The metric to watch."))
