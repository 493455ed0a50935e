"""A model to begin with: what it is to tell, what that makes, and the button that makes it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.panels.widgets.fields import button, hint
from app.panels.widgets.multi_choice import MultiChoice
from app.project.starting.purpose import NoPurposeError, Purpose, purpose_of, targets_of
from app.project.starting.words import purpose_text
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.restyling import restyle
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr
from runtime.messages.describing import Column
from runtime.spec import Windows


class StartCard(QFrame):
    """`start_requested` carries the names of the columns that the model is to tell."""

    start_requested = Signal(object)  # tuple[str, ...]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_start")
        self._columns: tuple[Column, ...] = ()
        self._bound: tuple[str, ...] = ()
        self._windows: Windows | None = None
        self._chosen: tuple[str, ...] | None = None  # by a person
        self.targets = MultiChoice(tr("choose a column"))
        self.targets.setObjectName("start_targets")
        set_spoken_name(self.targets, tr("What the model is to tell"))
        self.sentence = hint("", "start_sentence")
        self.start = button(tr("Start a model from this data"), "start_model", "primary")
        label = PlainLabel(tr("The model tells"))
        label.setProperty("part", "field")
        label.setBuddy(self.targets)
        row = QHBoxLayout()
        row.setSpacing(8)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 4, 14, 14)
        rows.setSpacing(7)
        rows.addLayout(row)
        row.addWidget(label)
        row.addWidget(self.targets, 1)
        rows.addWidget(self.sentence)
        rows.addWidget(self.start)
        self.targets.chosen.connect(self._on_chosen)
        self.start.clicked.connect(self._on_start)

    def show_columns(self, columns: Sequence[Column], bound: Sequence[str], windows: Windows | None = None) -> None:
        """`bound` are the columns that outputs of the model are held against by now; `windows` are the samples."""
        self._windows = windows
        if tuple(columns) != self._columns:
            self._columns, self._chosen = tuple(columns), None
            self.targets.set_entries([(column.name, column.name, "") for column in targets_of(columns)])
        self._bound = tuple(bound)
        self.setVisible(bool(columns))
        known = {column.name for column in columns}
        self._step_back(any(name in known for name in bound))
        self._show()

    def _step_back(self, back: bool) -> None:
        """Where a model stands that learns from this data, starting anew is not what comes next."""
        restyle(self.start, role="" if back else "primary")

    @property
    def _names(self) -> tuple[str, ...]:
        if self._chosen is not None:
            return self._chosen
        possible = [column.name for column in targets_of(self._columns)]
        return tuple(name for name in self._bound if name in possible) or tuple(possible[:1])

    def _show(self) -> None:
        self.targets.set_keys(self._names)
        purpose: Purpose | None = None
        try:
            purpose = purpose_of(self._columns, self._names, self._windows)
            text = str(purpose_text(purpose))
        except NoPurposeError as error:
            text = str(error.text)
        self.sentence.setText(text)
        self.start.setEnabled(purpose is not None)

    def _on_chosen(self, names: tuple[str, ...]) -> None:
        self._chosen = names
        self._show()

    def _on_start(self) -> None:
        self.start_requested.emit(self._names)
