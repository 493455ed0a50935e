"""The settings of a run as those of the project again. Pure: every change is a new section."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from resources.training.registry import settings_in
from resources.training.sections import CALLBACKS, INITIAL_NAMES, INITIAL_WEIGHTS, OPTIMIZER, OUTPUTS, without_weights
from resources.training.setting import Section
from runtime.spec import KerasObject, TrainingSettings

NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})


def restored_training(
    settings: TrainingSettings,
    before: Mapping[str, Any],
    names: Iterable[str],
    weights: str = "",
    weight_names: Mapping[str, str] = NO_NAMES,
) -> dict[str, Any]:
    """The training section that says what a run was trained with; `weights` is the file that it started from.

    `weight_names` are those of layers in that file, by their names now, where they differ.

    What the project says of outputs that the run had not, and under names that nobody knows, stays.
    """
    section = with_other_outputs(training_section(settings), before, names)
    kept = without_weights(before)
    restored = {**kept, **section, **_changed(settings, before, "training")}
    start = {INITIAL_WEIGHTS: weights, **({INITIAL_NAMES: dict(weight_names)} if weight_names else {})}
    return {**restored, **start} if weights else restored


def restored_data(settings: TrainingSettings, before: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data section with what a run was trained with of it; the columns are those of the project."""
    return {**before, **_changed(settings, before, "data")}


def _changed(settings: TrainingSettings, before: Mapping[str, Any], section: Section) -> dict[str, Any]:
    """The settings of a section; those that say the same already stay as they are written."""
    changes: dict[str, Any] = {}
    for setting in settings_in(section):
        written, value = setting.written(before), settings[setting]
        if not setting.takes(written) or written != value:
            changes[setting.key] = int(value) if isinstance(value, float) and value.is_integer() else value
        elif setting.key in before:
            changes[setting.key] = before[setting.key]
    return changes


def with_other_outputs(training: dict[str, Any], before: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The settings of a run with what the project says of outputs that the run had not: one of them may be muted."""
    known = before.get(OUTPUTS)
    present = known if isinstance(known, Mapping) else {}
    others = {name: present[name] for name in names if name in present and name not in training[OUTPUTS]}
    return {**training, OUTPUTS: {**training[OUTPUTS], **others}}


def training_section(settings: TrainingSettings) -> dict[str, Any]:
    """The settings of a run as a project writes them."""

    def json(value: KerasObject) -> dict[str, Any]:
        return {"class_name": value.class_name, "config": copy.deepcopy(value.config)}

    return {
        OPTIMIZER: json(settings.optimizer),
        **{setting.key: settings[setting] for setting in settings_in("training")},
        OUTPUTS: {
            output.name: {
                "loss": json(output.loss),
                "metrics": [json(metric) for metric in output.metrics],
                "weight": output.weight,
            }
            for output in settings.outputs
        },
        CALLBACKS: copy.deepcopy(settings.callbacks),
    }
