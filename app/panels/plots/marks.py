"""What a line cannot show by itself: points that stand alone, and places where there is no number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from app.look.theme import Theme, mix
from app.panels.plots.curves import Floats
from app.panels.plots.lines import Line

FEW_POINTS = 12  # so few points of a line are all marked
_CROSS_ROOM = 8  # pixels of x that a cross has to itself
_CROSS_HEIGHT = 0.02  # of the plot, above its lower edge


@dataclass(frozen=True, slots=True)
class Drawn:
    """What of a line is on the screen: points as they are drawn, NaN where the line is broken.

    `gaps` are the x at which the value was NaN or infinite; a value that a logarithmic scale cannot show is none.
    """

    line: Line
    x: Floats
    y: Floats
    gaps: Floats


class Marks:
    """Dots at points that no line leads to, and crosses at the lower edge where a value was no number."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._dots = pg.ScatterPlotItem(size=5, pxMode=True, pen=None)
        self._crosses = pg.ScatterPlotItem(size=7, pxMode=True, symbol="x", pen=None)
        for item in (self._dots, self._crosses):
            item.setZValue(20)
            item.hide()
            plot.addItem(item, ignoreBounds=True)

    @property
    def dots(self) -> list[float]:
        """The x of the points that are marked now."""
        return _places(self._dots)

    @property
    def crosses(self) -> list[float]:
        return _places(self._crosses)

    def show(self, drawn: Sequence[Drawn], low: float, high: float, theme: Theme) -> None:
        """`low` and `high` are the ends of the axis of y as it is drawn."""
        at = low + (high - low) * _CROSS_HEIGHT
        dots: list[dict[str, Any]] = []
        crosses: list[dict[str, Any]] = []
        for one in drawn:
            brush = QColor(mix(theme.color("panel"), one.line.color, one.line.opacity))
            marked = _marked(one)
            dots += [
                {"pos": (float(x), float(y)), "brush": brush} for x, y in zip(one.x[marked], one.y[marked], strict=True)
            ]
            if one.line.in_legend:
                crosses += [{"pos": (float(x), at), "brush": brush} for x in one.gaps]
        for item, spots in ((self._dots, dots), (self._crosses, crosses)):
            item.setData(spots)
            item.setVisible(bool(spots))


def gaps(x: Floats, y: Floats, pixels: int) -> Floats:
    """The x of values that are NaN or infinite, so few that crosses at them do not touch."""
    places = x[~np.isfinite(y)]
    if places.size < 2 or x[-1] <= x[0]:
        return places[:1]
    bins = np.floor((places - x[0]) / (x[-1] - x[0]) * max(1, pixels // _CROSS_ROOM))
    return places[np.unique(bins, return_index=True)[1]]


def alone(y: Floats) -> NDArray[np.bool_]:
    """Which points are finite with no finite neighbour: a line that breaks at NaN does not reach them."""
    finite = np.isfinite(y)
    before, after = np.zeros_like(finite), np.zeros_like(finite)
    before[1:], after[:-1] = finite[:-1], finite[1:]
    return finite & ~before & ~after


def _places(item: pg.ScatterPlotItem) -> list[float]:
    return [float(spot.pos().x()) for spot in item.points()] if item.isVisible() else []


def _marked(drawn: Drawn) -> NDArray[np.bool_]:
    if drawn.line.held:
        return np.zeros(drawn.y.shape, dtype=bool)
    if len(drawn.line.points) <= FEW_POINTS:
        return np.isfinite(drawn.y)
    return alone(drawn.y)
