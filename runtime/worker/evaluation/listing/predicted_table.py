"""Predictions of all samples as columns: what a sample is called, what is true, what was predicted. Free of Keras."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from runtime.worker.evaluation.listing.looks import predicted_text, true_text
from runtime.worker.evaluation.listing.raw_columns import FILE_NAMES, RawColumns
from runtime.worker.evaluation.measuring.results import Array, Results
from runtime.worker.process.waiting import got_on

_MOST_CARRIED: Final = 50  # columns that feed nothing, and go with the samples as their ids
_ROW: Final = "row"
_WORDS: Final = ("tokens", "ctc")


@dataclass(frozen=True, slots=True)
class Column:
    """`values` of shape (samples, …): numbers, or str objects."""

    name: str
    values: Array

    @property
    def single(self) -> bool:
        return self.values.ndim == 1


def id_columns(columns: RawColumns, bound: frozenset[str]) -> list[Column]:
    """What samples are called: their row in the data, counted from 0, their file, and columns that feed nothing.

    `bound` are those that feed an input or are a truth. Raises DataError.
    """
    found = [Column(_ROW, columns.rows)]
    carried = [name for name in columns.names if name not in bound]
    if FILE_NAMES not in carried and columns.file(int(columns.rows[0])):
        found.append(Column(FILE_NAMES, np.array([columns.file(int(row)) for row in columns.rows], object)))
    return found + [Column(name, columns.as_read(name, columns.of(name))) for name in carried[:_MOST_CARRIED]]


def output_columns(results: Results, bound: tuple[str, ...]) -> list[Column]:
    """Of one output: what is true where that is known, the class or the numbers, and the probability of each class.

    `bound` are the columns of its truth: several numbers are called as they are. Raises CancelledError.
    """
    title, found = results.title, list[Column]()
    if results.kind in ("classes", "binary", "labels", *_WORDS):
        if results.truth is not None:
            found.append(Column(f"{title} true", _texts(true_text, results)))
        found.append(Column(title, _texts(predicted_text, results)))
        if results.kind in _WORDS:
            return found
        shares = results.scores.astype(np.float32)
        found += [Column(f"{title} p {results.named(number)}", shares[:, number]) for number in range(shares.shape[1])]
        return found
    if results.kind == "numbers":
        predicted = results.predictions.reshape(len(results.predictions), -1)
        width = predicted.shape[1]
        names = [title] if width == 1 else [f"{title} {name}" for name in _names(bound, width)]
        if results.truth is not None and results.truth.size == predicted.size:
            truth = results.truth.reshape(predicted.shape)
            found += [Column(f"{name} true", truth[:, place]) for place, name in enumerate(names)]
        return found + [Column(name, predicted[:, place]) for place, name in enumerate(names)]
    if results.truth is not None:
        found.append(Column(f"{title} true", results.truth))
    return [*found, Column(title, results.predictions)]


def _names(bound: tuple[str, ...], width: int) -> Iterable[str]:
    return bound if len(bound) == width else map(str, range(width))


def _texts(text: Callable[[Results, int], str], results: Results) -> Array:
    count = len(results.predictions)
    values = np.empty(count, object)
    for place in range(count):
        got_on(place, count, "rows")
        values[place] = text(results, place)
    return values


def differently_named(columns: Iterable[Column]) -> list[Column]:
    """No name twice: readers find columns by them."""
    seen: set[str] = set()
    found = []
    for column in columns:
        name, number = column.name, 2
        while name in seen:
            name, number = f"{column.name} ({number})", number + 1
        seen.add(name)
        found.append(Column(name, column.values))
    return found
