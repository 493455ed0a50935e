"""What the inspector shows of a box that is a nested model, and the ways into it and out of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.panels.inspector.facts import Facts
from app.project.session import Session
from graph_editor.document.changes.dissolving import dissolve
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import Text, tr


class ModelSection(QWidget):
    """Hidden for boxes of any other kind."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("nested_model")
        self._session = session
        self._call = ""
        self._layers = PlainLabel()
        self._layers.setObjectName("nested_layers")
        self.open_button = _button("open_model", tr("Open"), self._on_open)
        set_tooltip(self.open_button, tr("Show what is inside, and edit it"))
        self.dissolve_button = _button("dissolve_model", tr("Dissolve"), self._on_dissolve)
        set_tooltip(self.dissolve_button, tr("Put its layers where the box is"))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._layers)
        layout.addLayout(buttons)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.dissolve_button)
        buttons.addStretch(1)

    def show_facts(self, facts: Facts) -> None:
        self.setVisible(facts.is_model)
        self._call = facts.call
        self.open_button.setEnabled(facts.operation.graph != self._session.navigation.graph_id)
        if facts.layers == 1:
            self._layers.setText(tr("One layer"))
        else:
            self._layers.setText(tr("{count} layers", count=facts.layers))

    def _on_open(self) -> None:
        self._session.navigation.open_model(self._call)

    def _on_dissolve(self) -> None:
        def action() -> None:
            edits, new_ids = dissolve(self._session.document, self._call)
            self._session.history.do(Text("Dissolve"), edits)
            self._session.navigation.select(new_ids)

        self._session.attempt(action)


def _button(name: str, text: str, action: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    set_spoken_name(button, text)
    button.clicked.connect(action)
    return button
