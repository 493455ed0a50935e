"""The form of a sample: a field for each column that the model needs; of very many columns, some at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.panels.tryit.fields.field import Field
from app.panels.tryit.fields.picture import PictureField
from app.panels.tryit.making import Means, field_for
from app.panels.widgets.fields import FormRow, button, column, heading
from app.panels.widgets.search_field import SearchField
from graph_editor.words.letting_go import let_go
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.trained import GivenValue
from runtime.messages.trying import FormField, ShownValue

_AT_ONCE: Final = 24
_SEARCHED: Final = 12


class SampleForm(QWidget):
    """`changed` carries the column that a person has changed."""

    changed = Signal(str)

    def __init__(self, means: Means, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._means = means
        self._fields: tuple[FormField, ...] = ()
        self._made: dict[str, Field] = {}
        self._rows: dict[str, QWidget] = {}
        self._values: dict[str, ShownValue] = {}  # of columns whose field is not made yet
        self.search = SearchField(tr("Find a column"))
        self.search.setObjectName("try_search")
        self.more = button("", "try_more", "link")
        rows = column(self, spacing=10)
        rows.addWidget(self.search)
        holder = QWidget()
        self._column = column(holder, spacing=10)
        rows.addWidget(holder)
        rows.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.search.textChanged.connect(self._on_search)
        self.more.clicked.connect(self._on_more)
        self._show_more()

    @property
    def fields(self) -> tuple[FormField, ...]:
        return self._fields

    def field(self, name: str) -> Field | None:
        """The field of a column, if it is made."""
        return self._made.get(name)

    @property
    def picture(self) -> PictureField | None:
        """The first field of a picture: it takes what is pasted and dropped."""
        return next((field for field in self._made.values() if isinstance(field, PictureField)), None)

    def use(self, fields: Sequence[FormField]) -> None:
        """Another form, with the values of a typical sample; the same one stays as it is."""
        if tuple(fields) == self._fields:
            return
        for row in self._rows.values():
            let_go(row)
        self._fields = tuple(fields)
        self._made, self._rows, self._values = {}, {}, {}
        self.search.setVisible(len(fields) > _SEARCHED)
        self._make(self._fields[:_AT_ONCE])

    def value(self, name: str) -> GivenValue | None:
        """What is given for a column; None while nothing is, or what is cannot be read."""
        made = self._made.get(name)
        if made is not None:
            return made.value
        if name in self._values:
            return self._values[name].value
        example = next(field.example for field in self._fields if field.column == name)
        return None if example == GivenValue() else example

    def show_values(self, values: Sequence[ShownValue]) -> None:
        """Show a sample of the data; nothing is told of it."""
        for shown in values:
            made = self._made.get(shown.column)
            if made is not None:
                made.show_value(shown)
            else:
                self._values[shown.column] = shown

    def complain(self, name: str, reason: str) -> None:
        made = self._made.get(name)
        if made is not None:
            made.complain(reason)

    def _make(self, fields: Sequence[FormField]) -> None:
        for field in fields:
            if field.column in self._made:
                continue
            made = field_for(field, self._means)
            if field.column in self._values:
                made.show_value(self._values.pop(field.column))
            else:
                made.show_example()
            made.changed.connect(lambda name=field.column: self.changed.emit(name))
            self._made[field.column] = made
            self._rows[field.column] = row = self._row(field, made)
            self._column.addWidget(row)
        self._show_more()

    def _row(self, field: FormField, made: Field) -> QWidget:
        name = shown_name(field.column)
        if made.beside:
            return FormRow(name, made)
        row = QWidget()
        rows = column(row, spacing=5)
        if len(self._fields) > 1:
            rows.addWidget(heading(name))
        rows.addWidget(made)
        return row

    def _show_more(self) -> None:
        left = len(self._fields) - len(self._made)
        self.more.setText(tr("Show more columns ({count})", count=f"{left:,}"))
        self.more.setVisible(left > 0)

    def _on_more(self) -> None:
        self._make([field for field in self._fields if field.column not in self._made][:_AT_ONCE])

    def _on_search(self, text: str) -> None:
        query = text.casefold().strip()
        if query:
            self._make([field for field in self._fields if query in field.column.casefold()][:_AT_ONCE])
        for name, row in self._rows.items():
            row.setVisible(query in name.casefold())
