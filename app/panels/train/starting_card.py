"""What Train shows between the click and the first step: what is going on, and for how long already."""

from __future__ import annotations

from time import monotonic
from typing import Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.look.icons import icon
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.plots.formats import duration_text
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.restyling import restyle
from graph_editor.words.spoken import set_spoken_name
from resources.text import Text, tr

Stage = Literal["trainer", "first_step"]

_WIDTH = 520
_ICON = 16
_STAGES: dict[Stage, Text] = {
    "trainer": Text("Loading Keras, reading the data, building the model."),
    "first_step": Text("Preparing the first step, which takes longer than all that follow. Then the curves begin."),
}


class StartingCard(QWidget):
    """`show_stage` says what is going on now; the stages before it are done."""

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("train_starting")
        self._stage: Stage = "trainer"
        self._since = monotonic()
        self._title = PlainLabel(tr("Training is starting"))
        self._title.setProperty("part", "big")
        self._seconds = PlainLabel()
        self._seconds.setObjectName("starting_seconds")
        self._seconds.setProperty("role", "dim")
        self._rows: dict[Stage, tuple[PlainLabel, PlainLabel]] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._on_tick)
        self._lay_out()
        look.follow(self._on_theme)

    def begin(self) -> None:
        """A run was started just now."""
        self._since = monotonic()
        self.show_stage("trainer")

    def show_stage(self, stage: Stage) -> None:
        self._stage = stage
        self._show_marks()
        self._on_tick()

    def sentence(self) -> str:
        """What is going on now."""
        return str(_STAGES[self._stage])

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(_WIDTH)
        rows = QVBoxLayout(card)
        rows.setContentsMargins(24, 20, 24, 20)
        rows.setSpacing(12)
        head, stages = QHBoxLayout(), QGridLayout()
        rows.addLayout(head)
        rows.addLayout(stages)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._seconds)
        stages.setHorizontalSpacing(10)
        stages.setVerticalSpacing(8)
        stages.setColumnStretch(1, 1)
        for row, (stage, text) in enumerate(_STAGES.items()):
            mark, words = PlainLabel(), PlainLabel(str(text))
            mark.setFixedSize(_ICON, _ICON)
            words.setObjectName(f"starting_{stage}")
            words.setWordWrap(True)
            stages.addWidget(mark, row, 0, Qt.AlignmentFlag.AlignTop)
            stages.addWidget(words, row, 1)
            self._rows[stage] = (mark, words)
        outer, middle = QVBoxLayout(self), QHBoxLayout()
        outer.setContentsMargins(16, 16, 16, 16)
        outer.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(2)
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._show_marks()

    def _show_marks(self) -> None:
        """A tick for what is done, an arrow for what goes on; what comes later is dim."""
        now = list(_STAGES).index(self._stage)
        for place, (mark, words) in enumerate(self._rows.values()):
            name, token = ("ok", "ok") if place < now else ("play", "accent.text")
            mark.setPixmap(icon(name, self._theme.color(token)).pixmap(_ICON, _ICON) if place <= now else QPixmap())
            state = tr("done") if place < now else tr("now") if place == now else tr("later")
            set_spoken_name(words, f"{words.text()} ({state})")
            restyle(words, role="dim" if place > now else "")

    def _on_tick(self) -> None:
        self._seconds.setText(duration_text(monotonic() - self._since))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
