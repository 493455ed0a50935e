"""Figures: each is a file in `figures/` that says for which kinds of outputs it is, and works itself out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final, cast

import numpy as np

from resources.registry import modules_with
from resources.text import Text
from runtime.messages.views import Figure, Label, Number, OutputFigures, View
from runtime.worker.evaluation import figures
from runtime.worker.evaluation.results import Array, Results
from runtime.worker.process.waiting import require_waiting

MOST_POINTS: Final = 2_000  # of a cloud that is told
CURVE_POINTS: Final = 200  # of a curve
_FigureFunction = Callable[[Results], Figure | None]


def all_figures(results: Results) -> OutputFigures:
    """All figures of an output that can be worked out, in their order, and what people should know of them."""
    notes = list(_notes(results))
    found: list[Figure] = []
    usable = results.whole()
    for module in _modules():
        require_waiting()
        needs_truth = getattr(module, "NEEDS_TRUTH", True)
        if results.kind not in module.KINDS or not len(usable.predictions):
            continue
        if needs_truth != (usable.truth is not None):
            continue
        figure = cast(_FigureFunction, module.figure)(usable)
        if figure is not None:
            found.append(figure)
    return OutputFigures(results.name, results.title, results.kind, results.classes, tuple(found), tuple(notes))


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


def _notes(results: Results) -> Sequence[Text]:
    notes = []
    bad = int((~results.usable).sum())
    if bad:
        notes.append(
            Text.of(
                "{count} of {samples} predictions hold values that are no numbers (NaN); the figures leave them out.",
                count=bad, samples=len(results.usable),
            )
        )  # fmt: skip
    if results.truth is None:
        notes.append(Text("There are no labels: these are predictions only."))
    elif results.kind in ("classes", "binary") and len(results.present) == 1 and results.usable.any():
        notes.append(
            Text.of(
                "All samples are of one class, {name}: what compares classes is not defined.",
                name=results.named(int(results.present[0])),
            )
        )
    return notes


@cache
def _modules() -> list[Any]:
    """Each has KINDS, ORDER and `figure(results)`; NEEDS_TRUTH False: for samples without labels."""
    return sorted(modules_with(figures, "KINDS"), key=lambda module: (module.ORDER, module.__name__))
