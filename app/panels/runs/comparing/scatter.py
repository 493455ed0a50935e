"""A point for each run: one fact against another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.look.fonts import mono_font, ui_font
from app.look.theme_source import ThemeSource
from app.panels.runs.comparing.facts import RunFacts
from app.panels.runs.comparing.run_plot import RunPlot, Stroke
from app.panels.runs.comparing.scale import Scale, spread
from resources.plain import shown_name
from resources.text import tr

_LEFT, _RIGHT, _TOP, _BOTTOM = 84.0, 30.0, 34.0, 56.0
_REACH = 12.0
_RADIUS = 5.0
_NAMED = 12  # runs whose numbers stand at their points


class ScatterPlot(RunPlot):
    """Runs of which one of the two is not known are not drawn."""

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        self._scales: tuple[Scale, Scale] | None = None
        super().__init__(look, "runs_scatter", tr("Scatter plot of the runs"), parent)

    def show_facts(self, runs: Sequence[RunFacts], scales: tuple[Scale, Scale] | None) -> None:
        self.runs, self._scales = runs if scales is not None else (), scales
        self.under = None
        self.touch()

    def words_of(self, run: int) -> str:
        assert self._scales is not None
        rows = [scale.row for scale in self._scales]
        return " · ".join([super().words_of(run), *(f"{shown_name(row.title)} {row.texts[run]}" for row in rows)])

    def points(self) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """x and y of each run in the widget, NaN where it is not known."""
        assert self._scales is not None
        wide, high = self.width() - _LEFT - _RIGHT, self.height() - _TOP - _BOTTOM
        x, y = (scale.places for scale in self._scales)
        return np.stack([_LEFT + x * wide, self.height() - _BOTTOM - y * high], axis=1)

    def strokes(self) -> Iterator[Stroke]:
        assert self._scales is not None
        yield partial(self._draw_axes, x_scale=self._scales[0], y_scale=self._scales[1])
        color = self.color("plot.1", 0.8)
        for run, (x, y) in enumerate(self.points()):
            if not (np.isnan(x) or np.isnan(y)):
                yield partial(self._draw_named, at=QPointF(x, y), color=color, number=self.runs[run].number)

    def _draw_named(self, painter: QPainter, at: QPointF, color: QColor, number: int) -> None:
        self._draw_point(painter, at, color, _RADIUS)
        if len(self.runs) <= _NAMED:
            painter.setFont(mono_font(10))
            painter.setPen(self.color("dim"))
            painter.drawText(at + QPointF(8, 4), str(number))

    def draw_run(self, painter: QPainter, run: int, color: QColor) -> None:
        x, y = self.points()[run]
        if not (np.isnan(x) or np.isnan(y)):
            self._draw_point(painter, QPointF(x, y), color, _RADIUS + 2)

    def _draw_point(self, painter: QPainter, at: QPointF, color: QColor, radius: float) -> None:
        painter.setPen(QPen(self.color("panel"), 1.2))
        painter.setBrush(color)
        painter.drawEllipse(at, radius, radius)

    def _draw_axes(self, painter: QPainter, x_scale: Scale, y_scale: Scale) -> None:
        area = QRectF(_LEFT, _TOP, self.width() - _LEFT - _RIGHT, self.height() - _TOP - _BOTTOM)
        painter.setFont(mono_font(10))
        metrics = painter.fontMetrics()
        before = -1e9
        for place, text in x_scale.ticks:
            x = area.left() + place * area.width()
            painter.setPen(self.color("line"))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            short = metrics.elidedText(shown_name(text), Qt.TextElideMode.ElideRight, 110)
            wide = metrics.horizontalAdvance(short) + 6
            if x - wide / 2 < before:  # it would lie on the one before
                continue
            before = x + wide / 2
            box = QRectF(min(x - wide / 2, self.width() - wide), area.bottom() + 6, wide, 16)
            painter.setPen(self.color("dim"))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), short)
        for place, text in spread(y_scale.ticks, area.height()):
            y = area.bottom() - place * area.height()
            painter.setPen(self.color("line"))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            short = metrics.elidedText(shown_name(text), Qt.TextElideMode.ElideRight, int(_LEFT - 14))
            painter.setPen(self.color("dim"))
            box = QRectF(4, y - 8, _LEFT - 12, 16)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), short)
        painter.setFont(ui_font(12))
        painter.setPen(self.color("text"))
        painter.drawText(QRectF(area.left(), self.height() - 26, area.width(), 20), 0x84, _title(x_scale))
        painter.drawText(QRectF(8, 6, self.width() - 16, 20), 0x81, _title(y_scale))

    def anchor(self, run: int) -> QPointF:
        x, y = self.points()[run]
        return QPointF(float(x), float(y)) if not (np.isnan(x) or np.isnan(y)) else QPointF(_LEFT, _TOP)

    def nearest(self, place: QPointF) -> int | None:
        if not self.runs:
            return None
        away = np.hypot(*(self.points() - np.array([place.x(), place.y()])).T)
        away = np.where(np.isnan(away), np.inf, away)
        best = int(np.argmin(away))
        return best if away[best] <= _REACH else None


def _title(scale: Scale) -> str:
    title = shown_name(scale.row.title)
    return tr("{title}, logarithmic", title=title) if scale.log else title
