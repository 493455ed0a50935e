"""One source of data in the bar: its name and what is in it. A click opens what can be said about it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from graph_editor.words.elided_label import ElidedLabel
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.plain import shown_name
from resources.text import tr

_NAME_MOST = 220


class SourceChip(QPushButton):
    """`first`: the one that the others are joined to."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"data_source_{number}")
        self.setProperty("part", "source")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.name = ElidedLabel()
        self.name.setMaximumWidth(_NAME_MOST)
        self.name.setProperty("role", "strong")
        self.facts = PlainLabel()
        self.facts.setProperty("part", "hint")
        self.name.setObjectName("data_name" if number == 0 else f"data_name_{number}")
        self.facts.setObjectName("data_facts" if number == 0 else f"data_facts_{number}")
        arrow = PlainLabel("▾")
        arrow.setProperty("part", "hint")
        row = QHBoxLayout(self)
        row.setContentsMargins(11, 0, 10, 0)
        row.setSpacing(7)
        for label in (self.name, self.facts, arrow):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(label)

    def say(self, name: str, facts: str, place: str) -> None:
        self.name.show_text(name)
        self.name.setMinimumWidth(min(_NAME_MOST, self.name.sizeHint().width()))
        self.facts.setText(facts)
        self.facts.setVisible(bool(facts))
        set_tooltip(self, place)
        set_spoken_name(self, tr("Data: {name}", name=" ".join(filter(None, (shown_name(name), facts)))))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        layout = self.layout()
        assert layout is not None
        return QSize(layout.sizeHint().width(), 30)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 30)
