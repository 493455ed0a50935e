"""The dotted ground of the canvas."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from graph_editor.view.painting.metrics import GRID
from graph_editor.view.painting.style import Style

_NEAREST = 16.0  # pixels between dots; when zoomed out further, only every second one shows
_DOT = 2.0


class DottedGround:
    """Paints one row of dots and copies it: all rows are the same, except for a shift."""

    def __init__(self) -> None:
        self._row = QPixmap()
        self._key: tuple[float, int, float, int] | None = None

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
        row = self._dots(step, width, painter.deviceTransform().m11(), style.grid)
        x, y = round(origin.x() % step - step), origin.y() % step - step
        for number in range(int(height / step) + 3):
            painter.drawPixmap(x, round(y + number * step), row)
        painter.restore()

    def _dots(self, step: float, width: int, ratio: float, color: QColor) -> QPixmap:
        key = (step, width, ratio, color.rgba())
        if key != self._key:
            columns = int(width / step) + 3
            row = QPixmap(int((columns + 1) * step * ratio), int(_DOT * ratio))
            row.setDevicePixelRatio(ratio)
            row.fill(Qt.GlobalColor.transparent)
            painter = QPainter(row)
            for column in range(columns):
                painter.fillRect(QRectF(round(column * step), 0, _DOT, _DOT), color)
            painter.end()
            self._row, self._key = row, key
        return self._row
