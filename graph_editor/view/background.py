"""The dotted ground of the canvas."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from graph_editor.view.metrics import GRID
from graph_editor.view.painting.style import Style

_NEAREST = 16.0  # pixels between dots; when zoomed out further, only every second one shows


class DottedGround:
    """Paints all dots with one call: they are the same for every place, save for a shift."""

    def __init__(self) -> None:
        self._dots = QPolygonF()
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
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(style.grid, 1.7, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPoints(self._polygon(step, width, height))
        painter.restore()

    def _polygon(self, step: float, width: int, height: int) -> QPolygonF:
        key = (step, width, height)
        if key != self._key:
            columns, rows = int(width / step) + 3, int(height / step) + 3
            self._dots = QPolygonF(
                [QPointF(column * step, row * step) for row in range(rows) for column in range(columns)]
            )
            self._key = key
        return self._dots
