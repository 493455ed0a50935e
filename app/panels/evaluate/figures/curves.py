"""Curves: ROC, precision and recall, calibration, and others, with the point that a threshold gives."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.look.theme import mix
from app.panels.evaluate.drawing.axes import Axes, axes_in, draw_axes, limits
from app.panels.evaluate.drawing.figure_look import FigureLook, Hit, label_text, number_text
from app.panels.evaluate.drawing.legend import MOST_NAMED, legend_height, line_pen, paint_legend
from resources.text import tr
from runtime.messages.views import Curve, Curves

VIEW = Curves

_NEAR = 24.0  # pixels from the mouse to the point it is about
_MOST_DOTS = 30


def height(view: Curves, width: float, _look: FigureLook) -> float:
    room = min(width, 320.0) if view.unit_square else min(0.6 * width, 260.0)
    return room + _legend_height(view, width)


def paint(painter: QPainter, rect: QRectF, view: Curves, look: FigureLook) -> None:
    axes = _axes(rect, view)
    body = _body(rect, view)
    painter.save()
    draw_axes(painter, body, axes, look, label_text(view.x), label_text(view.y))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(axes.room.adjusted(-6, -6, 6, 6))
    if view.diagonal:
        painter.setPen(QPen(QColor(look.theme.color("faint")), 1, Qt.PenStyle.DashLine))
        low, high = max(axes.low_x, axes.low_y), min(axes.high_x, axes.high_y)
        painter.drawLine(axes.place(low, low), axes.place(high, high))
    for number, curve in enumerate(view.curves):
        _paint_curve(painter, axes, curve, number, look)
    painter.setClipping(False)
    paint_legend(painter, rect, _named(view), look, lines=True)
    painter.restore()


def hit(rect: QRectF, view: Curves, point: QPointF, _look: FigureLook) -> Hit | None:
    """The nearest point of a curve: (number of the curve, number of the point)."""
    axes = _axes(rect, view)
    best: tuple[float, int, int] | None = None
    for number, curve in enumerate(view.curves):
        for place, (x, y) in enumerate(zip(curve.x, curve.y, strict=True)):
            there = axes.place(x, y) - point
            distance = math.hypot(there.x(), there.y())
            if distance < _NEAR and (best is None or distance < best[0]):
                best = (distance, number, place)
    if best is None:
        return None
    _, number, place = best
    return Hit((number, place), _point_text(view, view.curves[number], place))


def parts(view: Curves, _look: FigureLook) -> list[list[tuple[int, ...]]]:
    """The points of each curve."""
    return [[(number, place) for place in range(len(curve.x))] for number, curve in enumerate(view.curves)]


def part_text(view: Curves, part: tuple[int, ...], _look: FigureLook) -> str:
    return _point_text(view, view.curves[part[0]], part[1])


def spoken(view: Curves) -> str:
    return ", ".join(label_text(curve.label) for curve in view.curves[:MOST_NAMED])


def nearest(curve: Curve, threshold: float) -> int | None:
    """The point of a curve that this threshold gives: the one of the nearest threshold."""
    known = [(abs(value - threshold), place) for place, value in enumerate(curve.threshold) if math.isfinite(value)]
    return min(known)[1] if known else None


def _point_text(view: Curves, curve: Curve, place: int) -> str:
    values = tr(
        "{x} {x_value}, {y} {y_value}",
        x=label_text(view.x), x_value=number_text(curve.x[place]),
        y=label_text(view.y), y_value=number_text(curve.y[place]),
    )  # fmt: skip
    name = label_text(curve.label)
    text = f"{name}: {values}" if name else values
    if place < len(curve.threshold) and math.isfinite(curve.threshold[place]):
        text += " · " + tr("threshold {value}", value=number_text(curve.threshold[place]))
    return text


def _axes(rect: QRectF, view: Curves) -> Axes:
    body = _body(rect, view)
    if view.unit_square:
        return axes_in(body, (0.0, 1.0), (0.0, 1.0))
    xs = [value for curve in view.curves for value in curve.x]
    ys = [value for curve in view.curves for value in curve.y]
    return axes_in(body, limits(xs), limits(ys))


def _body(rect: QRectF, view: Curves) -> QRectF:
    return rect.adjusted(0, 0, 0, -_legend_height(view, rect.width()))


def _paint_curve(painter: QPainter, axes: Axes, curve: Curve, number: int, look: FigureLook) -> None:
    color = look.series(number)
    if look.curve is not None and look.curve != number:
        color = mix(look.theme.color("panel"), color, 0.35)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pairs = [pair for pair in zip(curve.x, curve.y, strict=True) if all(math.isfinite(value) for value in pair)]
    points = [axes.place(x, y) for x, y in pairs]
    painter.setPen(line_pen(number, QColor(color)))
    if len(pairs) > 1:
        painter.drawPolyline(QPolygonF(points))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    if len(pairs) <= _MOST_DOTS and not curve.threshold:
        for place in points:
            painter.drawEllipse(place, 2.5, 2.5)
    marked = nearest(curve, look.threshold) if look.threshold is not None else None
    if look.marked is not None and look.marked[0] == number and len(look.marked) == 2:
        marked = look.marked[1]
    if marked is not None and marked < len(curve.x):
        painter.setPen(QPen(QColor(look.theme.color("panel")), 2))
        painter.drawEllipse(axes.place(curve.x[marked], curve.y[marked]), 6, 6)


def _named(view: Curves) -> list[str]:
    """The lines that the legend names: none where there is one only, whose name is the title's."""
    return [label_text(curve.label) for curve in view.curves] if len(view.curves) > 1 else []


def _legend_height(view: Curves, width: float) -> float:
    return legend_height(_named(view), width, lines=True)
