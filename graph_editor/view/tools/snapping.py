"""While boxes are dragged they stop where they are in line with others, and a line shows with which."""

from collections.abc import Collection
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from graph_editor.document.document import Point
from graph_editor.layout.sizes import BOX_HEIGHT, BOX_WIDTH
from graph_editor.view.scene import GraphScene

_PULL: Final = 6.0  # pixels
_FAR: Final = 600.0  # scene units; what is farther away does not pull
_BEYOND: Final = 14.0  # how far a line sticks out


class Snapping:
    """Pulls one box, and so all that are dragged with it, into line with those of ``scene`` that stay."""

    def __init__(self, scene: GraphScene, moving: Collection[str]) -> None:
        self._scene, self._moving = scene, set(moving)
        self._guides = Guides(scene.style_sheet.wire_dragged)
        scene.addItem(self._guides)

    def pull(self, place: Point, zoom: float) -> tuple[int, int]:
        """How much farther a box wished at ``place`` goes to be in line; shows with what."""
        reach = _PULL / zoom
        columns, rows = self._near(place)
        dx, column = _nearest(place, 0, columns, reach)
        dy, row = _nearest(place, 1, rows, reach)
        x, y = place[0] + dx, place[1] + dy
        lines = []
        if column is not None:
            lines.append(_down(x + BOX_WIDTH / 2, min(y, column[1]), max(y, column[1])))
        if row is not None:
            lines.append(_across(y + BOX_HEIGHT / 2, min(x, row[0]), max(x, row[0])))
        self._guides.show_lines(lines)
        return round(dx), round(dy)

    def rest(self) -> None:
        """Show nothing for now."""
        self._guides.show_lines([])

    def end(self) -> None:
        self._scene.removeItem(self._guides)

    def _near(self, place: Point) -> tuple[list[Point], list[Point]]:
        """Boxes above and below, which pull across, and boxes beside, which pull up or down."""
        x, y = place
        index = self._scene.index
        columns = index.within((x - 20, y - _FAR, x + BOX_WIDTH + 20, y + BOX_HEIGHT + _FAR))
        rows = index.within((x - _FAR, y - 20, x + BOX_WIDTH + _FAR, y + BOX_HEIGHT + 20))
        return self._places(columns), self._places(rows)

    def _places(self, call_ids: list[str]) -> list[Point]:
        return [self._scene.index.bounds(key)[:2] for key in call_ids if key not in self._moving]


class Guides(QGraphicsItem):
    """Thin lines through the middles of boxes that are in line."""

    def __init__(self, pen: QPen) -> None:
        super().__init__()
        self._pen = QPen(pen)
        self._pen.setWidthF(1.0)
        self._pen.setCosmetic(True)
        self._lines: list[QLineF] = []
        self._bounds = QRectF()
        self.setZValue(48.0)

    def show_lines(self, lines: list[QLineF]) -> None:
        if lines != self._lines:
            self.prepareGeometryChange()
            self._lines = lines
            self._bounds = QRectF()
            for line in lines:
                self._bounds |= QRectF(line.p1(), line.p2()).normalized().adjusted(-2, -2, 2, 2)
            self.update()

    def lines(self) -> list[QLineF]:
        return list(self._lines)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setPen(self._pen)
        painter.drawLines(self._lines)


def _nearest(place: Point, axis: int, others: list[Point], reach: float) -> tuple[float, Point | None]:
    """The way to the line of the box that is least far off along ``axis``, and of several the nearest one."""
    best = min(others, key=lambda other: (abs(other[axis] - place[axis]), _apart(other, place)), default=None)
    if best is None or abs(best[axis] - place[axis]) > reach:
        return 0.0, None
    return best[axis] - place[axis], best


def _apart(one: Point, other: Point) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _down(x: float, top: float, bottom: float) -> QLineF:
    return QLineF(QPointF(x, top - _BEYOND), QPointF(x, bottom + BOX_HEIGHT + _BEYOND))


def _across(y: float, left: float, right: float) -> QLineF:
    return QLineF(QPointF(left - _BEYOND, y), QPointF(right + BOX_WIDTH + _BEYOND, y))
