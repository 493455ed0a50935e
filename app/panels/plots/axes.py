"""The axes of a plot: whole steps or epochs below, with the cursor's place among them; values at the left."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from app.look.fonts import mono_font
from app.panels.plots.formats import count_text, time_text

_BEYOND = 8.0  # a label may reach so far beyond the axis
_MOST_PLACES = 6


class ValueAxis(pg.AxisItem):
    """A left axis whose labels all have the same number of decimal places."""

    def boundingRect(self) -> QRectF:
        """With room for half a label above and below, which would be left out otherwise."""
        return QRectF(super().boundingRect()).adjusted(0, -_BEYOND, 0, _BEYOND)

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self.logMode:
            return list(super().tickStrings(values, scale, spacing))
        return value_labels([value * scale for value in values], spacing * scale)


def value_labels(values: Sequence[float], spacing: float) -> list[str]:
    """Labels that tell apart values which are `spacing` apart, all as long after the point."""
    largest = max((abs(value) for value in values), default=0.0)
    places = max(0, math.ceil(-math.log10(spacing) - 1e-9)) if spacing > 0 else 0
    if abs(spacing - round(spacing, places)) > 0.01 * spacing:
        places += 1  # 0.25 needs one more than its size says
    if places <= _MOST_PLACES and largest < 1e6:
        return [f"{value:.{places}f}" for value in values]
    digits = math.floor(math.log10(largest)) - math.floor(math.log10(spacing)) if largest and spacing else 0
    return [f"{value:.{max(0, digits)}e}" for value in values]


class CursorAxis(pg.AxisItem):
    """A bottom axis that names the cursor's place in the accent colour, over the labels it covers."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.mark_color = QColor()
        self.by_time = False  # whether x is in seconds
        self._mark: float | None = None
        self._mark_text = ""

    def set_mark(self, x: float | None, text: str) -> None:
        if (x, text) != (self._mark, self._mark_text):
            self._mark, self._mark_text = x, text
            self.picture = None  # the labels below the mark are left out, so they are drawn anew
            self.update()

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self.by_time:
            return [time_text(value * scale) for value in values]
        return [count_text(value * scale) if spacing * scale >= 1 else f"{value * scale:g}" for value in values]

    def generateDrawSpecs(self, painter: QPainter) -> Any:  # noqa: N802
        specs = super().generateDrawSpecs(painter)
        if specs is None:
            return None
        axis, ticks, texts = specs
        box = self._mark_box()
        wide = box.adjusted(-4, -50, 4, 50) if box is not None else QRectF()
        texts = [(self._inside(QRectF(rect)), *rest) for rect, *rest in texts]
        return axis, ticks, [text for text in texts if not wide.intersects(text[0])]

    def _inside(self, rect: QRectF) -> QRectF:
        """The label moved to where all of it can be seen."""
        rect.moveRight(min(rect.right(), self.width() + _BEYOND))
        return rect

    def paint(self, painter: QPainter, option: object, widget: object) -> None:
        super().paint(painter, option, widget)
        box = self._mark_box()
        if box is not None:
            painter.setFont(mono_font(11))
            painter.setPen(self.mark_color)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self._mark_text)

    def _mark_box(self) -> QRectF | None:
        view = self.linkedView()
        if self._mark is None or view is None:
            return None
        place = float(self.mapFromItem(view, view.mapFromView(QPointF(self._mark, 0.0))).x())
        if not 0 <= place <= self.width():
            return None
        room = QFontMetricsF(mono_font(11)).horizontalAdvance(self._mark_text) + 6
        left = min(max(place - room / 2, 0.0), max(0.0, self.width() - room))
        return QRectF(left, 2, room, max(0.0, self.height() - 2))
