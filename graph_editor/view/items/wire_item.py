"""One edge of the graph, on the canvas."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import ceil, hypot, log2

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from graph_editor.document.canvas.wire_dots import apart
from graph_editor.document.graph import ArgumentPath, Edge
from graph_editor.view.items.grid_index import Bounds
from graph_editor.view.items.part import Part
from graph_editor.view.items.routing import Curve, Point, bow, route, sample, through
from graph_editor.view.painting.style import Style

WireKey = tuple[str, ArgumentPath]  # the call and the argument at which a wire ends

_DOT = 6.0  # the radius of a dot under the mouse
_STEPS = 13  # points that stand for a curve

WIRE_LEVEL = 1.0
_MARGIN = 4.0  # what a wire is wider than its line
_SMOOTH = 0.4  # pixels by which a straight line may miss the curve
_NOTHING = 1e-6
_COARSE = 300.0  # scene units: a shorter curve is one straight line when seen from very far


class WireItem(Part):
    """A smooth line from an output port to an input port; the scene says from where to where."""

    def __init__(self, edge: Edge, style: Style) -> None:
        super().__init__()
        self.edge = edge
        self.hidden = False  # it runs within a collapsed frame
        self.hovered = False
        self.lit = False  # one of its ends is hovered or selected
        self.problem = ""
        self.idle = False  # nothing runs through it: one of its ends is left out of the model
        self.dots: tuple[Point, ...] = ()  # that it runs through
        self.hovered_dot: int | None = None
        self.shows_dots = True
        self._style = style
        self._path: QPainterPath | None = None
        self._bounds: Bounds = (0.0, 0.0, 0.0, 0.0)
        self.curves: list[Curve] = []
        self._points: list[tuple[float, float]] | None = None
        self._segments: tuple[bool, list[QLineF]] | None = None
        self._lines: tuple[float, list[QLineF]] | None = None  # and the scale for which they are smooth

    def lead(
        self,
        start: QPointF,
        end: QPointF,
        boxes_in: Callable[[Bounds], Sequence[Bounds]] | None = None,
        dots: tuple[Point, ...] = (),
    ) -> None:
        """Run from ``start`` to ``end``, through ``dots`` and round the boxes that ``boxes_in`` finds."""
        a, b = (start.x(), start.y()), (end.x(), end.y())
        if boxes_in is None:
            curves = through(a, dots, b) if dots else [bow(a, b)]
        else:
            curves = through(a, dots, b, boxes_in) if dots else route(a, b, boxes_in)
        if curves != self.curves or dots != self.dots or self.is_carried():
            self.dots = dots
            self._take(curves)

    def _take(self, curves: list[Curve]) -> None:
        self.prepareGeometryChange()
        self.x = self.y = 0.0
        self.curves = curves
        self._path = self._points = self._lines = self._segments = None
        self._bounds = _bounds(curves, _DOT if self.dots else 0.0)
        self.geometryChanged()

    def show_state(self, **changes: object) -> None:
        new_values = {key: value for key, value in changes.items() if getattr(self, key) != value}
        for key, value in new_values.items():
            setattr(self, key, value)
        if new_values:
            self.update()

    def set_style(self, style: Style) -> None:
        self._style = style
        self.update()

    def points(self) -> list[tuple[float, float]]:
        """Points along the wire, near enough to measure distances and to paint it from afar."""
        if self._points is None:
            self._points = [point for curve in self.curves for point in sample(curve, _STEPS - 1)]
        return [(x + self.x, y + self.y) for x, y in self._points] if self.is_carried() else self._points

    def distance(self, at: QPointF) -> float:
        """Return how far the wire is from a place."""
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

    def segments(self, coarse: bool = False) -> list[QLineF]:
        """The wire as a few straight lines, to paint many at once from afar."""
        if self._segments is None or self._segments[0] != coarse:
            self._segments = coarse, [line for curve in self.curves for line in _segments(curve, coarse)]
        return self._segments[1]

    def dashes(self) -> list[QLineF]:
        """Every other piece of the wire, which costs less than a dashed pen."""
        return [QLineF(*a, *b) for curve in self.curves for a, b in pairwise(sample(curve, 8))][::2]

    def path(self) -> QPainterPath:
        if self._path is None:
            self._path = path_of(self.curves)
        return self._path

    def lines(self, scale: float) -> list[QLineF]:
        """The wire as so many straight lines that at ``scale`` nobody sees it."""
        if self._lines is None or not self._lines[0] / 4 < scale <= self._lines[0]:
            finest = 2.0 ** ceil(log2(scale))  # so that zooming seldom asks for others
            self._lines = finest, [line for curve in self.curves for line in _lines(curve, finest)]
        return self._lines[1]

    def shifted(self, dx: float, dy: float) -> tuple["WireItem", float, float]:
        """Itself, and where it is carried to when both ends move by as much: it keeps its form until led anew."""
        x, y = self.x + dx, self.y + dy
        return self, x if abs(x) > _NOTHING else 0.0, y if abs(y) > _NOTHING else 0.0

    def is_carried(self) -> bool:
        """Whether it has been shifted from where it was led."""
        return self.x != 0.0 or self.y != 0.0

    def start(self) -> QPointF:
        return QPointF(*self.curves[0][0]) + self.pos()

    def end(self) -> QPointF:
        return QPointF(*self.curves[-1][3]) + self.pos()

    def bounds(self) -> Bounds:
        """Return what it paints on."""
        left, top, right, bottom = self._bounds
        return left + self.x, top + self.y, right + self.x, bottom + self.y

    def boundingRect(self) -> QRectF:
        left, top, right, bottom = self._bounds
        return QRectF(left, top, right - left, bottom - top)

    def is_plain(self) -> bool:
        """Whether it looks like most wires, with nothing to say."""
        return not (self.hovered or self.lit or self.problem or self.idle or self.dots)

    def paint_part(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._pen())
        painter.drawPath(self.path())
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


def _bounds(curves: Sequence[Curve], more: float) -> Bounds:
    margin = _MARGIN + more
    xs = [point[0] for curve in curves for point in curve]
    ys = [point[1] for curve in curves for point in curve]
    return min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin


def _segments(curve: Curve, coarse: bool) -> list[QLineF]:
    (ax, ay), _, _, (dx, dy) = curve
    if _is_straight(curve) or (coarse and abs(dx - ax) < _COARSE and abs(dy - ay) < _COARSE):
        return [QLineF(ax, ay, dx, dy)]
    return [QLineF(*a, *b) for a, b in pairwise(sample(curve, 4))]


def _is_straight(curve: Curve) -> bool:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = curve
    return ax == bx == cx == dx and ay <= by <= dy and ay <= cy <= dy


def _lines(curve: Curve, scale: float) -> list[QLineF]:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = curve
    if _is_straight(curve):
        return [QLineF(ax, ay, dx, dy)]
    bend = max(hypot(ax - 2 * bx + cx, ay - 2 * by + cy), hypot(bx - 2 * cx + dx, by - 2 * cy + dy))
    count = min(300, 1 + int((0.75 * bend * scale / _SMOOTH) ** 0.5))
    return [QLineF(*a, *b) for a, b in pairwise(sample(curve, count))]


def path_of(curves: Sequence[Curve]) -> QPainterPath:
    path = QPainterPath(QPointF(*curves[0][0]))
    for _, control, other, end in curves:
        path.cubicTo(QPointF(*control), QPointF(*other), QPointF(*end))
    return path
