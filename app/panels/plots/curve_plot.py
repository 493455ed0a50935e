"""A plot of growing lines on pyqtgraph: zoom, pan, a cursor, a logarithmic axis. Import it only when a plot is needed.

pyqtgraph costs a quarter of a second to import, which the window must not pay before it is on screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QPen
from PySide6.QtWidgets import QFrame, QWidget

from app.look.fonts import mono_font
from app.look.theme import Theme, mix
from app.look.theme_source import ThemeSource
from app.panels.plots.axes import CursorAxis, ValueAxis
from app.panels.plots.curves import Floats, bin_means, finite_range, staircase, thin
from app.panels.plots.formats import count_text, time_text
from app.panels.plots.lines import Line, PlotOptions
from app.panels.plots.marks import Drawn, Marks, gaps

_PADDING = 0.06
_SMALLEST_LOG_SPAN = 0.3
_WIDE_POINTS = 1600  # wide pens are drawn several times slower than hairlines: so many points of a plot may have them
_MARK_ROOM = 4.0
_TOP_ROOM = 6.0
_RIGHT_ROOM = 10.0  # the last label of the axis reaches beyond its tick
_CALM_LENGTH = 8.0  # times the height of a line: one that goes up and down more is drawn by a hairline
_SAME = 1e-6  # of a value: what Keras tells in 32 bits and what was asked for in 64 differ by less


class CurvePlot(pg.PlotWidget):
    """Draws the lines it is given. Ranges follow the data until the user zooms, `reset_view` follows it again."""

    cursor_moved = Signal(object)  # x under the cursor (float), None when it has left
    zoom_changed = Signal(bool)  # whether the user chose the range
    menu_requested = Signal(object)  # QPoint on the screen

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        self._bottom = CursorAxis(orientation="bottom")
        self._left = ValueAxis(orientation="left")
        super().__init__(
            parent, viewBox=_CurveView(), axisItems={"bottom": self._bottom, "left": self._left}, enableMenu=False
        )
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.plotItem.hideButtons()
        self.plotItem.layout.setContentsMargins(1, _TOP_ROOM, _RIGHT_ROOM, 1)
        self._view: _CurveView = self.plotItem.vb
        self._items: dict[str, pg.PlotCurveItem] = {}
        self._lines: list[Line] = []
        self._hairlines = False
        self.wants_hairlines = False  # what it drew is long: wide lines would be too slow
        self._options = PlotOptions()
        self._limit = 0.0
        self._zoomed = False
        self._cursor: float | None = None
        self._resting: float | None = None
        self._cursor_line = pg.InfiniteLine(angle=90, movable=False)
        self._dots = pg.ScatterPlotItem(size=7, pxMode=True)
        self.marks = Marks(self.plotItem)
        for item in (self._cursor_line, self._dots):
            item.setZValue(50)
            item.hide()
            self.plotItem.addItem(item, ignoreBounds=True)
        self._view.double_clicked.connect(self.reset_view)
        self._view.menu_requested.connect(self.menu_requested)
        self._view.sigRangeChangedManually.connect(self._on_range_chosen)
        look.follow(self._on_theme)

    # what is shown

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackground(theme.color("panel"))
        self._bottom.mark_color = QColor(theme.color("accent.text"))
        for axis in (self._bottom, self._left):
            axis.setStyle(tickFont=mono_font(11), tickLength=0, maxTickLevel=0)
            axis.setStyle(hideOverlappingLabels=False)
            axis.setPen(QPen(Qt.PenStyle.NoPen))
            axis.setTextPen(theme.color("dim"))
            axis.setTickPen(QPen(QColor(theme.color("line")), 1))
        self._left.setStyle(tickTextOffset=6)
        self._left.setGrid(255)
        self._left.setZValue(-100)  # the grid lies behind the lines
        accent = QColor(theme.color("accent"))
        accent.setAlphaF(0.7)
        self._cursor_line.setPen(pg.mkPen(accent, width=1, style=Qt.PenStyle.DashLine))
        for item in self._items.values():
            self.plotItem.removeItem(item)
        self._items.clear()

    def show_lines(self, lines: Sequence[Line], options: PlotOptions, limit: float, resting: float | None) -> None:
        """Draw `lines`. x ends at `limit` at the latest; `resting` is the cursor's place when there is no mouse."""
        if options.by != self._options.by or options.log != self._options.log:
            self._view.hold_y(False)
            self._set_zoomed(False)
            self._left.setLogMode(options.log)
        if options != self._options:
            self.wants_hairlines = False
        self._options, self._limit, self._resting = options, limit, resting
        self._bottom.by_time = options.by == "time"
        self._lines = list(lines)
        for key in set(self._items) - {line.key for line in lines}:
            self.plotItem.removeItem(self._items.pop(key))
        if not self._zoomed:
            self._fit_x()
        self._draw()
        self._place_cursor()

    def set_hairlines(self, on: bool) -> None:
        """Draw every line as a hairline from the next drawing on, or each in its own width."""
        self._hairlines = on

    def value_at(self, line: Line, x: float | None) -> float | None:
        """The value in the legend: what is drawn at x, or the latest value as it was reported without an x."""
        if x is not None:
            point = _point_at(line, x)
            return point[1] if point else None
        points = line.last if line.last is not None else line.points
        return float(points.y[-1]) if len(points) else None

    @property
    def cursor(self) -> float | None:
        return self._cursor

    def reset_view(self) -> None:
        """Follow the data again."""
        self._view.hold_y(False)
        self._set_zoomed(False)
        self._fit_x()
        self._draw()
        self._place_cursor()

    # ranges

    def _set_zoomed(self, zoomed: bool) -> None:
        if zoomed != self._zoomed:
            self._zoomed = zoomed
            self.zoom_changed.emit(zoomed)

    def _on_range_chosen(self, _axes: object) -> None:
        self._set_zoomed(True)
        self._draw()
        self._place_cursor()

    def _fit_x(self) -> None:
        last = max((float(line.points.x[-1]) for line in self._lines if len(line.points)), default=0.0)
        first = 1.0 if self._options.by == "epoch" else 0.0
        end = _axis_end(last, self._limit)
        end = max(end, 1e-3) if self._options.by == "time" else max(first + 1.0, end)
        beyond = (end - first) * _MARK_ROOM / max(100.0, float(self._view.width()))  # the last point is seen whole
        self._view.setXRange(first, end + beyond, padding=0)

    def _fit_y(self, shown: Sequence[Floats]) -> None:
        ranges = [found for values in shown if (found := finite_range(values)) is not None]
        if not ranges:
            return
        low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
        span = high - low
        if span <= _SAME * max(abs(low), abs(high), 1e-12):
            span = _SMALLEST_LOG_SPAN if self._options.log else max(abs(high) * 0.2, 1e-9)
            low, high = low - span / 2, high + span / 2
        pad = span * _PADDING
        self._view.setYRange(low - pad, high + pad, padding=0)

    # drawing

    def _draw(self) -> None:
        low, high = self._view.viewRange()[0]
        pixels = max(200, int(self._view.width()))
        drawn = [self._visible(line, low, high, pixels) for line in self._lines]
        self._wish(drawn)
        for one in drawn:
            complete = bool(np.isfinite(one.y).all())
            item = self._item(one.line)
            self._set_width(item, one.line)
            corners = staircase(one.x, one.y) if one.line.held else (one.x, one.y)
            item.setData(*corners, connect="all" if complete else "finite", skipFiniteCheck=complete)
        if not self._view.y_is_held:
            self._fit_y([one.y for one in drawn])
        bottom, top = self._view.viewRange()[1]
        self.marks.show(drawn, bottom, top, self._theme)

    def _wish(self, drawn: Sequence[Drawn]) -> None:
        """Ask for hairlines where wide ones take too long; the wish stays, or lines would change while they grow."""
        wide = [one for one in drawn if one.line.width > 1]
        if sum(one.x.size for one in wide) > _WIDE_POINTS or not all(_calm(one.y) for one in wide):
            self.wants_hairlines = True

    def _visible(self, line: Line, low: float, high: float, pixels: int) -> Drawn:
        window = line.points.window(low, high)
        x, y = line.points.x[window], line.points.y[window]
        missing = gaps(x, y, pixels)
        if line.smoothed:
            x, y = bin_means(x, y, pixels // 3, window.start)
        else:
            x, y = thin(x, y, pixels if line.width <= 1 else pixels // 3, window.start)
        if self._options.log:
            with np.errstate(divide="ignore", invalid="ignore"):
                y = np.where(y > 0, np.log10(y), np.nan)
        return Drawn(line, x, y, missing)

    def _item(self, line: Line) -> pg.PlotCurveItem:
        item = self._items.get(line.key)
        if item is None:
            item = pg.PlotCurveItem()
            item.setZValue(10 if line.width > 1 else 2 if line.key.endswith(".raw") else 1)
            self._items[line.key] = item
            self.plotItem.addItem(item, ignoreBounds=True)
        return item

    def _set_width(self, item: pg.PlotCurveItem, line: Line) -> None:
        width = 1.0 if self._hairlines else line.width
        if item.property("pen_width") == width:
            return
        item.setProperty("pen_width", width)
        # Mixed here, since blending while drawing makes a line several times slower.
        color = QColor(mix(self._theme.color("panel"), line.color, line.opacity))
        style = Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine
        item.opts["antialias"] = width > 1
        # Single segments are drawn faster than a path, but the joints of wide ones show.
        item.setSegmentedLineMode("off" if width > 1 else "on")
        item.setPen(pg.mkPen(color, width=width, style=style))

    # the cursor

    def mouseMoveEvent(self, event: Any) -> None:
        super().mouseMoveEvent(event)
        position = self.mapToScene(event.position().toPoint())
        inside = self._view.sceneBoundingRect().contains(position)
        self._move_cursor(float(self._view.mapSceneToView(position).x()) if inside else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._move_cursor(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step_cursor(-1 if key == Qt.Key.Key_Left else 1)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._zoom_by_key(1.25 if key == Qt.Key.Key_Minus else 0.8)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_0):
            self.reset_view()
        elif key == Qt.Key.Key_Escape and self._cursor is not None:
            self._move_cursor(None)
        else:
            event.ignore()
            return
        event.accept()

    def _move_cursor(self, x: float | None) -> None:
        if x is not None:
            x = min(max(x, 0.0), self._last_x()) if self._lines else None
            if x is not None and self._options.by != "time":
                x = float(round(x))  # values are there for whole steps and epochs only
        if x is None and self._cursor is None:
            return
        self._cursor = x
        self._place_cursor()
        self.cursor_moved.emit(x)

    def _step_cursor(self, direction: int) -> None:
        low, high = self._view.viewRange()[0]
        one = {"epoch": 1.0, "step": max(1.0, (high - low) / 200), "time": (high - low) / 200}[self._options.by]
        rest = self._resting if self._resting is not None else self._last_x()
        start = self._cursor if self._cursor is not None else rest
        self._move_cursor(start + direction * one)

    def _zoom_by_key(self, factor: float) -> None:
        low, high = self._view.viewRange()[0]
        center = self._cursor if self._cursor is not None else (low + high) / 2
        self._set_zoomed(True)
        self._view.setXRange(center - (center - low) * factor, center + (high - center) * factor, padding=0)
        self._draw()
        self._place_cursor()

    def _last_x(self) -> float:
        return max((float(line.points.x[-1]) for line in self._lines if len(line.points)), default=0.0)

    def _place_cursor(self) -> None:
        x = self._cursor if self._cursor is not None else self._resting
        self._cursor_line.setVisible(x is not None)
        by_time = self._options.by == "time"
        self._bottom.set_mark(x, "" if x is None else time_text(x) if by_time else count_text(x))
        if x is None:
            self._dots.hide()
            return
        self._cursor_line.setValue(x)
        self._dots.setVisible(self._cursor is not None)
        if self._cursor is not None:
            found = [(line, _point_at(line, x)) for line in self._lines if line.in_legend]
            self._dots.setData([self._dot(line, *point) for line, point in found if point and self._has_dot(point[1])])

    def _has_dot(self, value: float) -> bool:
        return bool(np.isfinite(value)) and (value > 0 or not self._options.log)

    def _dot(self, line: Line, x: float, value: float) -> dict[str, object]:
        y = float(np.log10(value)) if self._options.log else value
        return {"pos": (x, y), "brush": line.color, "pen": pg.mkPen(self._theme.color("panel"), width=1)}

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Of the menu key; a right button may still become a drag, the view says when it was a click."""
        event.accept()
        if event.reason() != QContextMenuEvent.Reason.Mouse:
            self.menu_requested.emit(event.globalPos())


class _CurveView(pg.ViewBox):
    """The area of the lines: the mouse drags and zooms it, a double click resets it.

    The wheel zooms x. With Shift or Ctrl it zooms y, which then stays as it is until `hold_y(False)`.
    """

    double_clicked = Signal()
    menu_requested = Signal(object)  # QPoint on the screen

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0)
        self.disableAutoRange()
        self.hold_y(False)

    @property
    def y_is_held(self) -> bool:
        """Whether the user chose the range of y; only then does the mouse move it."""
        return bool(self.state["mouseEnabled"][1])

    def hold_y(self, hold: bool) -> None:
        self.setMouseEnabled(x=True, y=hold)

    def wheelEvent(self, event: Any, axis: int | None = None) -> None:
        if axis is None:
            keys = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
            axis = 1 if event.modifiers() & keys else 0
        if axis == 1:
            self.hold_y(True)
        super().wheelEvent(event, axis)

    def mouseClickEvent(self, event: Any) -> None:
        if event.double() and event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.double_clicked.emit()
        elif event.button() == Qt.MouseButton.RightButton:
            event.accept()
            place = event.screenPos()
            self.menu_requested.emit(QPoint(round(place.x()), round(place.y())))


def _point_at(line: Line, x: float) -> tuple[float, float] | None:
    """The point of a line that stands for x: the nearest that was measured, or x itself where values are held."""
    if not line.held:
        return line.points.nearest(x)
    value = line.points.value_at(x)
    return None if value is None else (x, value)


def _calm(y: Floats) -> bool:
    """Whether a line goes up and down little enough for a wide, smooth pen, which is paid by the length it draws."""
    limits = finite_range(y)
    if limits is None or limits[1] <= limits[0]:
        return True
    return float(np.nansum(np.abs(np.diff(y)))) <= _CALM_LENGTH * (limits[1] - limits[0])


def _axis_end(last: float, limit: float) -> float:
    """The end of x: a part (1, 1/2 ... 1/16) of what is planned that holds the data, so that it rarely moves."""
    if limit <= last or last <= 0:
        return max(last, 1.0)
    end = limit
    for _ in range(4):
        if end / 2 < last * 1.02:
            break
        end /= 2
    return end
