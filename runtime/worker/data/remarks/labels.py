"""Labels that teach nothing: all alike, or sorted, so that other classes validate than train."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from resources.plain import listed
from resources.text import Text
from runtime.protocol import DataProblem
from runtime.worker.data.blocks import checked_whole
from runtime.worker.data.class_words import CLASS_LOSSES
from runtime.worker.data.fitting import Fit, loss_key
from runtime.worker.data.oddities import DataFacts
from runtime.worker.data.source import Array, number_text

# How unlikely a split has to be if the samples lay in any order: rare classes are missing somewhere by chance.
_BY_CHANCE: Final = 1e-3
_MOST_CLASSES: Final = 1000
_FIRST: Final = 1000  # samples that are looked at before all others are read


@dataclass(frozen=True, slots=True)
class _Labels:
    """`values` has the shape (samples,). `names` are those of what they are places in; of none they are numbers."""

    values: Array
    names: Sequence[str] = ()
    are_classes: bool = False  # whatever the loss is

    def said(self, classes: Array) -> list[str]:
        return [self.names[int(one)] if self.names else number_text(one.item()) for one in classes]


def _labels(facts: DataFacts) -> Iterator[DataProblem]:
    for fitted in facts.outputs:
        if not checked_whole(facts.source, fitted) or facts.samples < 2:
            continue
        labels = _one_hot(facts, fitted) or _single(facts, fitted)
        if labels is None:
            continue
        classes, counts = np.unique(labels.values, return_counts=True)
        if len(classes) == 1:
            yield _alike(facts, fitted, labels.said(classes)[0])
        elif len(classes) <= _MOST_CLASSES and facts.split < facts.samples and _compares_classes(fitted, labels):
            yield from _sorted(facts, fitted, labels, classes, counts)


def _single(facts: DataFacts, fitted: Fit) -> _Labels | None:
    """One label a sample."""
    name = fitted.columns[0]
    if len(fitted.columns) > 1 or math.prod(facts.source.shape(name)[1:]) != 1:
        return None
    values = facts.source.read(name, slice(0, facts.samples)).reshape(-1)
    return _Labels(values, facts.source.categories(name))


def _one_hot(facts: DataFacts, fitted: Fit) -> _Labels | None:
    """A place for each class, of which one is 1: in one column, or in one column for each class."""
    if len(fitted.shape) != 1 or not 2 <= fitted.shape[0] <= _MOST_CLASSES:
        return None
    if any(facts.source.categories(name) for name in fitted.columns):
        return None
    beginning = fitted.read(facts.source, slice(0, _FIRST))
    values = fitted.read(facts.source, slice(0, facts.samples)) if _is_one_hot(beginning) else beginning
    if not _is_one_hot(values):
        return None
    names = fitted.columns if len(fitted.columns) > 1 else [f"{place}" for place in range(fitted.shape[0])]
    return _Labels(values.argmax(axis=1), names, are_classes=True)


def _is_one_hot(values: Array) -> bool:
    return bool(((values == 0) | (values == 1)).all() and (values.sum(axis=1) == 1).all())


def _compares_classes(fitted: Fit, labels: _Labels) -> bool:
    training = fitted.endpoint.training
    return labels.are_classes or (training is not None and loss_key(training.loss.class_name) in CLASS_LOSSES)


def _alike(facts: DataFacts, fitted: Fit, value: str) -> DataProblem:
    name = listed(fitted.columns)
    text = Text.of(
        "{file}: every label in {column} is {value}, so there is nothing to learn.",
        file=facts.source.title,
        column=name,
        value=value,
    )
    return DataProblem("warning", text, fitted.endpoint.name, name, kind="constant")


def _sorted(facts: DataFacts, fitted: Fit, labels: _Labels, classes: Array, counts: Array) -> Iterator[DataProblem]:
    kept = facts.samples - facts.split
    validating = np.unique(labels.values[facts.split :])
    untrained = np.setdiff1d(classes, labels.values[: facts.split])
    chances = (kept / facts.samples) ** counts[np.isin(classes, untrained)].astype(float)
    name = listed(fitted.columns)
    if len(validating) == 1 and float(counts.max() / facts.samples) ** kept < _BY_CHANCE:
        text = Text.of(
            "{file}: all {count} samples that validate are {value} in {column}: "
            "the file is sorted, so shuffle its rows.",
            file=facts.source.title,
            count=kept,
            value=labels.said(validating)[0],
            column=name,
        )
    elif len(untrained) and chances.min() < _BY_CHANCE:
        text = Text.of(
            "{file}: {values} in {column} is only among the last {count} samples, which do not train: the file is "
            "sorted, so shuffle its rows.",
            file=facts.source.title,
            values=listed(labels.said(untrained)),
            column=name,
            count=kept,
        )
    else:
        return
    yield DataProblem("warning", text, fitted.endpoint.name, name, kind="sorted")


REMARK = _labels
