"""A small round light that shows a state by its colour."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

DIAMETER = 8


class StatusDot(QWidget):
    """Decoration: what it means is always said in words beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = QColor("#888888")
        self.setFixedSize(QSize(DIAMETER, DIAMETER))

    def set_color(self, color: str) -> None:
        self._color = QColor(color)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        _paint(painter, self._color, QRectF(self.rect()))


@lru_cache(maxsize=64)  # Qt keeps what it made of each picture: one drawn anew at every edit would be kept again
def dot_icon(color: str, ring: bool = False) -> QIcon:
    """The light as an icon; `ring` leaves it hollow, for what is not there."""
    pixmap = QPixmap(32, 32)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    if ring:
        pen = painter.pen()
        pen.setColor(QColor(color))
        pen.setWidth(3)
        painter.setPen(pen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawEllipse(QRectF(9, 9, 14, 14))
    else:
        _paint(painter, QColor(color), QRectF(7, 7, 18, 18))
    painter.end()
    pixmap.setDevicePixelRatio(2)
    return QIcon(pixmap)


def _paint(painter: QPainter, color: QColor, where: QRectF) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(where)
