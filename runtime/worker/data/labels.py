"""The classes that samples of an output belong to, and how many of each part do."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np

from runtime.messages.checking import ClassCounts, PartCounts
from runtime.worker.data.blocks import checked_whole
from runtime.worker.data.class_words import CLASS_LOSSES
from runtime.worker.data.columns import number_text
from runtime.worker.data.fitting import Fit, loss_key
from runtime.worker.data.remembered import remembered
from runtime.worker.data.source import Array, Rows, Source
from runtime.worker.data.split import Parts, as_array

MOST_CLASSES: Final = 1000
_FIRST: Final = 1000  # samples that are looked at before all others are read
_SHOWN: Final = 100  # classes that are counted for people


@dataclass(frozen=True, slots=True)
class Labels:
    """`values` has the shape (samples,). `names` are those of what they are places in; of none they are numbers.

    `compared`: the loss compares classes, or they are a place for each class.
    """

    values: Array
    names: Sequence[str]
    compared: bool

    def said(self, classes: Array) -> list[str]:
        return [self.names[int(one)] if self.names else number_text(one.item()) for one in classes]


def labels_of(source: Source, fitted: Fit, samples: int) -> Labels | None:
    """One label a sample; None where an output has none, or too much is to be read for them."""
    if not checked_whole(source, fitted):
        return None
    key = ("labels", fitted.columns, msgspec.msgpack.encode(fitted.endpoint), samples)
    return remembered(source, key, lambda: _read(source, fitted, samples))


def _read(source: Source, fitted: Fit, samples: int) -> Labels | None:
    return _one_hot(source, fitted, samples) or _single(source, fitted, samples)


def _single(source: Source, fitted: Fit, samples: int) -> Labels | None:
    name = fitted.columns[0]
    if len(fitted.columns) > 1 or math.prod(source.shape(name)[1:]) != 1:
        return None
    values = source.read(name, slice(0, samples)).reshape(-1)
    training = fitted.endpoint.training
    compared = training is not None and loss_key(training.loss.class_name) in CLASS_LOSSES
    return Labels(values, source.categories(name), compared)


def _one_hot(source: Source, fitted: Fit, samples: int) -> Labels | None:
    """A place for each class, of which one is 1: in one column, or in one column for each class."""
    if len(fitted.shape) != 1 or not 2 <= fitted.shape[0] <= MOST_CLASSES:
        return None
    if any(source.categories(name) for name in fitted.columns):
        return None
    beginning = fitted.read(source, slice(0, min(_FIRST, samples)))
    values = fitted.read(source, slice(0, samples)) if _is_one_hot(beginning) else beginning
    if not _is_one_hot(values):
        return None
    names = fitted.columns if len(fitted.columns) > 1 else [f"{place}" for place in range(fitted.shape[0])]
    return Labels(values.argmax(axis=1), names, compared=True)


def _is_one_hot(values: Array) -> bool:
    return bool(((values == 0) | (values == 1)).all() and (values.sum(axis=1) == 1).all())


def part_counts(source: Source, outputs: Iterable[Fit], samples: int, parts: Parts) -> PartCounts:
    """How many samples each part has, and of each class of the outputs that have classes."""
    classes = []
    for fitted in outputs:
        labels = labels_of(source, fitted, samples)
        if labels is not None and labels.compared:
            found = _counted(fitted.endpoint.name, labels, parts)
            classes += [found] if found is not None else []
    return PartCounts(len(parts.training), len(parts.validation), len(parts.test), tuple(classes))


def _counted(target: str, labels: Labels, parts: Parts) -> ClassCounts | None:
    all_classes, places = np.unique(labels.values, return_inverse=True)
    if len(all_classes) > MOST_CLASSES:
        return None
    shown = all_classes[:_SHOWN]

    def counts(rows: Rows) -> tuple[int, ...]:
        return tuple(np.bincount(places[as_array(rows)], minlength=len(all_classes))[: len(shown)].tolist())

    training, validation, test = counts(parts.training), counts(parts.validation), counts(parts.test)
    more = len(all_classes) - len(shown)
    return ClassCounts(target, tuple(labels.said(shown)), training, validation, test, more)
