"""What all figures are made with. Free of Keras."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from resources.text import Text
from runtime.messages.views import Figure, Label, Number, View
from runtime.worker.evaluation.measuring.results import Array, Results

MOST_POINTS: Final = 2_000  # of a cloud that is told
CURVE_POINTS: Final = 200  # of a curve


def make(key: str, results: Results, title: Text, view: View, hint: Text | None = None) -> Figure:
    return Figure(key, results.name, title, view, hint)


def number(key: str, text: Text, value: float | None, *, share: bool = False, hint: Text | None = None) -> Number:
    """A value that is no finite number is None."""
    known = None if value is None or not np.isfinite(value) else float(value)
    return Number(key, Label(text=text), known, share, hint)


def thinned(*columns: Array) -> tuple[Array, ...]:
    """At most CURVE_POINTS places of columns of the same length, spread evenly, the first and the last among them."""
    count = len(columns[0])
    if count <= CURVE_POINTS:
        return columns
    places = np.unique(np.linspace(0, count - 1, CURVE_POINTS).astype(np.int64))
    return tuple(column[places] for column in columns)


def drawn(count: int, most: int = MOST_POINTS) -> Array:
    """Places of `most` of `count` samples, drawn at random, the same each time, rising."""
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).choice(count, most, replace=False))


def floats(values: Sequence[Any] | Array) -> tuple[float, ...]:
    return tuple(np.asarray(values, np.float64).tolist())
