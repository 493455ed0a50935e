"""The mark of a layer category: a small bar with a shape of its own, so that colour is never alone in saying it."""

from functools import cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath

WIDTH, HEIGHT = 6.0, 16.0
Piece = tuple[float, float, float, float]  # left, top, width, height

PIECES: Final[dict[str, tuple[Piece, ...]]] = {
    "input": ((0, 0, 6, 3), (2, 3, 2, 13)),  # something that comes in from above
    "core": ((1, 0, 4, 16),),
    "convolution": ((1, 0, 4, 4), (1, 6, 4, 4), (1, 12, 4, 4)),  # windows along a way
    "pooling": ((0, 0, 6, 5), (1, 5.5, 4, 5), (2, 11, 2, 5)),  # less and less
    "merge": ((0, 0, 2, 9), (4, 0, 2, 9), (0, 9, 6, 2), (2, 11, 2, 5)),  # two become one
    "normalization": ((1, 0, 4, 6), (1, 10, 4, 6)),
    "regularization": ((0, 0, 3, 3), (3, 4.3, 3, 3), (0, 8.6, 3, 3), (3, 13, 3, 3)),  # some are dropped
    "recurrent": ((0, 0, 6, 2.4), (0, 0, 2.4, 16), (0, 13.6, 6, 2.4)),  # goes round
    "attention": ((0, 0, 2.2, 16), (3.8, 0, 2.2, 16)),  # looks from one to the other
    "reshaping": ((0, 0, 2.6, 16), (0, 13, 6, 3)),
    "activation": ((0, 11, 1.6, 5), (2.2, 6, 1.6, 10), (4.4, 0, 1.6, 16)),  # a curve that rises
    "preprocessing": ((0, 0, 6, 1.6), (0, 14.4, 6, 1.6), (0, 0, 1.6, 16), (4.4, 0, 1.6, 16)),
    "wrapper": ((0, 0, 6, 2.4), (2, 0, 2, 16), (0, 13.6, 6, 2.4)),
    "nested": ((0, 0, 6, 3), (0, 4.3, 6, 3), (0, 8.6, 6, 3), (0, 13, 6, 3)),  # a stack
    "operation": ((2, 2, 2, 12), (0, 7, 6, 2)),  # a plus
    "custom": ((0, 0, 3, 5), (1.5, 5.5, 3, 5), (3, 11, 3, 5)),  # steps
}


@cache
def outline(category: str) -> QPainterPath:
    """The mark within ``WIDTH`` by ``HEIGHT``; a collapsed frame is a stack too, and the rest are plain operations."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for piece in PIECES.get("nested" if category.startswith("frame.") else category, PIECES["operation"]):
        path.addRoundedRect(QRectF(*piece), 0.8, 0.8)
    return path


def paint_mark(
    painter: QPainter, category: str, color: QBrush | QColor, middle: QPointF, height: float = HEIGHT
) -> None:
    """Paint the mark around ``middle``, ``height`` high."""
    scale = height / HEIGHT
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.translate(middle.x() - WIDTH / 2 * scale, middle.y() - height / 2)
    painter.scale(scale, scale)
    painter.drawPath(outline(category))
    painter.restore()
