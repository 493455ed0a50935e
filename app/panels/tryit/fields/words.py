"""A text of any length."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.panels.tryit.fields.field import Field
from resources.text import tr
from runtime.messages.trained import GivenValue
from runtime.messages.trying import FormField, ShownValue

_LONGEST = 1_000_000  # letters
_HEIGHT = 132


class TextField(Field):
    beside = False

    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.edit = QPlainTextEdit()
        self.edit.setTabChangesFocus(True)
        self.edit.setPlaceholderText(tr("Type or paste a text"))
        self.edit.setFixedHeight(_HEIGHT)
        self._install(self.edit, "try_text")
        self.edit.textChanged.connect(self._on_changed)

    @property
    def value(self) -> GivenValue | None:
        return None if self.reason else GivenValue(text=self.edit.toPlainText())

    def show_value(self, shown: ShownValue) -> None:
        whole = shown.value.text if shown.value is not None else None
        self._show(whole if whole is not None else shown.text)

    def show_example(self) -> None:
        self._show(self.field.example.text or "")

    def _show(self, text: str) -> None:
        self.complain("")
        if text != self.edit.toPlainText():
            blocked = self.edit.blockSignals(True)
            self.edit.setPlainText(text)
            self.edit.blockSignals(blocked)

    def _on_changed(self) -> None:
        length = self.edit.document().characterCount()
        self.complain(tr("The text is too long: at most {count} letters.", count=_LONGEST) if length > _LONGEST else "")
        self.changed.emit()
