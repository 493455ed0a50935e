"""A date, as it is written in the data."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from app.panels.tryit.fields.field import Field
from resources.text import tr
from runtime.messages.trained import GivenValue
from runtime.messages.trying import FormField, ShownValue


class DateField(Field):
    """What is no date is told by whoever reads it as the training did."""

    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line = QLineEdit()
        self.line.setPlaceholderText("2026-12-31")
        self._install(self.line, "try_date")
        self.line.textEdited.connect(self._on_edited)

    @property
    def value(self) -> GivenValue | None:
        return GivenValue(text=self.line.text().strip()) if self.line.text().strip() else None

    def show_value(self, shown: ShownValue) -> None:
        self._show(shown.text)

    def show_example(self) -> None:
        self._show(self.field.example.text or "")

    def _show(self, text: str) -> None:
        self.complain("")
        self.line.setText(text)

    def _on_edited(self, text: str) -> None:
        empty = tr("{column} needs a date.", column=self.field.column)
        self.complain("" if text.strip() else empty)
        self.changed.emit()
