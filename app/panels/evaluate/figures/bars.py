"""Bars over names, and histograms over bins."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from app.look.fonts import ui_font
from app.look.theme import mix
from app.panels.evaluate.drawing.axes import Axes, axes_in, draw_axes, elided, limits
from app.panels.evaluate.drawing.figure_look import FigureLook, Hit, label_text, number_text
from resources.plain import shown_name
from runtime.messages.views import Bars

VIEW = Bars

_NAME = 34.0  # a name needs so many pixels


def height(_view: Bars, width: float, _look: FigureLook) -> float:
    return min(0.55 * width, 220.0)


def paint(painter: QPainter, rect: QRectF, view: Bars, look: FigureLook) -> None:
    axes = _axes(rect, view)
    painter.save()
    draw_axes(painter, rect, axes, look, label_text(view.x), label_text(view.y), numbered_x=bool(view.edges))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not view.edges)
    painter.setPen(Qt.PenStyle.NoPen)
    for number in range(len(view.values)):
        color = look.theme.color("accent")
        if look.marked == (number,):
            color = mix(color, look.theme.color("text"), 0.35)
        painter.setBrush(QColor(color))
        painter.drawRect(_bar(axes, view, number))
    if view.names:
        _paint_names(painter, axes, view, look)
    painter.restore()


def hit(rect: QRectF, view: Bars, point: QPointF, _look: FigureLook) -> Hit | None:
    """The bar in whose column `point` is: (its number,)."""
    axes = _axes(rect, view)
    if not axes.room.contains(point):
        return None
    for number in range(len(view.values)):
        left, right = _sides(axes, view, number)
        if left <= point.x() <= right:
            return Hit((number,), bar_text(view, number))
    return None


def bar_text(view: Bars, number: int) -> str:
    value = number_text(view.values[number])
    if view.edges:
        return f"{number_text(view.edges[number])} … {number_text(view.edges[number + 1])}: {value}"
    return f"{shown_name(view.names[number])}: {value}"


def parts(view: Bars, _look: FigureLook) -> list[list[tuple[int, ...]]]:
    """The bars, from the left."""
    return [[(number,) for number in range(len(view.values))]]


def part_text(view: Bars, part: tuple[int, ...], _look: FigureLook) -> str:
    return bar_text(view, part[0])


def spoken(view: Bars) -> str:
    return ", ".join(bar_text(view, number) for number in range(min(12, len(view.values))))


def _axes(rect: QRectF, view: Bars) -> Axes:
    x = (view.edges[0], view.edges[-1]) if view.edges and view.edges[-1] > view.edges[0] else (0.0, 1.0)
    return axes_in(rect, x, limits(view.values, with_zero=True))


def _sides(axes: Axes, view: Bars, number: int) -> tuple[float, float]:
    if view.edges:
        return axes.x(view.edges[number]), axes.x(view.edges[number + 1])
    width = axes.room.width() / max(1, len(view.values))
    return axes.room.left() + number * width, axes.room.left() + (number + 1) * width


def _bar(axes: Axes, view: Bars, number: int) -> QRectF:
    left, right = _sides(axes, view, number)
    gap = min(1.0, (right - left) * 0.1) if view.edges else (right - left) * 0.18
    value = view.values[number] if math.isfinite(view.values[number]) else 0.0
    top, bottom = sorted((axes.y(value), axes.y(0.0)))
    return QRectF(left + gap, top, max(1.0, right - left - 2 * gap), bottom - top)


def _paint_names(painter: QPainter, axes: Axes, view: Bars, look: FigureLook) -> None:
    painter.setFont(ui_font(11))
    painter.setPen(QColor(look.theme.color("dim")))
    width = axes.room.width() / max(1, len(view.values))
    every = max(1, math.ceil(_NAME / width)) if width else 1
    for number in range(0, len(view.names), every):
        left, _right = _sides(axes, view, number)
        box = QRectF(left, axes.room.bottom() + 3, width * every, 16)
        flags = Qt.AlignmentFlag.AlignCenter if every == 1 else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, int(flags), elided(painter, shown_name(view.names[number]), box.width() - 2))
