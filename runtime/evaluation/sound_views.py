"""Whether what a result.json says holds together: a folder of runs may come from anywhere, and figures are drawn of it.

A worker always tells views that do. Whoever draws them does not ask again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from runtime.messages.evaluating import EvaluationFile
from runtime.messages.views import Bars, Curves, Figure, Heat, Matrix, Numbers, Points, Table, Thresholds

_LAST_DATE: Final = 253_000_000_000.0  # in the year 9987: later ones are no dates for Python
_LARGEST: Final = 1e300  # the width of an axis is a number as well


class UnsoundError(ValueError):
    """What does not fit, for the log and for who looks into the file."""


def require_sound(file: EvaluationFile) -> None:
    """Raises UnsoundError: lengths that do not go together, counts below 0, dates and numbers beyond all others."""
    _require(0.0 <= file.created <= _LAST_DATE and 0.0 <= file.seconds <= _LAST_DATE, "a time is none")
    _require(file.samples >= 0, "there are fewer samples than none")
    for output in file.outputs:
        for figure in output.figures:
            _require(_holds_together(figure), f"the figure {figure.key[:40]} does not hold together")


def _require(holds: bool, reason: str) -> None:
    if not holds:
        raise UnsoundError(reason)


def _holds_together(figure: Figure) -> bool:
    match figure.view:
        case Numbers(numbers):
            return _usual(number.value for number in numbers if number.value is not None)
        case Table() as table:
            return _is_table(table)
        case Matrix() as matrix:
            return _is_matrix(matrix)
        case Curves() as curves:
            return all(
                len(one.x) == len(one.y)
                and len(one.threshold) in (0, len(one.x))
                and _usual((*one.x, *one.y))  # the first threshold of a curve may be infinite
                for one in curves.curves
            )
        case Bars() as bars:
            return _is_bars(bars)
        case Points() as points:
            return _is_points(points)
        case Thresholds() as thresholds:
            return _is_thresholds(thresholds)
        case Heat() as heat:
            return _is_heat(heat)
    return True  # samples are told one by one


def _is_table(table: Table) -> bool:
    cells = (cell for row in table.rows for cell in row)
    return all(len(row) == len(table.columns) for row in table.rows) and _usual(
        cell for cell in cells if isinstance(cell, int | float)
    )


def _is_matrix(matrix: Matrix) -> bool:
    count = len(matrix.names)
    return (
        len(matrix.counts) == len(matrix.places) == count > 0
        and all(len(row) == count for row in matrix.counts)
        and _counts(matrix.counts)
    )


def _is_bars(bars: Bars) -> bool:
    named = len(bars.edges) == len(bars.values) + 1 if bars.edges else len(bars.names) == len(bars.values)
    return named and _usual((*bars.values, *bars.edges))


def _is_points(points: Points) -> bool:
    count = len(points.xs)
    return (
        len(points.ys) == count
        and len(points.rows) in (0, count)
        and len(points.groups) in (0, count)
        and all(0 <= group < max(1, len(points.names)) for group in points.groups)
        and _usual((*points.xs, *points.ys))
    )


def _is_thresholds(view: Thresholds) -> bool:
    count = len(view.thresholds)
    return (
        len(view.names) == len(view.counts) > 0 < count
        and all(len(label) == count for label in view.counts)
        and _counts(at for label in view.counts for at in label)
        and list(view.thresholds) == sorted(view.thresholds)
    )


def _is_heat(heat: Heat) -> bool:
    return (
        bool(heat.values)
        and all(len(row) == len(heat.values[0]) > 0 for row in heat.values)
        and len(heat.rows) in (0, len(heat.values))
        and len(heat.columns) in (0, len(heat.values[0]))
        and _usual(value for row in heat.values for value in row)
    )


def _usual(values: Iterable[float]) -> bool:
    """NaN and infinite ones are left out by who draws them."""
    return all(not math.isfinite(value) or abs(value) <= _LARGEST for value in values)


def _counts(rows: Iterable[Sequence[int]]) -> bool:
    return all(0 <= count < 1 << 53 for row in rows for count in row)
