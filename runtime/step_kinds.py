"""The steps of preparation there are, found by listing the folder of steps: adding one touches one file.

Free of Keras. The modules are imported when somebody asks, not before: the desktop starts without them.
"""

from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, Final

import msgspec

from resources.registry import module_in, modules_with
from resources.text import Text
from resources.training.setting import Setting, SettingError

Json = Any
_PACKAGE: Final = "runtime.worker.data.steps"


class StepKind(msgspec.Struct, frozen=True):
    """`key` stands in project files, `order` is the place in menus. `takes` are the kinds of columns it is for.

    `adapts`: it learns from the training part before it is used. `inside`: Keras has a layer that does the same, so
    that it can be a box of the model; `why_before` says why not where it has none. `together`: one box does it for
    several columns that are side by side, for each on its own. `of_words` are the settings that a new step of a column
    of words begins with, where the defaults are for numbers.
    """

    key: str
    title: Text
    help: Text
    takes: tuple[str, ...]
    order: int
    settings: tuple[Setting[Any], ...] = ()
    adapts: bool = False
    inside: bool = True
    together: bool = False
    why_before: Text | None = None
    of_words: Mapping[str, Json] = {}

    def values(self, written: Mapping[str, Json]) -> dict[str, Json]:
        """Every setting with what is written or its default; what is not a setting is left out."""
        return {setting.key: setting.written(written) for setting in self.settings}

    def check(self, written: Mapping[str, Json]) -> None:
        """Raises SettingError for the first value that its setting does not take, and for what is no setting."""
        by_key = {setting.key: setting for setting in self.settings}
        for key, value in written.items():
            if key not in by_key:
                names = ", ".join(by_key) or "-"
                raise SettingError(
                    Text.of("The step {step} has no setting {name}; it has {names}.",
                            step=self.title, name=key, names=names)
                )  # fmt: skip
            by_key[key].check(value)

    def setting(self, key: str) -> Setting[Any] | None:
        return next((setting for setting in self.settings if setting.key == key), None)


def step_kinds() -> tuple[StepKind, ...]:
    """All of them, in the order of menus.

    Every module of the package has `STEP` and these functions; `values` are those of all its settings:

    - `result(sample, values, state)`: the Sample that comes out. Raises StepError where it takes no such sample.
    - `apply(array, sample, values, state)`: prepared samples, the first axis is the sample. NumPy in, NumPy out.
    - `layer(sample, values, state)`: the same as a Keras layer, {"module", "class_name", "config"}, None where Keras
      has none. Without a state it is the layer that is adapted when training starts.
    - `code(values)`: the same in an exported script, a `StepCode` (`resources/python_code/preparing.py`).
    - `settings_of(layer)`: the settings with which `layer` gives it, None for a layer that is not of this step.
    - `adapt(blocks, sample, values)`, if `adapts`: the state, plain JSON, from blocks of samples.
    - `known(sample, values)`, if it has one: the state that is known without reading, or None.
    """
    kinds = (module.STEP for module in modules_with(import_module(_PACKAGE), "STEP"))
    return tuple(sorted(kinds, key=_order))


def _order(kind: StepKind) -> tuple[int, str]:
    return kind.order, kind.key


def find_step(key: str) -> StepKind | None:
    return next((kind for kind in step_kinds() if kind.key == key), None)


def step_module(key: str) -> ModuleType:
    """Raises ModuleNotFoundError for a key that is no step."""
    return module_in(_PACKAGE, key)


def unknown_step(key: str) -> Text:
    return Text("The step {step} is unknown.", {"step": key})


def check_step(key: str, written: Mapping[str, Json]) -> None:
    """Raises SettingError for a step that is not known, and for what it does not take."""
    kind = find_step(key)
    if kind is None:
        raise SettingError(unknown_step(key))
    kind.check(written)
