"""Paints all wires at once: as many straight lines, few of them when seen from afar."""

from collections.abc import Iterable
from itertools import pairwise
from math import ceil, floor
from typing import Final

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from graph_editor.view.items.chunks import Chunks
from graph_editor.view.items.grid_index import Bounds
from graph_editor.view.items.part import Layer
from graph_editor.view.items.wire_item import WIRE_LEVEL, WireItem
from graph_editor.view.painting.metrics import TEXT_ZOOM
from graph_editor.view.painting.style import Style

_SQUARE: Final = 512.0
_NEAR: Final = 10.0  # by which a wire and its dots are wider than its line
_THIN: Final = 1.15  # pixels: thinner wires are painted one pixel wide, which is many times as fast
_COARSE_ZOOM: Final = 0.12  # below it a curve is one straight line
_MANY: Final = 7000  # more straight pieces than this are painted without smoothing


class WireLayer(Layer):
    def __init__(self, style: Style) -> None:
        super().__init__(WIRE_LEVEL)
        self._style = style
        self._chunks: Chunks[WireItem, list[QLineF]] = Chunks(_collect)
        self._squares: dict[tuple[int, int], dict[WireItem, None]] = {}
        self._squares_of: dict[WireItem, list[tuple[int, int]]] = {}
        self._adrift: dict[WireItem, None] = {}  # carried about with the boxes at their ends

    def __len__(self) -> int:
        return len(self._chunks) + len(self._adrift)

    def set_style(self, style: Style) -> None:
        self._style = style
        self.update()

    def within(self, area: Bounds) -> list[WireItem]:
        """The wires whose bounds touch ``area``, those made first first, as far as they come near it."""
        left, top, right, bottom = area
        if (right - left) * (bottom - top) / _SQUARE**2 > len(self._squares):
            near: dict[WireItem, None] = dict.fromkeys(self._squares_of)
        else:
            near = {}
            for square in _squares(area):
                near.update(self._squares.get(square, {}))
        near.update(self._adrift)
        wires = []
        for wire in near:
            a, b, c, d = wire.bounds()
            if a <= right and c >= left and b <= bottom and d >= top:
                wires.append(wire)
        return wires

    def take_place(self, part: WireItem) -> None:
        if not part.curves:
            return
        if part.is_carried():
            if part not in self._adrift:
                self.forget(part)
                self._adrift[part] = None
            return
        self._adrift.pop(part, None)
        bounds = part.bounds()
        self._chunks.put(part, bounds)
        if (bounds[2] - bounds[0]) * (bounds[3] - bounds[1]) > 9 * _SQUARE**2:
            squares = list(_along(part))  # a long wire comes near few of the squares that it spans
        else:
            squares = _squares(bounds)
        before = self._squares_of.get(part)
        if before != squares:
            self._take_out(part)
            self._squares_of[part] = squares
            for square in squares:
                self._squares.setdefault(square, {})[part] = None

    def refresh(self, part: WireItem) -> None:
        self._chunks.touch(part)
        self.expose(part)

    def forget(self, part: WireItem) -> None:
        self._chunks.drop(part)
        self._adrift.pop(part, None)
        self._take_out(part)

    def _take_out(self, part: WireItem) -> None:
        for square in self._squares_of.pop(part, ()):
            members = self._squares[square]
            del members[part]
            if not members:
                del self._squares[square]

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """On a view; a picture for a file has no widget, and shows every detail at any size."""
        area: QRectF = option.exposedRect  # type: ignore[attr-defined]
        bounds = area.left(), area.top(), area.right(), area.bottom()
        scale = painter.worldTransform().m11()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if widget is not None and scale < TEXT_ZOOM:
            self._paint_far(painter, bounds, scale)
            return
        wires = [wire for wire in self.within(bounds) if wire.isVisible()]
        if widget is None:
            for wire in wires:
                wire.paint_part(painter)
            return
        for at, led_alike in _by_place(wires).items():
            painter.translate(*at)
            plain = [wire for wire in led_alike if wire.is_plain()]
            if self._style.wire.widthF() * scale < _THIN:
                self._paint_thin(painter, plain)
            else:
                self._paint_lines(painter, plain, scale)
            for wire in led_alike:
                if not wire.is_plain():  # those that stand out lie above
                    wire.paint_part(painter)
            painter.translate(-at[0], -at[1])

    def _paint_thin(self, painter: QPainter, wires: list[WireItem]) -> None:
        """All in one go: a path that is one pixel wide costs next to nothing."""
        path = QPainterPath()
        for wire in wires:
            path.addPath(wire.path())
        painter.setPen(self._hair())
        painter.drawPath(path)

    def _paint_lines(self, painter: QPainter, wires: list[WireItem], scale: float) -> None:
        """Straight lines without round ends, which the ports hide, are painted many times as fast as wide paths."""
        pen = QPen(self._style.wire)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        painter.setPen(pen)
        painter.drawLines([line for wire in wires for line in wire.lines(scale)])

    def _paint_far(self, painter: QPainter, area: Bounds, scale: float) -> None:
        lines: list[QLineF] = []
        for lot in self._chunks.within(area, coarse=scale < _COARSE_ZOOM):
            lines += lot
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(lines) < _MANY)
        painter.setPen(self._hair())
        painter.drawLines(lines)
        for at, carried in _by_place(self._adrift).items():
            painter.translate(*at)
            painter.drawLines(_collect(carried, scale < _COARSE_ZOOM))
            painter.translate(-at[0], -at[1])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _hair(self) -> QPen:
        pen = QPen(self._style.wire.color(), 1.0)
        pen.setCosmetic(True)
        return pen


def _by_place(wires: Iterable[WireItem]) -> dict[tuple[float, float], list[WireItem]]:
    """Wires that are carried about together."""
    wires_by_place: dict[tuple[float, float], list[WireItem]] = {}
    for wire in wires:
        wires_by_place.setdefault((wire.x, wire.y), []).append(wire)
    return wires_by_place


def _collect(wires: list[WireItem], coarse: bool) -> list[QLineF]:
    shown = [wire for wire in wires if wire.isVisible()]
    return [line for wire in shown for line in (wire.dashes() if wire.idle else wire.segments(coarse))]


def _along(wire: WireItem) -> dict[tuple[int, int], None]:
    """The squares that a wire comes near, found step by step: it may lead very far."""
    squares: dict[tuple[int, int], None] = {}
    for (ax, ay), (bx, by) in pairwise(wire.points()):
        steps = ceil(max(abs(bx - ax), abs(by - ay)) / _SQUARE) or 1
        for step in range(steps):
            (x, y), (u, v) = ((ax + (bx - ax) * t / steps, ay + (by - ay) * t / steps) for t in (step, step + 1))
            area = (min(x, u) - _NEAR, min(y, v) - _NEAR, max(x, u) + _NEAR, max(y, v) + _NEAR)
            squares.update(dict.fromkeys(_squares(area)))
    return squares


def _squares(bounds: Bounds) -> list[tuple[int, int]]:
    left, top, right, bottom = (floor(value / _SQUARE) for value in bounds)
    return [(column, row) for column in range(left, right + 1) for row in range(top, bottom + 1)]
