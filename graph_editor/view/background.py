"""The dotted ground of the canvas."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from graph_editor.view.metrics import GRID
from graph_editor.view.painting.style import Style

_NEAREST = 16.0  # pixels between dots; when zoomed out further, only every second one shows
_DOT = 2.0


class DottedGround:
    """Paints all dots with one call: they are the same for every place, save for a shift."""

    def __init__(self) -> None:
        self._dots: list[QRectF] = []
        self._key: tuple[float, int, int] = (0.0, 0, 0)

    def paint(self, painter: QPainter, exposed: QRectF, style: Style, width: int, height: int) -> None:
        """``exposed`` in scene units; ``width`` and ``height`` of the view in pixels."""
        painter.fillRect(exposed, style.background)
        transform = painter.worldTransform()
        step = GRID * transform.m11()
        while step < _NEAREST:
            step *= 2
        origin = transform.map(QPointF(0, 0))
        painter.save()
        painter.resetTransform()
        painter.translate(origin.x() % step - step, origin.y() % step - step)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.grid)
        painter.drawRects(self._squares(step, width, height))  # ten times as fast as round points
        painter.restore()

    def _squares(self, step: float, width: int, height: int) -> list[QRectF]:
        key = (step, width, height)
        if key != self._key:
            columns, rows = int(width / step) + 3, int(height / step) + 3
            self._dots = [
                QRectF(column * step, row * step, _DOT, _DOT) for row in range(rows) for column in range(columns)
            ]
            self._key = key
        return self._dots
