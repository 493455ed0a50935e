"""Name, tags, group and note of one run, or what several of them have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from app.panels.widgets.fields import FormRow, button, column, hint
from graph_editor.words.attaching import attached
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr
from runtime.run_about import LONGEST_NAME, LONGEST_NOTE, LONGEST_WORD, tags_of
from runtime.store import RunInfo

_WIDTH = 460
Write = Callable[[Mapping[str, Any]], None]


class AboutRunDialog(QDialog):
    """`write` gets what was changed, when a person presses Save; of several runs, what all of them get."""

    def __init__(self, runs: Sequence[RunInfo], write: Write, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs, self._write = list(runs), write
        self.setObjectName("about_run")
        one = self._runs[0] if len(self._runs) == 1 else None
        title = tr("Run {number}", number=one.number) if one else tr("{count} runs", count=len(self._runs))
        self.setWindowTitle(title)
        set_spoken_name(self, title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self.name = self._line("about_name", tr("Name"), one.name if one else "", LONGEST_NAME)
        self.tags = self._line("about_tags", tr("Tags"), ", ".join(self._common("tags", ())), 2000)
        self.tags.setPlaceholderText(tr("baseline, augmented"))
        self.group = self._line("about_group", tr("Group"), self._common("group", ""), LONGEST_WORD)
        self.note = QPlainTextEdit(self._common("note", ""))
        self.note.setObjectName("about_note")
        self.note.setTabChangesFocus(True)
        self.note.setMinimumHeight(90)
        set_spoken_name(self.note, tr("Note"))
        self.starred = self._box("about_starred", tr("Star"), self._common("starred", False))
        self.archived = self._box(
            "about_archived", tr("Archived: hidden unless asked for"), self._common("archived", False)
        )
        self._before = self._values()
        self._lay_out(one is not None)

    def _common(self, key: str, other: Any) -> Any:
        """What all runs have, `other` where they differ."""
        values = {getattr(run.about, key) for run in self._runs}
        return values.pop() if len(values) == 1 else other

    def _line(self, name: str, title: str, text: str, longest: int) -> QLineEdit:
        line = QLineEdit(text)
        line.setObjectName(name)
        line.setMaxLength(longest)
        set_spoken_name(line, title)
        return line

    def _box(self, name: str, title: str, on: bool) -> QCheckBox:
        box = QCheckBox(title)
        box.setObjectName(name)
        box.setChecked(on)
        set_spoken_name(box, title)
        return box

    def _lay_out(self, one: bool) -> None:
        rows = column(self, (18, 16, 18, 14), 8)
        if one:
            rows.addWidget(FormRow(tr("Name"), self.name))
        else:
            rows.addWidget(hint(tr("What you change here, all of these runs get. Their names stay.")))
        rows.addWidget(FormRow(tr("Tags"), self.tags, tr("Commas between them")))
        rows.addWidget(FormRow(tr("Group"), self.group))
        rows.addWidget(FormRow(tr("Note"), self.note))
        rows.addWidget(self.starred)
        rows.addWidget(self.archived)
        problem = next((run.about.problem for run in self._runs if run.about.problem is not None), None)
        if problem is not None:
            rows.addWidget(hint(tr("{reason} It is set aside when you save.", reason=problem), "about_problem"))
        buttons = attached(rows, QHBoxLayout())
        buttons.addStretch(1)
        cancel, save = button(tr("Cancel"), "about_cancel"), button(tr("Save"), "about_save", "primary")
        cancel.clicked.connect(self.reject)
        save.clicked.connect(self.accept)
        save.setDefault(True)
        buttons.addWidget(cancel)
        buttons.addWidget(save)
        (self.name if one else self.tags).setFocus()
        self.name.setVisible(one)

    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = {
            "name": self.name.text(),
            "tags": tags_of(self.tags.text()),
            "group": self.group.text(),
            "note": self.note.toPlainText()[:LONGEST_NOTE],
            "starred": self.starred.isChecked(),
            "archived": self.archived.isChecked(),
        }
        return values

    def accept(self) -> None:
        now = self._values()
        changes = {key: value for key, value in now.items() if value != self._before[key]}
        if len(self._runs) > 1:
            changes.pop("name", None)
        super().accept()
        if changes:
            self._write(changes)
