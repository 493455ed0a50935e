"""Figures without values that are no finite numbers: JSON has none, and none can be drawn. Free of Keras."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import msgspec

from runtime.messages.views import Cell, Curve, Curves, Number, Numbers, Points, Table, View


def finite(view: View) -> View | None:
    """The same without them; None where there is nothing to be told then.

    A cell or a figure of its own is told as not defined, a point of a cloud or a line is left out.
    """
    if all(map(math.isfinite, _floats(view))):
        return view
    if isinstance(view, Table):
        return msgspec.structs.replace(view, rows=tuple(tuple(map(_cell, row)) for row in view.rows))
    if isinstance(view, Numbers):
        return Numbers(tuple(map(_number, view.numbers)))
    if isinstance(view, Points):
        return _points(view)
    if isinstance(view, Curves):
        curves = tuple(curve for one in view.curves if (curve := _curve(one)).x)
        return msgspec.structs.replace(view, curves=curves) if curves else None
    return None


def _floats(value: Any) -> Iterator[float]:
    """All that are within a view."""
    if isinstance(value, float):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _floats(one)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _floats(getattr(value, name))


def _cell(cell: Cell) -> Cell:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell


def _number(number: Number) -> Number:
    return msgspec.structs.replace(number, value=_cell(number.value))


def _points(view: Points) -> Points | None:
    kept = [i for i in range(len(view.xs)) if math.isfinite(view.xs[i]) and math.isfinite(view.ys[i])]
    if not kept:
        return None

    def of(values: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(values[i] for i in kept) if values else ()

    return msgspec.structs.replace(view, xs=of(view.xs), ys=of(view.ys), rows=of(view.rows), groups=of(view.groups))


def _curve(curve: Curve) -> Curve:
    columns = [column for column in (curve.x, curve.y, curve.threshold) if column]
    kept = [i for i in range(len(curve.x)) if all(math.isfinite(column[i]) for column in columns)]
    x, y, threshold = (tuple(c[i] for i in kept) if c else () for c in (curve.x, curve.y, curve.threshold))
    return Curve(curve.label, x, y, threshold)
