"""While boxes are dragged they stop where they are in line with others, and a line shows with which."""

from collections.abc import Collection
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from graph_editor.document.canvas.notes import Box
from graph_editor.document.document import Point
from graph_editor.document.sizes import BOX_WIDTH
from graph_editor.view.items.grid_index import Bounds
from graph_editor.view.items.scene import GraphScene

_PULL: Final = 6.0  # pixels
_FAR: Final = 600.0  # scene units; what is farther away does not pull
_BEYOND: Final = 14.0  # how far a line sticks out


class Snapping:
    """Pulls one box, and so all that are dragged with it, into line with those of ``scene`` that stay."""

    def __init__(self, scene: GraphScene, moving: Collection[str], notes: Collection[str] = ()) -> None:
        self._scene, self._moving, self._notes = scene, set(moving), set(notes)
        self._guides = Guides(scene.style_sheet.wire_dragged)
        scene.addItem(self._guides)

    def pull(self, place: Point, height: float, zoom: float) -> tuple[int, int]:
        """Return how much farther a box of some height, wished at ``place``, goes to be in line; shows with what."""
        reach = _PULL / zoom
        columns, rows = self._near(place, height)
        dx, column = _nearest(place, 0, [(at, at[:2]) for at in columns], reach)
        # Those beside it pull its middle to theirs: they may be less tall.
        dy, row = _nearest(place, 1, [(at, (at[0], (at[1] + at[3] - height) / 2)) for at in rows], reach)
        x, y = place[0] + round(dx), place[1] + round(dy)
        lines = []
        if column is not None:
            lines.append(_down(x + BOX_WIDTH / 2, min(y, column[1]), max(y + height, column[3])))
        if row is not None:
            lines.append(_across(y + height / 2, min(x, row[0]), max(x, row[0])))
        self._guides.show_lines(lines)
        return round(dx), round(dy)

    def pull_corner(self, box: Box, zoom: float) -> tuple[int, int]:
        """The same for a note: its left and its upper edge come into line with those of boxes and other notes."""
        (x, y, width, height), reach = box, _PULL / zoom
        near = (x - _FAR, y - _FAR, x + width + _FAR, y + height + _FAR)
        others = [(at, at[:2]) for at in self._bounds(self._scene.index.within(near))]
        for key in self._scene.notes.within(QRectF(near[0], near[1], near[2] - near[0], near[3] - near[1])):
            if key not in self._notes:
                rect = self._scene.notes.items[key].rect()
                others.append(((rect.left(), rect.top(), rect.right(), rect.bottom()), (rect.left(), rect.top())))
        dx, column = _nearest((x, y), 0, others, reach)
        dy, row = _nearest((x, y), 1, others, reach)
        x, y, lines = x + round(dx), y + round(dy), []
        if column is not None:
            lines.append(_down(x, min(y, column[1]), max(y + height, column[3])))
        if row is not None:
            left, right = min(x, row[0]), max(x + width, row[2])
            lines.append(QLineF(QPointF(left - _BEYOND, y), QPointF(right + _BEYOND, y)))
        self._guides.show_lines(lines)
        return round(dx), round(dy)

    def rest(self) -> None:
        """Show nothing for now."""
        self._guides.show_lines([])

    def end(self) -> None:
        self._scene.removeItem(self._guides)

    def _near(self, place: Point, height: float) -> tuple[list[Bounds], list[Bounds]]:
        """Boxes above and below, which pull across, and boxes beside, which pull up or down."""
        x, y = place
        index = self._scene.index
        columns = index.within((x - 20, y - _FAR, x + BOX_WIDTH + 20, y + height + _FAR))
        rows = index.within((x - _FAR, y - 20, x + BOX_WIDTH + _FAR, y + height + 20))
        return self._bounds(columns), self._bounds(rows)

    def _bounds(self, call_ids: list[str]) -> list[Bounds]:
        return [self._scene.index.bounds(key) for key in call_ids if key not in self._moving]


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


def _nearest(place: Point, axis: int, others: list[tuple[Bounds, Point]], reach: float) -> tuple[float, Bounds | None]:
    """The way to the line of the box that is least far off along ``axis``, and of several the nearest one.

    ``others`` are the bounds of boxes, each with the place at which a box would be in line with it.
    """

    def rank(other: tuple[Bounds, Point]) -> tuple[float, float]:
        return abs(other[1][axis] - place[axis]), abs(other[1][0] - place[0]) + abs(other[1][1] - place[1])

    best = min(others, key=rank, default=None)
    if best is None or abs(best[1][axis] - place[axis]) > reach:
        return 0.0, None
    return best[1][axis] - place[axis], best[0]


def _down(x: float, top: float, bottom: float) -> QLineF:
    return QLineF(QPointF(x, top - _BEYOND), QPointF(x, bottom + _BEYOND))


def _across(y: float, left: float, right: float) -> QLineF:
    return QLineF(QPointF(left - _BEYOND, y), QPointF(right + BOX_WIDTH + _BEYOND, y))
