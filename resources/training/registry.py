"""The training settings there are, found by listing the folder `settings`: adding one touches one file.

Each module of it has a `SETTING` whose key is the module's name.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, Final

from resources.registry import modules_with
from resources.training.sections import COMPOUND
from resources.training.setting import Argument, Before, Json, Method, Section, Setting

_PACKAGE: Final = "resources.training.settings"


@cache
def settings() -> tuple[Setting[Any], ...]:
    """All of them, in their order. Raises ValueError for a key that is taken or is not the module's name."""
    all_settings: list[Setting[Any]] = []
    for module in modules_with(import_module(_PACKAGE), "SETTING"):
        setting: Setting[Any] = module.SETTING
        if module.__name__ != f"{_PACKAGE}.{setting.key}" or setting.key in COMPOUND:
            raise ValueError(f"{module.__name__} declares the key {setting.key!r}")
        all_settings.append(setting)
    return tuple(sorted(all_settings, key=lambda setting: (setting.order, setting.key)))


def settings_in(*sections: Section) -> tuple[Setting[Any], ...]:
    """Those that stand in these sections of a project."""
    return tuple(setting for setting in settings() if setting.section in sections)


def find_setting(key: str) -> Setting[Any] | None:
    return next((setting for setting in settings() if setting.key == key), None)


def written_values(training: Mapping[str, Json], data: Mapping[str, Json]) -> dict[str, Json]:
    """Return what a project's sections say of each setting that has a place of its own there, or its default."""
    return {
        setting.key: setting.written(data if setting.section == "data" else training)
        for setting in settings_in("training", "data")
    }


def arguments(method: Method, values: Mapping[str, Json], *, handled: bool) -> dict[str, Json]:
    """Return what `model.compile` or `model.fit` is given for the values, by the names of its arguments.

    `handled`: also what the trainer does in a way of its own. What is no value of a setting stands as it is, unless
    it would have to be converted.
    """
    by_name: dict[str, Json] = {}
    for setting, value in _applying(values):
        acts = setting.acts
        if not isinstance(acts, Argument) or acts.of != method or (acts.handled and not handled):
            continue
        sound = setting.takes(value)
        if value not in acts.left_out and (sound or not acts.converts):
            by_name[acts.name] = acts.convert(value) if sound else value
    return by_name


def calls_before(values: Mapping[str, Json]) -> list[tuple[str, Json]]:
    """Functions of Keras that are called before the model is made, each with its one argument."""
    return [
        (setting.acts.function, value)
        for setting, value in _applying(values)
        if isinstance(setting.acts, Before) and value not in setting.acts.left_out
    ]


def applying(values: Mapping[str, Json]) -> tuple[Setting[Any], ...]:
    """Those that do something beside the other `values`; what is no value of a setting counts as its default."""
    candidates = settings_in("training", "data")
    sound = {setting.key: setting.sound(values) for setting in candidates}
    return tuple(setting for setting in candidates if setting.applies(sound))


def _applying(values: Mapping[str, Json]) -> list[tuple[Setting[Any], Json]]:
    return [(setting, setting.written(values)) for setting in applying(values)]
