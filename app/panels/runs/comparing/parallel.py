"""Parallel coordinates: an axis for each fact, a line for each run."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.look.fonts import mono_font, ui_font
from app.look.theme import mix
from app.look.theme_source import ThemeSource
from app.panels.runs.comparing.facts import RunFacts
from app.panels.runs.comparing.run_plot import RunPlot, Stroke
from app.panels.runs.comparing.scale import Floats, Scale, spread
from resources.plain import shown_name
from resources.text import tr

_LEFT, _RIGHT, _TOP, _BOTTOM = 70.0, 90.0, 50.0, 22.0
_GRASP = 12.0  # pixels beside an axis where it can be brushed
_REACH = 7.0  # pixels around a line
_SMALLEST = 4.0  # pixels of a brush: less was a click
_FAINT = 0.16
_WIDE_LINES = 24
_KEPT = 1e-9


class ParallelPlot(RunPlot):
    """Dragging along an axis keeps the runs in that range; a click on the axis takes it back. `kept_changed` counts."""

    kept_changed = Signal(int)

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        self.scales: Sequence[Scale] = ()
        self._brushes: dict[str, tuple[float, float]] = {}  # by key of the fact, from low to high
        self._dragged: tuple[int, float] | None = None
        super().__init__(look, "runs_parallel", tr("Parallel coordinates of the runs"), parent)

    def show_facts(self, runs: Sequence[RunFacts], scales: Sequence[Scale]) -> None:
        self.runs, self.scales = runs, scales
        self.under = None
        keys = {scale.row.key for scale in scales}
        self._brushes = {key: brush for key, brush in self._brushes.items() if key in keys}
        self.touch()
        self._tell()

    def kept(self) -> Floats:
        """Whether each run lies in all ranges that were brushed, as 1 or 0."""
        inside = np.ones(len(self.runs), bool)
        for scale in self.scales:
            brush = self._brushes.get(scale.row.key)
            if brush is not None:
                with np.errstate(invalid="ignore"):
                    inside &= (scale.places >= brush[0] - _KEPT) & (scale.places <= brush[1] + _KEPT)
        return inside.astype(np.float64)

    def brush(self, key: str, low: float, high: float) -> None:
        """Keep the runs whose fact `key` lies between two places of its axis, 0 to 1."""
        self._brushes[key] = (min(low, high), max(low, high))
        self.touch()
        self._tell()

    def clear_brushes(self) -> None:
        self._brushes.clear()
        self.touch()
        self._tell()

    @property
    def brushed(self) -> bool:
        return bool(self._brushes)

    def _tell(self) -> None:
        self.kept_changed.emit(int(self.kept().sum()))

    # places

    def _x(self, axis: int) -> float:
        room = self.width() - _LEFT - _RIGHT
        return _LEFT + (room * axis / (len(self.scales) - 1) if len(self.scales) > 1 else room / 2)

    def _y(self, place: float) -> float:
        return self.height() - _BOTTOM - place * (self.height() - _TOP - _BOTTOM)

    def _place(self, y: float) -> float:
        room = self.height() - _TOP - _BOTTOM
        return min(1.0, max(0.0, (self.height() - _BOTTOM - y) / max(1.0, room)))

    def _points(self, run: int) -> list[QPolygonF]:
        """The line of a run, in pieces where something is not known of it."""
        pieces, piece = [], QPolygonF()
        for axis, scale in enumerate(self.scales):
            place = float(scale.places[run])
            if math.isnan(place):
                pieces.append(piece)
                piece = QPolygonF()
            else:
                piece.append(QPointF(self._x(axis), self._y(place)))
        return [piece for piece in (*pieces, piece) if piece.size()]

    # drawing

    def strokes(self) -> Iterator[Stroke]:
        kept, faint = self.kept(), QPen(self.color("dim", _FAINT), 1.0)
        width = 1.6 if len(self.runs) <= _WIDE_LINES else 1.0  # others are drawn ten times slower
        for run in np.flatnonzero(kept == 0):
            yield partial(self._draw_line, run=int(run), pen=faint)
        for run in np.flatnonzero(kept):
            yield partial(self._draw_line, run=int(run), pen=QPen(self._run_color(int(run)), width))
        for axis, scale in enumerate(self.scales):
            yield partial(self._draw_axis, axis=axis, scale=scale)

    def draw_run(self, painter: QPainter, run: int, color: QColor) -> None:
        self._draw_line(painter, run, QPen(color, 2.6))
        painter.setBrush(color)
        painter.setPen(QPen(self.color("panel"), 1.5))
        for piece in self._points(run):
            for number in range(piece.size()):
                painter.drawEllipse(piece.at(number), 4.0, 4.0)

    def _draw_line(self, painter: QPainter, run: int, pen: QPen) -> None:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for piece in self._points(run):
            painter.drawPolyline(piece)

    def _run_color(self, run: int) -> QColor:
        """By the last axis, from one colour to the other."""
        place = float(self.scales[-1].places[run]) if self.scales else math.nan
        if math.isnan(place):
            return self.color("dim", 0.7)
        return QColor(mix(self.theme.color("plot.1"), self.theme.color("plot.2"), place))

    def _draw_axis(self, painter: QPainter, axis: int, scale: Scale) -> None:
        x, top, bottom = self._x(axis), self._y(1.0), self._y(0.0)
        painter.setPen(QPen(self.color("faint"), 1))
        painter.drawLine(QPointF(x, top), QPointF(x, bottom))
        brush = self._brushes.get(scale.row.key)
        if brush is not None:
            box = QRectF(x - 6, self._y(brush[1]), 12, max(2.0, self._y(brush[0]) - self._y(brush[1])))
            painter.setPen(QPen(self.color("accent"), 1))
            painter.setBrush(self.color("accent", 0.45))
            painter.drawRoundedRect(box, 3, 3)
        room = (self.width() - _LEFT - _RIGHT) / max(1, len(self.scales) - 1) - 14
        self._draw_ticks(painter, scale, x, min(max(40.0, room), _RIGHT - 10 if axis == len(self.scales) - 1 else room))
        painter.setFont(ui_font(12))
        painter.setPen(self.color("text"))
        width = max(60.0, min(room + 8, 190.0))
        title = painter.fontMetrics().elidedText(shown_name(scale.row.title), Qt.TextElideMode.ElideMiddle, int(width))
        box = QRectF(x - width / 2, 8, width, 20)
        box.moveLeft(max(2.0, min(box.left(), self.width() - width - 2)))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), title)
        if scale.log:
            painter.setFont(ui_font(10))
            painter.setPen(self.color("dim"))
            painter.drawText(box.translated(0, 16), int(Qt.AlignmentFlag.AlignCenter), tr("logarithmic"))

    def _draw_ticks(self, painter: QPainter, scale: Scale, x: float, room: float) -> None:
        painter.setFont(mono_font(10))
        metrics = painter.fontMetrics()
        for place, text in spread(scale.ticks, self.height() - _TOP - _BOTTOM):
            short = metrics.elidedText(shown_name(text), Qt.TextElideMode.ElideRight, int(max(30.0, room)))
            box = QRectF(x + 7, self._y(place) - 8, metrics.horizontalAdvance(short) + 4, 16)
            painter.fillRect(box, self.color("panel", 1.0))
            painter.setPen(self.color("dim"))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), short)

    # mouse

    def anchor(self, run: int) -> QPointF:
        pieces = self._points(run)
        return pieces[-1].at(0) if pieces else QPointF(self.width() / 2, self.height() / 2)

    def nearest(self, place: QPointF) -> int | None:
        """The run whose line passes nearest; those that are not kept cannot be pointed at."""
        if len(self.scales) < 2 or not self.runs or self._axis_at(place) is not None:
            return None
        xs = [self._x(axis) for axis in range(len(self.scales))]
        axis = max(0, min(len(xs) - 2, int(np.searchsorted(xs, place.x())) - 1))
        if not xs[axis] <= place.x() <= xs[axis + 1]:
            return None
        share = (place.x() - xs[axis]) / (xs[axis + 1] - xs[axis])
        first, second = self.scales[axis].places, self.scales[axis + 1].places
        room = self.height() - _TOP - _BOTTOM
        away = np.abs((first + (second - first) * share) * room - (self.height() - _BOTTOM - place.y()))
        away = np.where(np.isnan(away) | (self.kept() == 0), np.inf, away)
        best = int(np.argmin(away))
        return best if away[best] <= _REACH else None

    def _axis_at(self, place: QPointF) -> int | None:
        if not _TOP - 10 <= place.y() <= self.height() - _BOTTOM + 10:
            return None
        return next((a for a in range(len(self.scales)) if abs(self._x(a) - place.x()) <= _GRASP), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        axis = self._axis_at(event.position())
        if axis is not None and event.button() == Qt.MouseButton.LeftButton:
            self._dragged = axis, event.position().y()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is None:
            super().mouseMoveEvent(event)
            if self._axis_at(event.position()) is not None:
                self.setCursor(Qt.CursorShape.SizeVerCursor)
            elif self.under is None:
                self.setCursor(Qt.CursorShape.ArrowCursor)
            return
        axis, start = self._dragged
        if abs(event.position().y() - start) > _SMALLEST:
            self.brush(self.scales[axis].row.key, self._place(start), self._place(event.position().y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged is None:
            super().mouseReleaseEvent(event)
            return
        (axis, start), self._dragged = self._dragged, None
        if abs(event.position().y() - start) <= _SMALLEST:
            self._brushes.pop(self.scales[axis].row.key, None)
            self.touch()
            self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.under is None and self._brushes:
            self.clear_brushes()
            event.accept()
        else:
            super().keyPressEvent(event)
