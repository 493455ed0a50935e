"""Several numbers in a row: a sequence, or a vector."""

from __future__ import annotations

import math
import re

import numpy as np
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.panels.tryit.fields.field import Field
from app.panels.tryit.fields.number import read_number, written
from app.panels.tryit.parts.values import array_of, tensor_of
from app.panels.widgets.fields import hint
from resources.text import tr
from runtime.messages.trained import GivenTensor, GivenValue
from runtime.messages.trying import FormField, ShownValue

_HEIGHT = 92
_MOST_WRITTEN = 4096  # more are shown by nobody, and given as they are


class NumbersField(Field):
    """Typed with spaces, semicolons or line breaks between them. Very long ones come from the data only."""

    beside = False

    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._tensor: GivenTensor | None = None
        self._dtype = np.dtype("float32")
        self._shape = field.shape
        self.edit = QPlainTextEdit()
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(_HEIGHT)
        self.edit.setProperty("role", "mono")
        self._install(self.edit, "try_numbers")
        self.note = hint("", f"try_numbers_note_{field.column}")
        self.rows.addWidget(self.note)
        self.edit.textChanged.connect(self._on_changed)

    @property
    def value(self) -> GivenValue | None:
        return None if self._tensor is None else GivenValue(tensor=self._tensor)

    def show_value(self, shown: ShownValue) -> None:
        if shown.value is not None and shown.value.tensor is not None:
            self._show(shown.value.tensor)

    def show_example(self) -> None:
        if self.field.example.tensor is not None:
            self._show(self.field.example.tensor)

    def _show(self, tensor: GivenTensor) -> None:
        self._tensor = tensor
        self._dtype, self._shape = np.dtype(tensor.dtype), tensor.shape
        values = array_of(tensor)
        long = values.size > _MOST_WRITTEN
        rows = values.reshape(values.shape[0], -1) if values.ndim > 1 else values.reshape(1, -1)
        text = "" if long else "\n".join(" ".join(map(_written, row)) for row in rows)
        self.edit.setReadOnly(long)
        blocked = self.edit.blockSignals(True)
        self.edit.setPlainText(text)
        self.edit.blockSignals(blocked)
        count = f"{values.size:,}"
        self.note.setText(tr("{count} numbers: too many to be written here.", count=count) if long else "")
        self.note.setVisible(long)
        self.complain("")

    def _on_changed(self) -> None:
        words = [word for word in re.split(r"[\s;]+|,\s+", self.edit.toPlainText()) if word]
        numbers = [read_number(word) for word in words]
        self._tensor = None
        if None in numbers:
            word = words[numbers.index(None)]
            self.complain(tr("“{text}” is no number.", text=word[:60]))
        elif (shape := _fitting(self._shape, len(numbers))) is None:
            wanted = math.prod(size for size in self._shape if size is not None)
            self.complain(tr("These are {have} numbers, and {wanted} are needed.", have=len(numbers), wanted=wanted))
        else:
            values = np.array(numbers, float).reshape(shape)
            self._tensor = tensor_of((np.rint(values) if self._dtype.kind in "iu" else values).astype(self._dtype))
            self.complain("")
        self.changed.emit()


def _fitting(shape: tuple[int | None, ...], count: int) -> tuple[int, ...] | None:
    """`shape` with its one open size filled so that it has `count` numbers; None where that is impossible."""
    known = math.prod(size for size in shape if size is not None)
    free = sum(1 for size in shape if size is None)
    if free == 0:
        return tuple(size for size in shape if size is not None) if known == count else None
    if free > 1 or not count or count % max(1, known):
        return None
    return tuple(count // known if size is None else size for size in shape)


def _written(number: np.generic) -> str:
    return written(float(f"{float(number):.7g}"))
