"""The strip above Data: which file, how much is in it, and the way to another one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from app.look.icons import icon
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.widgets.fields import button, elastic
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr


class DataSourceBar(QFrame):
    """`say` writes the name, the facts and the place of the data."""

    choose_requested = Signal()
    reload_requested = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("train_bar")  # looks like the strip above Train
        self.choose = button(tr("Choose a file…"), "choose_data")
        self.reload = QToolButton()
        self.reload.setObjectName("reload_data")
        self.reload.setAccessibleName(tr("Read the file again"))
        set_tooltip(self.reload, tr("Read the file again"))
        self.name = PlainLabel()
        self.name.setObjectName("data_name")
        self.name.setProperty("role", "strong")
        self.facts = PlainLabel()
        self.facts.setObjectName("data_facts")
        self.facts.setProperty("part", "field")
        self.place = elastic(PlainLabel())
        self.place.setObjectName("data_place")
        self.place.setProperty("part", "hint")
        self.place.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(12)
        for widget in (self.choose, self.name, self.facts, self.reload):
            row.addWidget(widget)
        row.addWidget(self.place, 1)
        self.choose.clicked.connect(self.choose_requested)
        self.reload.clicked.connect(self.reload_requested)
        look.follow(self._on_theme)

    def _on_theme(self, theme: Theme) -> None:
        self.reload.setIcon(icon("refresh", theme.color("dim")))
        self.choose.setIcon(icon("folder", theme.color("text")))

    def say(self, name: str, facts: str, place: str) -> None:
        self.name.setText(name)
        self.facts.setText(facts)
        self.place.setText(place)
        set_tooltip(self.place, place)
        self.reload.setVisible(bool(name))
