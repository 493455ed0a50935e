"""Figures that stand by themselves, as tiles."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.look.fonts import mono_font, ui_font
from app.panels.evaluate.drawing.axes import elided
from app.panels.evaluate.drawing.figure_look import FigureLook, Hit, label_text, number_text
from runtime.messages.views import Number, Numbers

VIEW = Numbers

_TALL, _GAP, _NARROWEST, _WIDEST = 62.0, 10.0, 104.0, 220.0
_LEFT, _RIGHT = 11.0, 8.0  # beside the texts of a tile


def height(view: Numbers, width: float, _look: FigureLook) -> float:
    lines = math.ceil(len(view.numbers) / _across(view, width))
    return lines * (_TALL + _GAP) - _GAP if lines else 0.0


def paint(painter: QPainter, rect: QRectF, view: Numbers, look: FigureLook) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for place, number in enumerate(view.numbers):
        _paint_tile(painter, _tile(rect, view, place), number, look, look.marked == (place,))
    painter.restore()


def hit(rect: QRectF, view: Numbers, point: QPointF, _look: FigureLook) -> Hit | None:
    """The tile under `point`: (its number,)."""
    for place, number in enumerate(view.numbers):
        if _tile(rect, view, place).contains(point):
            return Hit((place,), number_told(number))
    return None


def number_told(number: Number) -> str:
    """The figure with its meaning."""
    text = f"{label_text(number.label)}: {number_text(number.value)}"
    return f"{text}\n{number.hint}" if number.hint is not None else text


def parts(view: Numbers, _look: FigureLook) -> list[list[tuple[int, ...]]]:
    """The tiles."""
    return [[(place,) for place in range(len(view.numbers))]]


def part_text(view: Numbers, part: tuple[int, ...], _look: FigureLook) -> str:
    return number_told(view.numbers[part[0]])


def spoken(view: Numbers) -> str:
    return ", ".join(f"{label_text(number.label)} {number_text(number.value)}" for number in view.numbers)


def _across(view: Numbers, width: float) -> int:
    """As many as have room for the longest title; in one line all of them, where they fit."""
    metrics = QFontMetricsF(ui_font(12))
    longest = max((metrics.horizontalAdvance(label_text(number.label)) for number in view.numbers), default=0.0)
    narrowest = min(_WIDEST, max(_NARROWEST, longest + _LEFT + _RIGHT + 2))
    fit = max(1, int((width + _GAP) // (narrowest + _GAP)))
    return min(fit, max(1, len(view.numbers)))


def _tile(rect: QRectF, view: Numbers, place: int) -> QRectF:
    across = _across(view, rect.width())
    width = min(_WIDEST, (rect.width() - _GAP * (across - 1)) / across)
    line, column = divmod(place, across)
    return QRectF(rect.left() + column * (width + _GAP), rect.top() + line * (_TALL + _GAP), width, _TALL)


def _paint_tile(painter: QPainter, tile: QRectF, number: Number, look: FigureLook, marked: bool) -> None:
    theme = look.theme
    painter.setPen(QPen(QColor(theme.color("accent" if marked else "line"))))
    painter.setBrush(QColor(theme.color("background")))
    painter.drawRoundedRect(tile.adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
    inner = tile.adjusted(_LEFT, 8, -_RIGHT, -7)
    painter.setFont(ui_font(12))
    painter.setPen(QColor(theme.color("dim")))
    top = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    painter.drawText(inner, top, elided(painter, label_text(number.label), inner.width()))
    painter.setFont(mono_font(20))
    painter.setPen(QColor(theme.color("text" if number.value is not None else "faint")))
    bottom = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
    painter.drawText(inner, bottom, elided(painter, number_text(number.value), inner.width()))
