"""One edge of the graph, on the canvas."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from graph_editor.document.graph import Edge
from graph_editor.document.wire_dots import apart
from graph_editor.view.box_item import WIRE_LEVEL
from graph_editor.view.grid_index import Bounds
from graph_editor.view.painting.style import Style
from graph_editor.view.routing import Curve, Point, bow, route, sample, through

_DOT = 6.0  # the radius of a dot under the mouse
_STEPS = 13  # points that stand for a curve


class WireItem(QGraphicsItem):
    """A smooth line from an output port to an input port; the scene says from where to where."""

    def __init__(self, edge: Edge, style: Style) -> None:
        super().__init__()
        self.edge = edge
        self.hovered = False
        self.lit = False  # one of its ends is hovered or selected
        self.problem = ""
        self.idle = False  # nothing runs through it: one of its ends is left out of the model
        self.dots: tuple[Point, ...] = ()  # that it runs through
        self.hovered_dot: int | None = None
        self.shows_dots = True
        self._style = style
        self._path = QPainterPath()
        self._bounds = QRectF()
        self.curves: list[Curve] = []
        self._points: list[tuple[float, float]] | None = None
        self._segments: list[QLineF] | None = None
        self.setZValue(WIRE_LEVEL)

    def lead(
        self,
        start: QPointF,
        end: QPointF,
        boxes_in: Callable[[Bounds], Sequence[Bounds]] | None = None,
        dots: tuple[Point, ...] = (),
    ) -> None:
        """Run from ``start`` to ``end``, round the boxes that ``boxes_in`` finds; straight there without it.

        With ``dots`` it runs through these, whatever is in between.
        """
        a, b = (start.x(), start.y()), (end.x(), end.y())
        curves = through(a, dots, b) if dots else [bow(a, b)] if boxes_in is None else route(a, b, boxes_in)
        if curves != self.curves or dots != self.dots:
            self.dots = dots
            self._take(curves)

    def _take(self, curves: list[Curve]) -> None:
        self.prepareGeometryChange()
        self.curves = curves
        self._points = self._segments = None
        self._path = path_of(curves)
        self._bounds = self._path.controlPointRect().adjusted(-4, -4, 4, 4)
        if self.dots:
            self._bounds.adjust(-_DOT, -_DOT, _DOT, _DOT)
        self.update()

    def show_state(self, **changes: object) -> None:
        changed = {key: value for key, value in changes.items() if getattr(self, key) != value}
        for key, value in changed.items():
            setattr(self, key, value)
        if changed:
            self.update()

    def set_style(self, style: Style) -> None:
        self._style = style
        self.update()

    def points(self) -> list[tuple[float, float]]:
        """Points along the wire, near enough to measure distances and to paint it from afar."""
        if self._points is None:
            self._points = [point for curve in self.curves for point in sample(curve, _STEPS - 1)]
        return self._points

    def distance(self, at: QPointF) -> float:
        """How far the wire is from a place."""
        x, y = at.x(), at.y()
        points = self.points()
        return min((apart((x, y), a, b)[0] for a, b in pairwise(points)), default=float("inf"))

    def nearest(self, at: QPointF) -> tuple[Point, int]:
        """The place on the wire that is nearest to another one, and how many dots lie before it."""
        points = self.points()
        pieces = [(apart((at.x(), at.y()), a, b), n) for n, (a, b) in enumerate(pairwise(points))]
        (_, share), number = min(pieces)
        (ax, ay), (bx, by) = points[number], points[number + 1]
        return (ax + (bx - ax) * share, ay + (by - ay) * share), number // _STEPS if self.dots else 0

    def segments(self) -> list[QLineF]:
        """The wire as a few straight lines, to paint many at once."""
        if self._segments is None:
            points = self.points()[::3]
            points.append(self.points()[-1])
            self._segments = [QLineF(*a, *b) for a, b in pairwise(points)]
        return self._segments

    def path(self) -> QPainterPath:
        return self._path

    def start(self) -> QPointF:
        return QPointF(*self.curves[0][0])

    def end(self) -> QPointF:
        return QPointF(*self.curves[-1][3])

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._pen())
        painter.drawPath(self._path)
        if self.dots and self.shows_dots:
            self._paint_dots(painter)

    def _paint_dots(self, painter: QPainter) -> None:
        lit = self.hovered or self.hovered_dot is not None
        painter.setBrush(self._pen().color())
        painter.setPen(self._style.port_edge)
        for number, (x, y) in enumerate(self.dots):
            radius = _DOT if number == self.hovered_dot else _DOT - 1.5 if lit else _DOT - 2
            painter.drawEllipse(QPointF(x, y), radius, radius)

    def _pen(self) -> QPen:
        if self.hovered or self.hovered_dot is not None:
            return self._style.wire_hover
        if self.problem:
            return self._style.wire_error
        if self.idle:
            return self._style.wire_idle
        return self._style.wire_lit if self.lit else self._style.wire


def path_of(curves: Sequence[Curve]) -> QPainterPath:
    path = QPainterPath(QPointF(*curves[0][0]))
    for _, control, other, end in curves:
        path.cubicTo(QPointF(*control), QPointF(*other), QPointF(*end))
    return path
