"""The whole tensor that comes out of a box: figures, histogram, all channels, numbers, and scores of attention."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from app.look.theme_source import ThemeSource
from app.panels.inside.looking import LookingInside
from app.panels.inside.page import Page
from app.panels.inside.pictures import Histogram, ViewPicture
from app.panels.inside.shown import heat_of, range_text, shape_words, share_text, short, view_of
from app.panels.plots.formats import count_text
from app.panels.widgets.chips import Chips
from app.panels.widgets.fields import button, heading
from app.panels.widgets.sentence import sentence
from app.panels.widgets.stat_tile import StatTile
from graph_editor.view.painting.inside_values import HeatMap, MapTiles, StepLines, ValueBars
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr
from runtime.messages.inside import Activation, CallAt, OpenTensor, TensorOpened
from runtime.messages.views import Heat


class TensorPage(Page):
    """`larger_wanted` asks for it in a window of its own."""

    larger_wanted = Signal()

    def __init__(
        self, inside: LookingInside, look: ThemeSource, across: int = 4, count: int = 32, size: int = 64,
        enlarges: bool = True, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__("inside_tensor", inside, parent)
        self._count, self._size, self._enlarges = count, size, enlarges
        self._output = self._first = 0
        self._scores: tuple[Heat, ...] = ()
        self.outputs = Chips("inside_outputs", tr("Output"))
        self.shape = sentence("", "inside_shape", selectable=True)
        self.range = StatTile(tr("range"), "inside_range")
        self.mean = StatTile(tr("mean"), "inside_mean")
        self.zeros = StatTile(tr("zero"), "inside_zeros")
        self.histogram = Histogram("inside_histogram", tr("How the values are spread"), look)
        self.title = heading(tr("Channels, most active first"))
        self.picture = ViewPicture("inside_channels", tr("What comes out"), look, across, 130)
        self.earlier = button(tr("Earlier"), "inside_earlier", "", tr("The channels before these"))
        self.later = button(tr("More"), "inside_later", "", tr("The channels after these"))
        self.larger = button(tr("Larger…"), "inside_larger", "", tr("The same in a window of its own"))
        self.heads = Chips("inside_heads", tr("Head"))
        self.scores = ViewPicture("inside_scores", tr("Where attention goes: from rows to columns"), look, height=200)
        self.numbers_title = heading(tr("Numbers"))
        self.numbers = QPlainTextEdit()
        self.numbers.setObjectName("inside_numbers")
        set_spoken_name(self.numbers, tr("Numbers"))
        self.numbers.setReadOnly(True)
        self.numbers.setProperty("role", "mono")
        self.numbers.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.numbers.setFixedHeight(120)
        self._lay_out()
        self.outputs.chosen.connect(self._on_output)
        self.heads.chosen.connect(self._on_head)
        self.earlier.clicked.connect(lambda: self._go_to(self._first - self._count))
        self.later.clicked.connect(lambda: self._go_to(self._first + self._count))
        self.larger.clicked.connect(self.larger_wanted)
        self._clear()

    def _lay_out(self) -> None:
        rows, tiles, turning = self.rows, QHBoxLayout(), QHBoxLayout()
        upper: tuple[QWidget, ...] = (self.histogram, self.title, self.picture)
        lower: tuple[QWidget, ...] = (self.heads, self.scores, self.numbers_title, self.numbers)
        rows.addWidget(self.outputs)
        rows.addWidget(self.shape)
        rows.addLayout(tiles)
        tiles.setSpacing(6)
        for tile in (self.range, self.mean, self.zeros):
            tiles.addWidget(tile, 3 if tile is self.range else 2)
        for widget in upper:
            rows.addWidget(widget)
        rows.addLayout(turning)
        turning.setSpacing(6)
        for turn in (self.earlier, self.later, self.larger):
            turning.addWidget(turn)
        turning.addStretch(1)
        for widget in lower:
            rows.addWidget(widget)
        rows.addStretch(1)

    def show_call(self, call: CallAt | None, place: tuple[int, int] = (0, 0)) -> None:
        """`place` is the output, and the channel to begin with, of a box that was not shown before."""
        if call != self.call:
            self._output, self._first = place
            self._clear()  # nothing of another box stands under this one's name, not while it is asked about either
        super().show_call(call)
        known = self.inside.known(call) if call is not None else None
        self._show_outputs(known or ())
        found = next((each for each in known or () if each.output == self._output), None)
        if found is not None:
            self._show_figures(found)  # what is known already, until the whole is there
        self.ask()

    def _on_failed(self, text: str) -> None:
        if text:
            self._clear()  # what is there is of another sample
        super()._on_failed(text)

    def ask(self) -> None:
        trained = self.inside.trained() if self.inside.on else None
        if self.call is None or trained is None:
            self.question.cancel()
            return
        inside = self.inside
        message = OpenTensor(
            0, trained, inside.sample, self.call, self._output, inside.training, self._first, self._count, self._size,
            inside.seed,
        )  # fmt: skip
        self.question.ask(message, TensorOpened, self._on_opened)

    @property
    def place(self) -> tuple[int, int]:
        """The output, and the channel that is shown first."""
        return self._output, self._first

    def _on_output(self, key: str) -> None:
        self._output, self._first = int(key), 0
        self.ask()

    def _go_to(self, first: int) -> None:
        self._first = max(0, first)
        self.ask()

    # What is told

    def _on_opened(self, answer: TensorOpened) -> None:
        found = answer.activation
        self._show_figures(found)
        self.histogram.show_bars(answer.histogram)
        view = view_of(found.view) if found.view is not None else None
        self.picture.show_view(view)
        self.title.setVisible(view is not None)
        self.title.setText(_title(view).upper())
        of, shown = (view.of, len(view.maps)) if isinstance(view, MapTiles) else (0, 0)
        self.earlier.setVisible(self._first > 0)
        self.later.setVisible(self._first + shown < of)
        self.larger.setVisible(view is not None and self._enlarges)
        self._show_scores(answer.scores)
        text = "\n".join("  ".join(row) for row in answer.numbers)
        self.numbers.setPlainText(text)
        for widget in (self.numbers, self.numbers_title):
            widget.setVisible(bool(text))

    def _show_figures(self, found: Activation) -> None:
        if found.error is not None:
            self._clear()
            self._on_failed(str(found.error))
            return
        self.shape.setText(f"{shape_words(found.shape)} · {found.dtype}")
        known = found.low is not None
        for tile in (self.range, self.mean, self.zeros):
            tile.setVisible(known)
        self.range.set_value(range_text(found))
        self.range.set_note(tr("{count} NaN", count=count_text(found.nans)) if found.nans else "")
        self.mean.set_value(short(found.mean))
        self.zeros.set_value(share_text(found.zeros or 0.0))

    def _show_outputs(self, known: tuple[Activation, ...]) -> None:
        entries = [(str(each.output), tr("output {number}", number=each.output + 1), "") for each in known]
        self.outputs.show_entries(entries)
        self.outputs.show_key(str(self._output))
        self.outputs.setVisible(len(entries) > 1)

    def _show_scores(self, scores: tuple[Heat, ...]) -> None:
        self._scores = scores
        entries = [(str(number), tr("head {number}", number=number + 1), "") for number in range(len(scores))]
        self.heads.show_entries(entries)
        self.heads.setVisible(len(entries) > 1)
        self._on_head(self.heads.key if self.heads.key in {key for key, _, _ in entries} else "0")

    def _on_head(self, key: str) -> None:
        self.heads.show_key(key)
        number = int(key or "0")
        self.scores.show_view(heat_of(self._scores[number]) if number < len(self._scores) else None)

    def _clear(self) -> None:
        for view in (self.picture, self.scores):
            view.show_view(None)
        self.histogram.show_bars(None)
        self.shape.setText("")
        hidden = (self.range, self.mean, self.zeros, self.title, self.earlier, self.later, self.larger, self.heads)
        for widget in (*hidden, self.numbers, self.numbers_title, self.outputs):
            widget.hide()


def _title(view: object) -> str:
    match view:
        case MapTiles():
            return tr("Channels, most active first")
        case StepLines():
            return tr("Features by step, most active first")
        case ValueBars():
            return tr("Values")
        case HeatMap():
            return tr("Values by row and column")
        case _:
            return tr("Tokens")
