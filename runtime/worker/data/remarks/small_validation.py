"""A validation part of so few samples that its figures say little: one sample more or less moves them by percents."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from resources.text import Text
from resources.training.settings.own_parts import SETTING as OWN_PARTS
from resources.training.settings.split import COLUMN
from resources.training.settings.validation_percent import SETTING as VALIDATION_PERCENT
from runtime.messages.checking import DataProblem, ProposedMend, SettingChange
from runtime.worker.data.labels import MOST_CLASSES, labels_of
from runtime.worker.data.oddities import DataFacts

_FEWEST: Final = 20
_MOST_PERCENT: Final = 40  # more would leave too little to train on
_STEP: Final = 5
_FLAT: Final = 2  # axes of samples and of one vector


def _small_validation(facts: DataFacts) -> Iterator[DataProblem]:
    count, classes = len(facts.parts.validation), _classes(facts)
    if not count or count >= max(_FEWEST, classes) or not _says_one_thing(facts):
        return
    if count == 1:
        text = Text.of("{file}: a single sample validates, which says next to nothing.", file=facts.source.title)
    elif count < classes:
        text = Text.of(
            "{file}: {count} samples validate, fewer than the {classes} classes there are: what validation says "
            "depends on chance.",
            file=facts.source.title,
            count=count,
            classes=classes,
        )
    else:
        text = Text.of(
            "{file}: only {count} samples validate, so one sample more or less moves what validation says by "
            "{percent} %.",
            file=facts.source.title,
            count=count,
            percent=math.ceil(100 / count),
        )
    yield DataProblem("warning", text, kind="small_validation", mend=_mend(facts, max(_FEWEST, classes)))


def _says_one_thing(facts: DataFacts) -> bool:
    """Whether a sample counts once: of masks and sequences each place does, so that few samples say much."""
    return any(len(fitted.endpoint.shape) <= _FLAT for fitted in facts.outputs)


def _classes(facts: DataFacts) -> int:
    """Of the output with the most of them."""
    most = 0
    for fitted in facts.outputs:
        labels = labels_of(facts.source, fitted, facts.samples)
        if labels is not None and labels.compared:
            found = len(np.unique(labels.values))
            most = max(most, found if found <= MOST_CLASSES else 0)
    return most


def _mend(facts: DataFacts, fewest: int) -> ProposedMend | None:
    """A larger part of the samples; None where that would not do, or the data itself says which samples validate."""
    if facts.split.way == COLUMN:
        return None
    given = facts.split.own_parts and bool(facts.source.parts().get("validation"))
    if given and len(facts.parts.test):
        return None  # what tests is not to be trained on
    samples = facts.samples if given else len(facts.parts.training) + len(facts.parts.validation)
    percent = _STEP * math.ceil(100 * fewest / max(1, samples) / _STEP)
    if percent > _MOST_PERCENT or (not given and percent <= facts.split.validation_percent):
        return None
    change = SettingChange("data", (VALIDATION_PERCENT.key,), percent)
    if given:
        return ProposedMend(Text("Split all samples anew"), (SettingChange("data", (OWN_PARTS.key,), False), change))
    return ProposedMend(Text.of("Validate with {percent} % of the samples", percent=percent), (change,))


REMARK = _small_validation
