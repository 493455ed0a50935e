"""Clouds of points: predicted against true, residuals, maps."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.look.fonts import ui_font
from app.panels.evaluate.drawing.axes import Axes, axes_in, draw_axes, limits
from app.panels.evaluate.drawing.figure_look import FigureLook, Hit, label_text, number_text
from app.panels.evaluate.drawing.legend import legend_height, paint_legend
from app.panels.plots.formats import count_text
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.views import Points

VIEW = Points

_NEAR, _NOTE = 8.0, 16.0


def height(view: Points, width: float, _look: FigureLook) -> float:
    room = min(width, 320.0) if view.diagonal else min(0.7 * width, 280.0)
    return room + legend_height(_named(view), width)


def paint(painter: QPainter, rect: QRectF, view: Points, look: FigureLook) -> None:
    axes = _axes(rect, view)
    painter.save()
    draw_axes(painter, _body(rect, view), axes, look, label_text(view.x), label_text(view.y))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(look.theme.color("faint")), 1, Qt.PenStyle.DashLine))
    if view.diagonal:
        low, high = max(axes.low_x, axes.low_y), min(axes.high_x, axes.high_y)
        painter.drawLine(axes.place(low, low), axes.place(high, high))
    if view.zero and axes.low_y < 0 < axes.high_y:
        painter.drawLine(axes.place(axes.low_x, 0), axes.place(axes.high_x, 0))
    _paint_points(painter, axes, view, look)
    note = _note(view)
    if note:
        painter.setFont(ui_font(11))
        painter.setPen(QColor(look.theme.color("faint")))
        box = QRectF(rect.left(), _body(rect, view).bottom(), rect.width(), _NOTE)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), note)
    paint_legend(painter, rect, _named(view), look)
    painter.restore()


def hit(rect: QRectF, view: Points, point: QPointF, _look: FigureLook) -> Hit | None:
    """The nearest point: (its number,)."""
    axes = _axes(rect, view)
    best: tuple[float, int] | None = None
    for number, (x, y) in enumerate(zip(view.xs, view.ys, strict=True)):
        there = axes.place(x, y) - point
        distance = math.hypot(there.x(), there.y())
        if distance < _NEAR and (best is None or distance < best[0]):
            best = (distance, number)
    if best is None:
        return None
    return Hit((best[1],), _point_text(view, best[1]))


def parts(view: Points, _look: FigureLook) -> list[list[tuple[int, ...]]]:
    """The points, as they are told."""
    return [[(number,) for number in range(len(view.xs))]]


def part_text(view: Points, part: tuple[int, ...], _look: FigureLook) -> str:
    return _point_text(view, part[0])


def spoken(view: Points) -> str:
    return tr("{count} points", count=count_text(len(view.xs)))


def _point_text(view: Points, number: int) -> str:
    text = f"{label_text(view.x)} {number_text(view.xs[number])}, {label_text(view.y)} {number_text(view.ys[number])}"
    if number < len(view.groups):
        text = f"{shown_name(view.names[view.groups[number]])}: {text}"
    if number < len(view.rows):
        text += " · " + tr("sample {number}", number=view.rows[number] + 1)
    return text


def _note(view: Points) -> str:
    if view.shown_of is None or view.shown_of <= len(view.xs):
        return ""
    return tr("{shown} of {count} samples, drawn at random",
              shown=count_text(len(view.xs)), count=count_text(view.shown_of))  # fmt: skip


def _body(rect: QRectF, view: Points) -> QRectF:
    return rect.adjusted(0, 0, 0, -(_NOTE if _note(view) else 0) - legend_height(_named(view), rect.width()))


def _named(view: Points) -> list[str]:
    """The groups that the legend names: a colour alone says nothing."""
    return [shown_name(name) for name in view.names] if len(view.names) > 1 and view.groups else []


def _axes(rect: QRectF, view: Points) -> Axes:
    body = _body(rect, view)
    if view.diagonal:
        both = limits([*view.xs, *view.ys])
        return axes_in(body, both, both)
    return axes_in(body, limits(view.xs), limits(view.ys, with_zero=view.zero))


def _paint_points(painter: QPainter, axes: Axes, view: Points, look: FigureLook) -> None:
    colors = [QColor(look.series(number)) for number in range(max(1, len(view.names)))]
    for color in colors:
        color.setAlphaF(0.75 if len(view.xs) < 500 else 0.5)
    size = 3.0 if len(view.xs) < 500 else 2.2
    painter.setPen(Qt.PenStyle.NoPen)
    for number, (x, y) in enumerate(zip(view.xs, view.ys, strict=True)):
        if math.isfinite(x) and math.isfinite(y):
            group = view.groups[number] if number < len(view.groups) else 0
            painter.setBrush(colors[group % len(colors)])
            painter.drawEllipse(axes.place(x, y), size, size)
    if look.marked is not None and look.marked[0] < len(view.xs):
        number = look.marked[0]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(look.theme.color("text")), 1.5))
        painter.drawEllipse(axes.place(view.xs[number], view.ys[number]), size + 3, size + 3)
