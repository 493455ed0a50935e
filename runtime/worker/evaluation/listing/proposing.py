"""Which slices the columns of data suggest. Free of Keras."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from runtime.messages.evaluating import Condition
from runtime.worker.evaluation.listing.raw_columns import RawColumns, day_of
from runtime.worker.evaluation.measuring.results import Array

_MOST_COLUMNS: Final = 60
_MOST_VALUES: Final = 20  # of a column, the most frequent ones
_FEW: Final = 5  # different numbers, each of which is a slice
_QUARTERS: Final = (0.25, 0.5, 0.75)
_DIGITS: Final = 6  # that the borders between quarters are written with

Where = tuple[Condition, ...]


def proposed(columns: RawColumns, without: frozenset[str] = frozenset()) -> list[Where]:
    """Each value of a column of words, quarters of numbers. Raises DataError."""
    found: list[Where] = []
    names = [name for name in columns.names if name not in without]
    for name in names[:_MOST_COLUMNS]:
        if columns.is_date(name):
            found += _of_days(name, columns.of(name))
        elif columns.is_number(name):
            found += _of_numbers(name, columns.of(name))
        else:
            found += _of_words(name, columns.of(name))
    return found


def _of_words(name: str, values: Array) -> list[Where]:
    """None of texts that almost all differ."""
    counts = Counter(values.tolist())
    if len(counts) < 2 or len(counts) > max(_MOST_VALUES, len(values) // 5):
        return []
    return [(Condition(name, "=", value),) for value, _ in counts.most_common(_MOST_VALUES)]


def _of_numbers(name: str, values: Array) -> list[Where]:
    finite = values.astype(np.float64)
    finite = finite[np.isfinite(finite)]
    different = np.unique(finite)
    if len(different) < 2:
        return []
    if len(different) <= _FEW:
        return [(Condition(name, "=", float(value)),) for value in different]
    borders = [float(f"{border:.{_DIGITS}g}") for border in np.quantile(finite, _QUARTERS)]
    return _between(name, sorted(set(borders)))


def _of_days(name: str, values: Array) -> list[Where]:
    """Quarters that begin with a day."""
    finite = values.astype(np.float64)
    finite = finite[np.isfinite(finite)]
    if len(np.unique(finite)) < 2:
        return []
    first = day_of(float(finite.min()))
    borders = sorted({day_of(float(border)) for border in np.quantile(finite, _QUARTERS)} - {first})
    return _between(name, borders) if borders else []


def _between(name: str, borders: Sequence[float | str]) -> list[Where]:
    """What is below the first border, between two, and from the last one on."""
    low: list[Where] = [(Condition(name, "<", borders[0]),)]
    middle: list[Where] = [
        (Condition(name, ">=", first), Condition(name, "<", second)) for first, second in pairwise(borders)
    ]
    return [*low, *middle, (Condition(name, ">=", borders[-1]),)]
