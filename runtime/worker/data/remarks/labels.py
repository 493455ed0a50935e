"""Labels that teach nothing: all alike, or sorted, so that other classes validate than train."""

from collections.abc import Iterator, Sequence
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


def _labels(facts: DataFacts) -> Iterator[DataProblem]:
    for fitted in facts.outputs:
        name = fitted.columns[0]
        if len(fitted.columns) > 1 or not checked_whole(facts.source, fitted):
            continue
        values = facts.source.read(name, slice(0, facts.samples))
        if values.size != len(values) or len(values) < 2:
            continue
        classes, counts = np.unique(values.reshape(-1), return_counts=True)
        if len(classes) == 1:
            yield _alike(facts, fitted, classes)
        elif len(classes) <= _MOST_CLASSES and facts.split < facts.samples and _compares_classes(fitted):
            yield from _sorted(facts, fitted, values.reshape(-1), classes, counts)


def _compares_classes(fitted: Fit) -> bool:
    training = fitted.endpoint.training
    return training is not None and loss_key(training.loss.class_name) in CLASS_LOSSES


def _alike(facts: DataFacts, fitted: Fit, classes: Array) -> DataProblem:
    name = fitted.columns[0]
    text = Text.of(
        "{file}: every label in {column} is {value}, so there is nothing to learn.",
        file=facts.source.title,
        column=name,
        value=_names(facts, fitted, classes)[0],
    )
    return DataProblem("warning", text, fitted.endpoint.name, name, kind="constant")


def _sorted(facts: DataFacts, fitted: Fit, values: Array, classes: Array, counts: Array) -> Iterator[DataProblem]:
    kept = facts.samples - facts.split
    validating = np.unique(values[facts.split :])
    untrained = np.setdiff1d(classes, values[: facts.split])
    chances = (kept / facts.samples) ** counts[np.isin(classes, untrained)].astype(float)
    name = fitted.columns[0]
    if len(validating) == 1 and float(counts.max() / facts.samples) ** kept < _BY_CHANCE:
        text = Text.of(
            "{file}: all {count} samples that validate are {value} in {column}: "
            "the file is sorted, so shuffle its rows.",
            file=facts.source.title,
            count=kept,
            value=_names(facts, fitted, validating)[0],
            column=name,
        )
    elif len(untrained) and chances.min() < _BY_CHANCE:
        text = Text.of(
            "{file}: {values} in {column} is only among the last {count} samples, which do not train: the file is "
            "sorted, so shuffle its rows.",
            file=facts.source.title,
            values=listed(_names(facts, fitted, untrained)),
            column=name,
            count=kept,
        )
    else:
        return
    yield DataProblem("warning", text, fitted.endpoint.name, name, kind="sorted")


def _names(facts: DataFacts, fitted: Fit, classes: Array) -> Sequence[str]:
    words = facts.source.categories(fitted.columns[0])
    return [words[int(one)] if words else number_text(one.item()) for one in classes]


REMARK = _labels
