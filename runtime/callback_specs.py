"""Callbacks that people can switch on, as the desktop shows them: free of Keras.

Each lives in one file of runtime/worker/training/callbacks with its `SPEC` and a function `build(values, run)`, which
alone imports Keras. They are found by listing that folder, so adding one touches one file. The spec writes the
callback as Python, too.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, Final

import msgspec

from resources.python_code.parts import CallbackCode
from resources.python_code.pieces import call, library, literal
from resources.registry import module_in, modules_with
from resources.text import Text
from resources.training.metric_logs import VALIDATION, Direction, direction_of
from resources.training.setting import Setting, SettingError

_PACKAGE = "runtime.worker.training.callbacks"

MONITOR: Final = "monitor"
MODE: Final = "mode"
AUTO: Final = "auto"
MODES: Final = (AUTO, "min", "max")
FIRST_IS_BEST: Final = (
    "For Keras the first value is the best so far even if it is no number (NaN), and no later one is better then; "
    "Lamella passes it over."
)


class CallbackParameter(msgspec.Struct, frozen=True):
    """`name` is Keras' own and never translated. `kind` is one that has an editor, or "monitor".

    A "monitor" is a metric's name in the logs, such as "val_loss". `minimum` and `maximum` are inclusive, `below` is
    not. One whose default is None takes None as well. `quiet`: exported code leaves it out at its default, which is
    Keras' own.
    """

    name: str
    kind: str
    default: int | float | bool | str | None
    help: Text
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    below: float | None = None
    quiet: bool = False

    def as_setting(self, callback: Text) -> Setting[Any]:
        """What checks, reads and words its values, as those of any training setting."""
        return Setting[Any](
            self.name,
            Text.of("{parameter} of {callback}", parameter=self.name, callback=callback),
            self.help,
            "text" if self.kind == "monitor" else self.kind,  # type: ignore[arg-type]
            self.default,
            order=0,
            minimum=self.minimum,
            maximum=self.maximum,
            below=self.below,
            choices=self.choices,
            pattern=r"(?s).+" if self.kind == "monitor" else "",
            form_of_text=Text("the name of a metric"),
        )


def keras_callback(name: str, remark: str = "") -> Callable[[Mapping[str, Any]], CallbackCode]:
    """Writes a callback of `keras.callbacks` that takes the parameters under their names."""

    def write(values: Mapping[str, Any]) -> CallbackCode:
        arguments = {parameter: literal(value) for parameter, value in values.items()}
        return CallbackCode(call(library("keras.callbacks." + name), **arguments), remark=remark)

    return write


class CallbackSpec(msgspec.Struct, frozen=True):
    """`key` stands in project files. `order` is the place in the list. `write` writes it as Python from values.

    `fixed` are further arguments of the callback in Keras that always have one value here.
    """

    key: str
    title: Text
    help: Text
    parameters: tuple[CallbackParameter, ...]
    order: int
    write: Callable[[Mapping[str, Any]], CallbackCode]
    fixed: dict[str, bool | int | str] = {}

    @property
    def watches(self) -> bool:
        """Whether it watches a metric."""
        return any(parameter.kind == "monitor" for parameter in self.parameters)

    def source(
        self, written_values: Mapping[str, Any], has_validation: bool, known: Mapping[str, Direction]
    ) -> CallbackCode:
        """The callback as Python. Without validation it watches the metric of training.

        Which way is better is written out as far as it is `known`, since Keras finds it for one output only. Raises
        SettingError for what the callback does not take, SourceError for what cannot be written.
        """
        self.check(written_values)
        values = self.values(written_values)
        if self.watches:
            values[MONITOR] = monitored(values[MONITOR], has_validation)
            values[MODE] = chosen_mode(values, known) or AUTO
        quiet = {parameter.name: parameter.default for parameter in self.parameters if parameter.quiet}
        return self.write({name: value for name, value in values.items() if name not in quiet or value != quiet[name]})

    def check(self, written_values: Mapping[str, Any]) -> None:
        """Raises SettingError for the first argument that it does not have, or value that it does not take."""
        by_name = {parameter.name: parameter for parameter in self.parameters}
        for name, value in written_values.items():
            if name in by_name:
                by_name[name].as_setting(self.title).check(value)
            elif name not in self.fixed:
                names = ", ".join(by_name)
                raise SettingError(
                    Text.of("{callback} has no {name}; it has {names}.", callback=self.title, name=name, names=names)
                )
            elif value != self.fixed[name] or type(value) is not type(self.fixed[name]):
                raise SettingError(
                    Text.of(
                        "{callback} always has {name} {value}.",
                        callback=self.title, name=name, value=str(self.fixed[name]),
                    )
                )  # fmt: skip

    def parameter(self, name: str) -> CallbackParameter | None:
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    def values(self, written_values: Mapping[str, Any]) -> dict[str, Any]:
        """Every parameter with the given value or its default; what is not a parameter is left out."""
        return {parameter.name: written_values.get(parameter.name, parameter.default) for parameter in self.parameters}


def callback_specs() -> tuple[CallbackSpec, ...]:
    return tuple(sorted((module.SPEC for module in modules_with(import_module(_PACKAGE), "SPEC")), key=_order))


def _order(spec: CallbackSpec) -> tuple[int, str]:
    return spec.order, spec.key


def find_callback(key: str) -> CallbackSpec | None:
    return next((spec for spec in callback_specs() if spec.key == key), None)


def callback_module(key: str) -> ModuleType:
    """Raises ModuleNotFoundError for a key that is no callback."""
    return module_in(_PACKAGE, key)


def monitor_parameters() -> tuple[CallbackParameter, CallbackParameter]:
    """What every callback has that watches a metric."""
    return (
        CallbackParameter(MONITOR, "monitor", "val_loss", Text("The metric to watch.")),
        CallbackParameter(
            MODE,
            "choice",
            AUTO,
            Text("Whether lower (min) or higher (max) is better; auto: as Keras has it for the metric."),
            choices=MODES,
        ),
    )


def verbose_parameter() -> CallbackParameter:
    return CallbackParameter("verbose", "int", 0, Text("1 prints what it does to the console."), 0, 1, quiet=True)


def monitored(monitor: str, has_validation: bool) -> str:
    """The metric to watch instead of `monitor` in a run without validation."""
    return monitor if has_validation else monitor.removeprefix(VALIDATION)


def chosen_mode(values: Mapping[str, Any], known: Mapping[str, Direction]) -> Direction | None:
    """Which way is better for what a callback watches: what was chosen, else what is known; None: nobody says."""
    mode: Direction | None = values[MODE] if values[MODE] != AUTO else direction_of(str(values[MONITOR]), known)
    return mode


def chosen_directions(callbacks: Mapping[str, Mapping[str, Any]]) -> dict[str, Direction]:
    """What people chose as better, by the names of training. Where callbacks differ, the best checkpoint counts."""
    chosen: dict[str, Direction] = {}
    for spec in sorted(callback_specs(), key=_counts):
        if spec.watches and spec.key in callbacks:
            values = spec.values(callbacks[spec.key])
            if values[MODE] != AUTO:
                chosen[str(values[MONITOR]).removeprefix(VALIDATION)] = values[MODE]
    return chosen


def _counts(spec: CallbackSpec) -> tuple[bool, int]:
    return spec.key == "best_checkpoint", -spec.order


def check_callbacks(callbacks: Mapping[str, Any]) -> None:
    """Raises SettingError for the first callback that is not known, and for what one of them does not take."""
    for key, values in callbacks.items():
        spec = find_callback(key)
        if spec is None:
            raise SettingError(Text("There is no callback {name}.", {"name": key}))
        if not isinstance(values, Mapping):
            raise SettingError(Text.of("The arguments of {callback} are no named values.", callback=spec.title))
        spec.check(values)
