"""What the colours of a figure stand for, below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.look.fonts import ui_font
from app.panels.evaluate.drawing.axes import elided
from app.panels.evaluate.drawing.figure_look import SERIES, FigureLook

_LINE, _SQUARE = 18.0, 10.0
_STROKE = 18.0
MOST_NAMED: Final = 12


def legend_height(names: Sequence[str], width: float, lines: bool = False) -> float:
    places = _places(names, width, lines)
    return (places[-1][2] + 1) * _LINE + 4 if places else 0.0


def paint_legend(painter: QPainter, rect: QRectF, names: Sequence[str], look: FigureLook, lines: bool = False) -> None:
    """At the bottom of `rect`, of the first names: a short line for each where `lines` are named, else a square."""
    painter.setFont(ui_font(11))
    top = rect.bottom() - legend_height(names, rect.width(), lines) + 4
    for number, (name, left, line) in enumerate(_places(names, rect.width(), lines)):
        mark = QRectF(rect.left() + left, top + line * _LINE + 4, _STROKE if lines else _SQUARE, _SQUARE)
        if lines:
            middle = mark.center().y()
            painter.setPen(line_pen(number, QColor(look.series(number))))
            painter.drawLine(QPointF(mark.left(), middle), QPointF(mark.right(), middle))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.series(number)))
            painter.drawRoundedRect(mark, 2, 2)
        painter.setPen(QColor(look.theme.color("dim")))
        box = QRectF(mark.right() + 6, mark.top() - 4, rect.right() - mark.right(), _LINE)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), elided(painter, name, box.width()))


def line_pen(number: int, color: QColor) -> QPen:
    """The lines that have the colour of one before are dashed, or dotted."""
    styles = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
    pen = QPen(color, 2, styles[number // SERIES % len(styles)])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def _places(names: Sequence[str], width: float, lines: bool) -> list[tuple[str, float, int]]:
    """Name, left edge and line of each entry."""
    metrics, places = QFontMetricsF(ui_font(11)), list[tuple[str, float, int]]()
    left, line = 0.0, 0
    for name in names[:MOST_NAMED]:
        name = metrics.elidedText(name, Qt.TextElideMode.ElideRight, width * 0.45)
        needed = (_STROKE if lines else _SQUARE) + 6 + metrics.horizontalAdvance(name) + 14
        if left and left + needed > width:
            left, line = 0.0, line + 1
        places.append((name, left, line))
        left += needed
    return places
