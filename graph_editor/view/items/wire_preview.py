"""The wire that follows the mouse while it is being dragged."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from graph_editor.view.items.routing import Point, bow, through
from graph_editor.view.items.wire_item import path_of
from graph_editor.view.painting.metrics import PORT_RADIUS
from graph_editor.view.painting.style import Style


class WirePreview(QGraphicsItem):
    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self._path = QPainterPath()
        self._ends: tuple[QPointF, QPointF] = (QPointF(), QPointF())
        self._refused = False
        self.setZValue(40.0)

    def lead(self, start: QPointF, end: QPointF, refused: bool = False, dots: Sequence[Point] = ()) -> None:
        """Run from an output (``start``) to an input; ``refused`` shows that it cannot stay like that."""
        self.prepareGeometryChange()
        self._ends, self._refused = (start, end), refused
        a, b = (start.x(), start.y()), (end.x(), end.y())
        self._path = path_of(through(a, dots, b) if dots else [bow(a, b)])
        self.update()

    def boundingRect(self) -> QRectF:
        return self._path.controlPointRect().adjusted(-8, -8, 8, 8)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        pen = self._style.wire_refused if self._refused else self._style.wire_dragged
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path)
        painter.setPen(self._style.port_edge)
        painter.setBrush(pen.color())
        for end in self._ends:
            painter.drawEllipse(end, PORT_RADIUS, PORT_RADIUS)
