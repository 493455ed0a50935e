"""All plots of a run, or of several, of all kinds that there are, redrawn by a timer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.plots.board_plot import BoardPlot
from app.panels.plots.plot_kind import PlotKind, plot_kinds
from app.panels.plots.run_curves import By, RunCurves
from app.panels.plots.shown_runs import ShownRuns
from graph_editor.words.letting_go import let_go
from resources.text import tr

if TYPE_CHECKING:
    from app.panels.plots.card import PlotCard

FRAME_MS = 50  # at most 20 pictures a second
_TWO_COLUMNS = 620
_GAP = 14


class PlotBoard(QScrollArea):
    """`follow` shows one run as it grows, `compare` several. It draws only when visible and when something changed."""

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plot_board")
        self.setAccessibleName(tr("Plots"))
        self.setWidgetResizable(True)
        self._look = look
        look.changed.connect(self._on_theme)
        self._plots: dict[tuple[str, str], BoardPlot] = {}  # by kind and name
        self.shown = ShownRuns()
        self._drawn: object = None
        self._hairlines = False
        self._view: tuple[By, float] | None = None  # what was chosen for all plots
        self._columns = 2
        self._inner = QWidget()
        self._inner.setObjectName("plot_inner")
        self._grid = QGridLayout(self._inner)
        self._grid.setContentsMargins(_GAP, _GAP, _GAP, _GAP)
        self._grid.setSpacing(_GAP)
        self.setWidget(self._inner)
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._on_tick)

    def follow(self, run: RunCurves, earlier: Sequence[RunCurves], outputs: Mapping[str, str]) -> None:
        """Show `run`, with `earlier` ones faint behind it. `outputs`: what people call them, by name."""
        self._show(ShownRuns([run], list(earlier), outputs=outputs))

    def compare(self, runs: Sequence[RunCurves], outputs: Mapping[str, str]) -> None:
        """Show several runs in colours of their own."""
        self._show(ShownRuns(list(runs), comparing=True, outputs=outputs))

    def set_view(self, by: By, smoothing: float) -> None:
        """What x is in all plots, and how far their lines are smoothed; plots that come later follow."""
        self._view = (by, smoothing)
        for plot in self._plots.values():
            plot.set_view(by, smoothing)

    def _on_theme(self, _theme: Theme) -> None:
        self.touch()

    @property
    def plots(self) -> dict[tuple[str, str], BoardPlot]:
        """All that stand on it, by kind and name."""
        return dict(self._plots)

    @property
    def cards(self) -> dict[str, PlotCard]:
        """Those of metrics, by their names."""
        return {name: cast("PlotCard", plot) for (kind, name), plot in self._plots.items() if kind == "metrics"}

    def touch(self) -> None:
        """Draw at the next tick whatever changed."""
        self._drawn = None

    def redraw(self) -> None:
        """Bring cards and lines up to date now."""
        self._drawn = self._state()
        self._sync_plots()
        self._draw()
        if self._agree_on_lines():
            self._draw()

    def _draw(self) -> None:
        for plot in self._plots.values():
            if not plot.visibleRegion().isEmpty() or not self.isVisible():
                plot.draw(self.shown)

    def _agree_on_lines(self) -> bool:
        """One width of lines for the whole board: hairlines as soon as one plot needs them. Whether that is new."""
        hairlines = any(plot.wants_hairlines() for plot in self._plots.values())
        changed, self._hairlines = hairlines != self._hairlines, hairlines
        for plot in self._plots.values():
            plot.set_hairlines(hairlines)
        return changed

    def _show(self, shown: ShownRuns) -> None:
        self.shown = shown
        for plot in self._plots.values():
            plot.follow(shown)
        self.touch()

    def _state(self) -> object:
        return self.shown.versions(), self.verticalScrollBar().value()

    def _on_tick(self) -> None:
        if self._state() != self._drawn:
            self.redraw()

    # plots

    def _sync_plots(self) -> None:
        kinds = plot_kinds()
        kinds_by_plot = {(kind.key, name): kind for kind in kinds for name in kind.names(self.shown)}
        if list(kinds_by_plot) == list(self._plots):
            return
        for key in set(self._plots) - set(kinds_by_plot):
            let_go(self._plots.pop(key))
        self._plots = {key: self._plots.get(key) or self._new_plot(kind, key[1]) for key, kind in kinds_by_plot.items()}
        self._place_plots()

    def _new_plot(self, kind: PlotKind, name: str) -> BoardPlot:
        plot = kind.make(name, self._look)
        plot.follow(self.shown)
        if self._view is not None:
            plot.set_view(*self._view)
        plot.options_changed.connect(self.touch)
        plot.options_for_all_requested.connect(lambda options, key=kind.key: self._on_options_for_all(key, options))
        return plot

    def _place_plots(self) -> None:
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        place = 0
        for plot in self._plots.values():
            if plot.wide:
                place += -place % self._columns  # a row of its own
                self._grid.addWidget(plot, place // self._columns, 0, 1, self._columns)
                place += self._columns
            else:
                self._grid.addWidget(plot, place // self._columns, place % self._columns)
                place += 1
            self._grid.setRowStretch((place - 1) // self._columns, 1)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)

    def _on_options_for_all(self, kind: str, options: object) -> None:
        for (key, _), plot in self._plots.items():
            if key == kind:
                plot.set_options(options)

    # when to draw

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.touch()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = 2 if self.viewport().width() >= _TWO_COLUMNS else 1
        if columns != self._columns:
            self._columns = columns
            self._place_plots()
        self.touch()
