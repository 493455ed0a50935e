"""How a sample is drawn among others, in whatever order they stand."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from app.look.fonts import ui_font
from app.look.theme import Theme
from app.panels.data.parts.pictures import PictureCache
from app.project.data_look.cells import Cell
from resources.text import tr
from runtime.messages.looking import SmallWave

_FONT = 11
_FULL = 127.0


def paint_wave(painter: QPainter, area: QRect, wave: SmallWave, theme: Theme) -> None:
    """A sound from left to right, about a line in the middle that is silence."""
    middle, half = area.center().y() + 0.5, area.height() / 2
    painter.setPen(QColor(theme.color("line")))
    painter.drawLine(area.left(), area.center().y(), area.right(), area.center().y())
    low, high = (memoryview(each).cast("b") for each in (wave.low, wave.high))
    width = area.width() / max(1, len(low))
    bars = [
        QRectF(
            area.left() + place * width,
            middle - high[place] / _FULL * half,
            max(1.0, width),
            max(1.0, (high[place] - low[place]) / _FULL * half),
        )
        for place in range(min(len(low), len(high)))
    ]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)  # else bars of a broken width leave gaps
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.color("plot.1")))
    painter.drawRects(bars)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_sample(
    painter: QPainter, area: QRect, cell: Cell | None, pictures: PictureCache, theme: Theme, *, marked: bool
) -> None:
    """The picture of a sample, or its place while it is not there (None) or cannot be read; framed if `marked`."""
    if cell is not None and cell.picture is not None:
        pictures.draw(painter, area, cell.picture)
    else:
        painter.fillRect(area, QColor(theme.color("raised")))
        if cell is not None and cell.reason is not None:
            painter.setPen(QColor(theme.color("error.text")))
            painter.setFont(ui_font(_FONT))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, tr("not readable"))
    if marked:
        painter.setPen(QColor(theme.color("accent")))
        painter.drawRect(area.adjusted(-2, -2, 1, 1))
