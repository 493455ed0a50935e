"""The strip above Data: which sources there are, and the way to one more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QWidget

from app.look.icons import icon
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.data.sources.chip import SourceChip
from app.panels.widgets.chips import Flow
from app.panels.widgets.fields import elastic
from graph_editor.words.letting_go import let_go
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr


@dataclass(frozen=True, slots=True)
class ShownSource:
    name: str
    facts: str = ""
    place: str = ""


class SourcesBar(QFrame):
    """`source_pressed` carries the number of a source and its chip."""

    file_requested = Signal()
    folder_requested = Signal()
    known_requested = Signal()
    source_pressed = Signal(int, object)  # SourceChip

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("train_bar")  # looks like the strip above Train
        self.add = QPushButton(f"{tr('Add data…')}  ▾")
        self.add.setObjectName("add_data")
        set_spoken_name(self.add, tr("Add data…"))
        menu = self._menu = QMenu(self)
        for text, name, signal in (
            (tr("Choose a file…"), "choose_data", self.file_requested),
            (tr("Choose a folder…"), "choose_folder", self.folder_requested),
            (tr("Known sets…"), "known_sets_menu", self.known_requested),
        ):
            action = QAction(text, menu)
            action.setObjectName(name)
            action.triggered.connect(signal)
            menu.addAction(action)
        self.add.clicked.connect(self._open_menu)
        self.chips: list[SourceChip] = []
        self._holder = QWidget()
        self._flow = Flow(self._holder, 8)
        self.hint = elastic(PlainLabel(tr("drop a file or folder anywhere")))
        self.hint.setProperty("part", "hint")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(12)
        row.addWidget(self.add)
        row.addWidget(self._holder, 3)
        row.addWidget(self.hint, 1)
        look.follow(self._on_theme)

    def show_sources(self, sources: Sequence[ShownSource]) -> None:
        while len(self.chips) > len(sources):
            let_go(self.chips.pop())
        while len(self.chips) < len(sources):
            number = len(self.chips)
            chip = SourceChip(number)
            chip.clicked.connect(lambda _checked=False, number=number: self._on_chip(number))
            self._flow.addWidget(chip)
            self.chips.append(chip)
        for chip, source in zip(self.chips, sources, strict=True):
            chip.say(source.name, source.facts, source.place)

    def _open_menu(self) -> None:
        self._menu.popup(self.add.mapToGlobal(QPoint(0, self.add.height() + 2)))

    def _on_chip(self, number: int) -> None:
        self.source_pressed.emit(number, self.chips[number])

    def _on_theme(self, theme: Theme) -> None:
        self.add.setIcon(icon("plus", theme.color("text")))
