"""One of the words of a class column, or another one that the model may never have seen."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.panels.tryit.fields.field import Field
from app.panels.tryit.fields.number import number_of, written
from graph_editor.editors.parts.combo import Combo, SearchCombo
from resources.text import tr
from runtime.messages.trained import GivenValue
from runtime.messages.trying import FormField, ShownValue

_SEARCHED = 12  # more are searched in, by typing


class WordField(Field):
    """Of classes that are numbers in the data, the number is given."""

    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._word: str | None = None
        self.combo: Combo = SearchCombo() if len(field.categories) > _SEARCHED else Combo()
        for word in field.categories:
            self.combo.add(word, word)
        self._install(self.combo, "try_word")
        self.combo.chosen.connect(self._on_chosen)
        if isinstance(self.combo, SearchCombo):
            self.combo.unknown_typed.connect(self._on_unknown)

    @property
    def value(self) -> GivenValue | None:
        if self._word is None:
            return None
        return GivenValue(text=self._word)

    def show_value(self, shown: ShownValue) -> None:
        self._show(shown.text or _text_of(shown.value))

    def show_example(self) -> None:
        self._show(_text_of(self.field.example) or next(iter(self.field.categories), ""))

    def _show(self, word: str) -> None:
        self._word = word
        self.complain("")
        self.combo.show_value(word, word)

    def _on_chosen(self, word: object) -> None:
        self._word = str(word)
        self.complain("")
        self.changed.emit()

    def _on_unknown(self, text: str) -> None:
        self._word = None
        self.complain(tr("“{text}” is none of the words of {column}.", text=text[:60], column=self.field.column))
        self.changed.emit()


def _text_of(value: GivenValue | None) -> str:
    if value is None:
        return ""
    if value.text is not None:
        return value.text
    number = number_of(value)
    return "" if number is None else written(number)
