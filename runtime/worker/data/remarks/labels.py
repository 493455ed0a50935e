"""Labels that teach nothing: all alike, or sorted, so that other classes validate than train."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from resources.plain import listed
from resources.text import Text
from resources.training.settings.split import LAST, STRATIFIED
from resources.training.settings.split import SETTING as SPLIT
from resources.training.settings.split_column import SETTING as SPLIT_COLUMN
from runtime.messages.checking import DataProblem, ProposedMend, SettingChange
from runtime.worker.data.fitting import Fit
from runtime.worker.data.labels import MOST_CLASSES, Labels, labels_of
from runtime.worker.data.oddities import DataFacts
from runtime.worker.data.source import Array
from runtime.worker.data.split import as_array

# How unlikely a split has to be if the samples lay in any order: rare classes are missing somewhere by chance.
_BY_CHANCE: Final = 1e-3


def _labels(facts: DataFacts) -> Iterator[DataProblem]:
    for fitted in facts.outputs:
        labels = labels_of(facts.source, fitted, facts.samples) if facts.samples > 1 else None
        if labels is None:
            continue
        classes, counts = np.unique(labels.values, return_counts=True)
        if len(classes) == 1:
            yield _alike(facts, fitted, labels.said(classes)[0])
        elif len(classes) <= MOST_CLASSES and len(facts.parts.training) < facts.samples and labels.compared:
            yield from _apart(facts, fitted, labels, classes, counts)


def _alike(facts: DataFacts, fitted: Fit, value: str) -> DataProblem:
    name = listed(fitted.columns)
    text = Text.of(
        "{file}: every label in {column} is {value}, so there is nothing to learn.",
        file=facts.source.title,
        column=name,
        value=value,
    )
    return DataProblem("warning", text, fitted.endpoint.name, name, kind="constant")


def _apart(facts: DataFacts, fitted: Fit, labels: Labels, classes: Array, counts: Array) -> Iterator[DataProblem]:
    """Where the parts have other classes."""
    validating = labels.values[as_array(facts.parts.validation)]
    untrained = np.setdiff1d(classes, labels.values[as_array(facts.parts.training)])
    name, file, column = fitted.endpoint.name, facts.source.title, listed(fitted.columns)
    kept = facts.samples - len(facts.parts.training)
    of_untrained = counts[np.isin(classes, untrained)]
    chances = (kept / facts.samples) ** of_untrained.astype(float)
    if facts.split.way == LAST and _all_alike(validating, float(counts.max() / facts.samples)):
        text = Text.of(
            "{file}: all {count} samples that validate are {value} in {column}: "
            "the file is sorted, so shuffle its rows.",
            file=file,
            count=len(validating),
            value=labels.said(validating[:1])[0],
            column=column,
        )
        yield DataProblem("warning", text, name, column, kind="sorted", mend=_evenly(facts))
    elif facts.split.way == LAST and len(untrained) and chances.min() < _BY_CHANCE:
        text = Text.of(
            "{file}: {values} in {column} is only among the last {count} samples, which do not train: the file is "
            "sorted, so shuffle its rows.",
            file=file,
            values=listed(labels.said(untrained)),
            column=column,
            count=kept,
        )
        yield DataProblem("warning", text, name, column, kind="sorted", mend=_evenly(facts))
    elif len(untrained) and of_untrained.max() > 1:
        text = Text.of(
            "{file}: {values} in {column} is only among samples that do not train, so it is never learnt.",
            file=file,
            values=listed(labels.said(untrained[of_untrained > 1])),
            column=column,
        )
        yield DataProblem("warning", text, name, column, kind="untrained", mend=_evenly(facts))


def _all_alike(validating: Array, largest_share: float) -> bool:
    return len(np.unique(validating)) == 1 and largest_share ** len(validating) < _BY_CHANCE


def _evenly(facts: DataFacts) -> ProposedMend | None:
    """None where that would not help: the data itself says which samples test, or it is split so already."""
    if facts.split.way == STRATIFIED or facts.has_own_parts:
        return None
    changes = [SettingChange("data", (SPLIT.key,), STRATIFIED)]
    if facts.split.column:
        changes.append(SettingChange("data", (SPLIT_COLUMN.key,), ""))
    return ProposedMend(Text("Split evenly by class"), tuple(changes))


REMARK = _labels
