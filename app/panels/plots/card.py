"""A card with one plot: its name, how it is shown, its legend, and help where the question arises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.look.icons import icon
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.plots.board_plot import BoardPlot
from app.panels.plots.curve_plot import CurvePlot
from app.panels.plots.formats import count_text, time_text
from app.panels.plots.legend import Legend
from app.panels.plots.lines import Line, PlotOptions, compared_lines, live_lines
from app.panels.plots.options import OptionsPopup, options_text
from app.panels.plots.run_curves import LEARNING_RATE, By
from app.panels.plots.shown_runs import ShownRuns
from app.panels.plots.titles import metric_title
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr

_SIDES = 28  # the margins of a card
_BUTTON_SIDES = 16


class PlotCard(BoardPlot):
    """Shows the lines of a metric; that of the loss is the large one. Its options are `PlotOptions`."""

    def __init__(self, metric: str, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(metric, parent)
        title = metric_title(metric)
        self.wide = metric == "loss"
        if self.wide:
            self.setMinimumHeight(300)
        self.options = PlotOptions() if metric.endswith("loss") else PlotOptions(smoothing=0.0)
        self._drawn_options = self.options  # by step where no run tells times
        self._look = look
        self._lines: list[Line] = []
        self._limits: dict[str, float] = {}
        self._resting: dict[str, float | None] = {}
        self._popup: OptionsPopup | None = None
        set_spoken_name(self, title)
        self._title = PlainLabel(title)
        self._title.setProperty("role", "strong")
        self._how = QPushButton()
        self._how.setObjectName("plot_how")
        self._how.setProperty("part", "plot_how")
        self._how.setMinimumWidth(20)  # a narrow card cuts its text rather than grow
        self._how_text = ""
        set_tooltip(self._how, tr("By step or by epoch, smoothing, logarithmic scale"))
        self._more = self._tool("plot_more", tr("How this plot is shown"))
        self._reset = self._tool("plot_reset", tr("Show everything again (double click)"))
        self._help = self._tool("plot_help", tr("What these lines mean"))
        for button in (self._reset, self._help):
            button.hide()
        self._note = PlainLabel()
        self._note.setWordWrap(True)
        self._note.setObjectName("plot_note")
        self._note.setProperty("part", "plot_note")
        self._note.hide()
        self.legend = Legend()
        self.plot = CurvePlot(look)
        self.plot.setObjectName(f"curves_{metric}")
        set_spoken_name(self.plot, tr("Curves of {metric}", metric=title))
        self._build()
        self.set_help(help_text(metric))  # a button that is shown before it has a place is a window of its own
        self._connect()
        look.follow(self._on_theme)
        self._show_how()

    def _on_theme(self, theme: Theme) -> None:
        self._more.setIcon(icon("settings", theme.color("dim")))
        self._reset.setIcon(icon("fit", theme.color("dim")))
        self._help.setIcon(icon("help", theme.color("dim")))
        self.legend.forget()

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        set_spoken_name(self, title)
        set_spoken_name(self.plot, tr("Curves of {metric}", metric=title))

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def how(self) -> str:
        """The line that says how the plot is shown."""
        return self._how_text

    def set_help(self, text: str) -> None:
        """Set what the help button shows below the header; with nothing, the button hides."""
        self._note.setText(text)
        self._help.setVisible(bool(text))

    def follow(self, shown: ShownRuns) -> None:
        self.set_title(metric_title(self.name, shown.outputs))
        self.plot.wants_hairlines = False

    def wants_hairlines(self) -> bool:
        return self.plot.wants_hairlines

    def set_hairlines(self, on: bool) -> None:
        self.plot.set_hairlines(on)

    def draw(self, shown: ShownRuns) -> None:
        steps = max((max(run.total_steps, run.step) for run in shown.runs), default=0)
        epochs = max((max(run.total_epochs, run.epoch) for run in shown.runs), default=0)
        live = shown.runs[0] if shown.runs and not shown.comparing else None
        unfinished = live is not None and 0 < live.step < live.total_steps
        seconds = max((run.seconds for run in shown.runs), default=0.0)
        self._limits = {"step": float(steps), "epoch": float(epochs), "time": seconds}
        self._resting = {"step": float(live.step) if live is not None and unfinished else None, "epoch": None}
        timeless = self.options.by == "time" and not any(run.knows_time for run in shown.runs)
        self._drawn_options = replace(self.options, by="step") if timeless else self.options
        self.show_lines(self._made_lines(shown))

    def _made_lines(self, shown: ShownRuns) -> list[Line]:
        theme = self._look.theme
        if shown.comparing:
            return compared_lines(shown.runs, self.name, self._drawn_options, theme)
        return live_lines(shown.runs[0], shown.earlier, self.name, self._drawn_options, theme) if shown.runs else []

    def set_view(self, by: By, smoothing: float) -> None:
        self.set_options(replace(self.options, by=by, smoothing=smoothing, everywhere=True))

    def set_options(self, options: object) -> None:
        if not isinstance(options, PlotOptions):
            return
        self.options = self._drawn_options = options
        self._show_how()
        self.options_changed.emit()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Draw these lines, as `options` says."""
        self._lines = list(lines)
        self.legend.show_lines(self._lines, self._look.theme)
        hidden = self.legend.hidden_groups()
        self.plot.show_lines(
            [line for line in self._lines if line.group not in hidden],
            self._drawn_options,
            self._limits.get(self._drawn_options.by, 0.0),
            self._resting.get(self._drawn_options.by),
        )
        self._show_values(self.plot.cursor)
        self._arrange()

    def _tool(self, name: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        set_spoken_name(button, text)
        set_tooltip(button, text)
        return button

    def _build(self) -> None:
        self._left = QHBoxLayout()
        self._left.setSpacing(6)
        # What changes its width while the cursor moves comes last, so that no button runs away.
        self._header = QGridLayout()
        self._header.setContentsMargins(0, 0, 0, 0)
        self._header.setVerticalSpacing(0)
        self._header.setColumnStretch(0, 1)
        self._below = False
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 10, 14, 8)
        rows.setSpacing(4)
        rows.addLayout(self._header)
        self._header.addLayout(self._left, 0, 0)
        self._left.addWidget(self._title)
        self._left.addSpacing(2)
        for widget in (self._more, self._help, self._reset, self._how):
            self._left.addWidget(widget)
        self._left.addStretch(1)
        self._header.addWidget(self.legend, 0, 1)
        rows.addWidget(self._note)
        rows.addWidget(self.plot, 1)

    def _connect(self) -> None:
        self.plot.cursor_moved.connect(self._on_cursor_moved)
        self.plot.zoom_changed.connect(self._reset.setVisible)
        self.legend.visibility_changed.connect(self.options_changed)
        self._reset.clicked.connect(self.plot.reset_view)
        self._help.clicked.connect(lambda: self._note.setVisible(not self._note.isVisible()))
        self._how.clicked.connect(lambda: self._open_options_below(self._how))
        self._more.clicked.connect(lambda: self._open_options_below(self._more))
        self.plot.menu_requested.connect(self._open_options)

    def _show_how(self) -> None:
        self._say_how(options_text(self.options, self.name == LEARNING_RATE))
        set_spoken_name(self._how, tr("How this plot is shown: {how}", how=self._how_text))

    def _say_how(self, text: str) -> None:
        """Beside the title, with an ellipsis where there is no room for all of it."""
        self._how_text = text
        others = self._left.sizeHint().width() - self._how.sizeHint().width()
        room = max(20, self.width() - _SIDES - others - _BUTTON_SIDES)
        self._how.setText(self._how.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room))

    def _show_values(self, x: float | None) -> None:
        entries = self.legend.entries()
        for line in self._lines:
            entry = entries.get(line.group)
            if entry is not None and line.in_legend:
                entry.set_value(self.plot.value_at(line, x))

    def _arrange(self) -> None:
        """The legend goes into a row of its own where there is no room beside the title."""
        room = self.width() - _SIDES - self._left.sizeHint().width() - 8
        below = self.legend.sizeHint().width() > room
        if below != self._below:
            self._below = below
            self._header.removeWidget(self.legend)
            place = (1, 0, 1, 2) if below else (0, 1, 1, 1)
            self._header.addWidget(self.legend, *place, Qt.AlignmentFlag.AlignLeft if below else Qt.AlignmentFlag(0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._say_how(self._how_text)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._show_how()

    def _on_cursor_moved(self, x: float | None) -> None:
        self._show_values(x)
        if x is None:
            self._show_how()
            return
        words = {
            "step": tr("step {step}", step=count_text(x)),
            "epoch": tr("epoch {epoch}", epoch=count_text(x)),
            "time": tr("after {time}", time=time_text(x)),
        }
        self._say_how(words[self._drawn_options.by])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()
        self._open_options(event.globalPos())

    def _open_options_below(self, widget: QWidget) -> None:
        self._open_options(widget.mapToGlobal(QPoint(0, widget.height() + 2)))

    def _open_options(self, place: QPoint) -> None:
        self._popup = OptionsPopup(self.options, self)
        self._popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._popup.options_changed.connect(self.set_options)
        self._popup.apply_to_all_requested.connect(self.options_for_all_requested)
        self._popup.move(place)
        self._popup.show()


def help_text(metric: str) -> str:
    """Return what a person should know of the lines of a metric; empty when there is nothing to say."""
    if metric == LEARNING_RATE:
        return ""
    crosses = tr("A cross at the lower edge means that the value was no number there (NaN).")
    if metric.endswith("loss"):
        text = tr(
            "The training line is Keras' running mean since the epoch began, while the weights still change and Dropout"
            " is active; validation is measured once, after the epoch, without Dropout. That is why the training loss"
            " can lie above the validation loss."
        )
    else:
        text = tr(
            "By step, Keras reports the running mean since the epoch began; it starts anew with each epoch. Validation"
            " is measured at the end of each epoch."
        )
    return f"{text} {crosses}"
