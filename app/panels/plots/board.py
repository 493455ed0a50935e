"""All plots of a run, or of several: a card for every metric that is reported, redrawn by a timer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.plots.lines import Line, PlotOptions, compared_lines, live_lines
from app.panels.plots.run_curves import LEARNING_RATE, RunCurves
from app.panels.plots.titles import metric_title
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
        self._cards: dict[str, PlotCard] = {}
        self._runs: list[RunCurves] = []
        self._earlier: list[RunCurves] = []
        self._comparing = False
        self._outputs: tuple[str, ...] = ()
        self._drawn: object = None
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

    def follow(self, run: RunCurves, earlier: Sequence[RunCurves], outputs: Iterable[str]) -> None:
        """Show `run`, with `earlier` ones faint behind it. `outputs`: names of the model's outputs, for titles."""
        self._show([run], earlier, outputs, comparing=False)

    def compare(self, runs: Sequence[RunCurves], outputs: Iterable[str]) -> None:
        """Show several runs in colours of their own."""
        self._show(runs, (), outputs, comparing=True)

    def _on_theme(self, _theme: Theme) -> None:
        self.touch()

    @property
    def cards(self) -> dict[str, PlotCard]:
        """The cards by metric name."""
        return dict(self._cards)

    def touch(self) -> None:
        """Draw at the next tick whatever changed."""
        self._drawn = None

    def redraw(self) -> None:
        """Bring cards and lines up to date now."""
        self._drawn = self._state()
        self._sync_cards()
        for card in self._cards.values():
            if not card.visibleRegion().isEmpty() or not self.isVisible():
                self._draw(card)

    def _show(
        self, runs: Sequence[RunCurves], earlier: Sequence[RunCurves], outputs: Iterable[str], comparing: bool
    ) -> None:
        self._runs, self._earlier, self._comparing = list(runs), list(earlier), comparing
        self._outputs = tuple(outputs)
        for metric, card in self._cards.items():
            card.set_title(metric_title(metric, self._outputs))
        self.touch()

    def _state(self) -> object:
        return tuple((id(run), run.version) for run in (*self._runs, *self._earlier)), self.verticalScrollBar().value()

    def _on_tick(self) -> None:
        if self._state() != self._drawn:
            self.redraw()

    def _draw(self, card: PlotCard) -> None:
        steps = max((max(run.total_steps, run.step) for run in self._runs), default=0)
        epochs = max((max(run.total_epochs, run.epoch) for run in self._runs), default=0)
        live = self._runs[0] if self._runs and not self._comparing else None
        unfinished = live is not None and 0 < live.step < live.total_steps
        card.set_scope(
            {"step": float(steps), "epoch": float(epochs)},
            {"step": float(live.step) if live is not None and unfinished else None, "epoch": None},
        )
        card.show_lines(self._lines(card.metric_name, card.options))

    def _lines(self, metric: str, options: PlotOptions) -> list[Line]:
        if self._comparing:
            return compared_lines(self._runs, metric, options, self._look.theme)
        return live_lines(self._runs[0], self._earlier, metric, options, self._look.theme) if self._runs else []

    # cards

    def _sync_cards(self) -> None:
        order = {name: None for run in self._runs for name in run.names()}
        names = [name for rank in range(4) for name in order if _rank(name) == rank]
        if names == list(self._cards):
            return
        for name in set(self._cards) - set(names):
            let_go(self._cards.pop(name))
        self._cards = {name: self._cards.get(name) or self._new_card(name) for name in names}
        self._place_cards()

    def _new_card(self, metric: str) -> PlotCard:
        # Not before a plot is needed: pyqtgraph is slow to import.
        from app.panels.plots.card import PlotCard

        card = PlotCard(metric, metric_title(metric, self._outputs), self._look)
        card.setMinimumHeight(300 if metric == "loss" else 250)
        card.set_help(help_text(metric))
        card.options_changed.connect(self.touch)
        card.options_for_all_requested.connect(self._on_options_for_all)
        return card

    def _place_cards(self) -> None:
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        place = 0
        for number, (metric, card) in enumerate(self._cards.items()):
            if number == 0 and metric == "loss":
                self._grid.addWidget(card, 0, 0, 1, self._columns)
                place = self._columns
            else:
                self._grid.addWidget(card, place // self._columns, place % self._columns)
                place += 1
            self._grid.setRowStretch((place - 1) // self._columns, 1)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)

    def _on_options_for_all(self, options: PlotOptions) -> None:
        for card in self._cards.values():
            card.set_options(options)

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
            self._place_cards()
        self.touch()


def help_text(metric: str) -> str:
    """What a person should know of the lines of a metric; empty when there is nothing to say."""
    if metric == LEARNING_RATE:
        return ""
    if metric.endswith("loss"):
        return tr(
            "The training line is Keras' running mean since the epoch began, while the weights still change and Dropout"
            " is active; validation is measured once, after the epoch, without Dropout. That is why the training loss"
            " can lie above the validation loss."
        )
    return tr(
        "By step, Keras reports the running mean since the epoch began; it starts anew with each epoch. Validation is"
        " measured at the end of each epoch."
    )


def _rank(name: str) -> int:
    return 0 if name == "loss" else 3 if name == LEARNING_RATE else 2 if name.endswith("_loss") else 1
