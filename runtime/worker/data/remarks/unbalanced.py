"""Classes of which some have far fewer samples than others: a model that never names them is right most of the time."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from resources.plain import listed
from resources.text import Text
from runtime.messages.checking import DataProblem
from runtime.worker.data.fitting import Fit
from runtime.worker.data.labels import MOST_CLASSES, labels_of
from runtime.worker.data.oddities import DataFacts
from runtime.worker.data.split import as_array

_RATIO: Final = 20  # so many samples of the most frequent class for one of the rarest
_FEWEST: Final = 100  # samples that train: among fewer, chance alone makes such differences


def _unbalanced(facts: DataFacts) -> Iterator[DataProblem]:
    for fitted in facts.outputs:
        if len(facts.parts.training) >= _FEWEST:
            yield from _of_output(facts, fitted)


def _of_output(facts: DataFacts, fitted: Fit) -> Iterator[DataProblem]:
    labels = labels_of(facts.source, fitted, facts.samples)
    if labels is None or not labels.compared:
        return
    classes, counts = np.unique(labels.values[as_array(facts.parts.training)], return_counts=True)
    if not 1 < len(classes) <= MOST_CLASSES or counts.max() < _RATIO * counts.min():
        return
    rare, common = int(np.argmin(counts)), int(np.argmax(counts))
    text = Text.of(
        "{file}: of the samples that train, {few} are {rare} in {column}, but {many} are {common}: watch a metric that "
        "counts each class alike, or add samples of {rare}.",
        file=facts.source.title,
        few=int(counts[rare]),
        rare=labels.said(classes[rare : rare + 1])[0],
        column=listed(fitted.columns),
        many=int(counts[common]),
        common=labels.said(classes[common : common + 1])[0],
    )
    yield DataProblem("warning", text, fitted.endpoint.name, listed(fitted.columns), kind="unbalanced")


REMARK = _unbalanced
