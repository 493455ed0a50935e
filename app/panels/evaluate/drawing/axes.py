"""A pair of axes in a rectangle: round numbers at both, and where a value lies between them. Needs no widget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.look.fonts import mono_font, ui_font
from app.panels.evaluate.drawing.figure_look import FigureLook
from app.panels.plots.axes import value_labels

_TITLE, _LABELS, _GAP = 16.0, 16.0, 6.0
_RIGHT, _TOP = 12.0, 8.0
_APART = 70.0  # pixels between two numbers


def limits(values: Sequence[float], with_zero: bool = False) -> tuple[float, float]:
    """From the least to the greatest finite value, with a little room beyond them."""
    finite = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
    low, high = min(finite), max(finite)
    if with_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        room = abs(low) * 0.1 or 0.5
        return low - room, high + room
    room = (high - low) * 0.03
    return (low if with_zero and low == 0 else low - room), (high if with_zero and high == 0 else high + room)


def round_steps(low: float, high: float, most: int) -> list[float]:
    """At most about `most` numbers between both that are easy to read: 1, 2 or 5 times a power of ten apart."""
    span = high - low
    if span <= 0 or most < 1 or not math.isfinite(span):
        return [low]
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]


@dataclass(frozen=True, slots=True)
class Axes:
    """`room` is where values are drawn."""

    room: QRectF
    low_x: float
    high_x: float
    low_y: float
    high_y: float

    def place(self, x: float, y: float) -> QPointF:
        return QPointF(self.x(x), self.y(y))

    def x(self, value: float) -> float:
        return self.room.left() + (value - self.low_x) / (self.high_x - self.low_x) * self.room.width()

    def y(self, value: float) -> float:
        return self.room.bottom() - (value - self.low_y) / (self.high_y - self.low_y) * self.room.height()

    def steps_x(self) -> list[float]:
        return round_steps(self.low_x, self.high_x, max(2, int(self.room.width() / _APART)))

    def steps_y(self) -> list[float]:
        return round_steps(self.low_y, self.high_y, max(2, int(self.room.height() / 40)))


def axes_in(rect: QRectF, x: tuple[float, float], y: tuple[float, float], titled: bool = True) -> Axes:
    """The axes that have room in `rect` beside their numbers and titles."""
    trial = Axes(rect, *x, *y)
    metrics = QFontMetricsF(mono_font(11))
    widest = max((metrics.horizontalAdvance(text) for text in labels_of(trial.steps_y())), default=0.0)
    left = widest + _GAP + (_TITLE if titled else 0.0)
    below = _LABELS + (_TITLE if titled else 0.0)
    room = rect.adjusted(left, _TOP, -_RIGHT, -below)
    return Axes(QRectF(room.left(), room.top(), max(1.0, room.width()), max(1.0, room.height())), *x, *y)


def labels_of(steps: Sequence[float]) -> list[str]:
    return value_labels(steps, steps[1] - steps[0] if len(steps) > 1 else 1.0)


def draw_axes(
    painter: QPainter, rect: QRectF, axes: Axes, look: FigureLook, x_title: str, y_title: str, numbered_x: bool = True
) -> None:
    """The grid, the numbers and the titles. `numbered_x`: else whoever draws names what stands below."""
    theme, room = look.theme, axes.room
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    grid = QPen(QColor(theme.color("grid")))
    painter.setFont(mono_font(11))
    steps = axes.steps_y()
    for value, text in zip(steps, labels_of(steps), strict=True):
        painter.setPen(grid)
        painter.drawLine(QPointF(room.left(), axes.y(value)), QPointF(room.right(), axes.y(value)))
        painter.setPen(QColor(theme.color("dim")))
        box = QRectF(rect.left(), axes.y(value) - 8, room.left() - rect.left() - _GAP, 16)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)
    steps = axes.steps_x() if numbered_x else []
    for value, text in zip(steps, labels_of(steps), strict=True):
        painter.setPen(grid)
        painter.drawLine(QPointF(axes.x(value), room.top()), QPointF(axes.x(value), room.bottom()))
        painter.setPen(QColor(theme.color("dim")))
        half = min(40.0, axes.x(value) - rect.left(), rect.right() - axes.x(value))
        box = QRectF(axes.x(value) - half, room.bottom() + 3, 2 * half, _LABELS)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextDontClip), text)
    painter.setPen(QPen(QColor(theme.color("line"))))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(room)
    _draw_titles(painter, rect, room, look, x_title, y_title)


def _draw_titles(painter: QPainter, rect: QRectF, room: QRectF, look: FigureLook, x_title: str, y_title: str) -> None:
    painter.setFont(ui_font(11))
    painter.setPen(QColor(look.theme.color("dim")))
    below = QRectF(room.left(), rect.bottom() - _TITLE + 1, room.width(), _TITLE)
    painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), elided(painter, x_title, below.width()))
    painter.save()
    painter.translate(rect.left() + _TITLE / 2, room.center().y())
    painter.rotate(-90)
    beside = QRectF(-room.height() / 2, -_TITLE / 2, room.height(), _TITLE)
    painter.drawText(beside, int(Qt.AlignmentFlag.AlignCenter), elided(painter, y_title, beside.width()))
    painter.restore()


def elided(painter: QPainter, text: str, width: float) -> str:
    """The text in the painter's font, with an ellipsis where there is no room for all of it."""
    return QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, width))
