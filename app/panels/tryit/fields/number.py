"""A number, with what the training part has beside it."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.panels.tryit.fields.field import Field
from app.panels.tryit.parts.values import array_of
from app.panels.widgets.fields import hint
from graph_editor.editors.parts.step_line import StepLine
from graph_editor.editors.parts.wording import MINUS, number_text
from resources.text import tr
from runtime.messages.trained import GivenValue
from runtime.messages.trying import FormField, ShownValue

_PARTS = 50  # steps from the lowest to the highest value
_WHOLE = 1e15  # above, not every whole number is one


class NumberField(Field):
    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._number: float | None = None
        self.line = StepLine(True)
        self.line.typed.connect(self._on_typed)
        self.line.stepped.connect(self._on_stepped)
        self.range = hint(_range_text(field.low, field.high), f"try_range_{field.column}")
        self.range.setWordWrap(False)
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._install(self.line, "try_number", box)
        row.addWidget(self.line, 1)
        row.addWidget(self.range)

    @property
    def value(self) -> GivenValue | None:
        return None if self._number is None else GivenValue(number=self._number)

    def show_value(self, shown: ShownValue) -> None:
        number = number_of(shown.value) if shown.value is not None else None
        self._show(read_number(shown.text) if number is None and shown.text else number)

    def show_example(self) -> None:
        self._show(number_of(self.field.example))

    def _show(self, number: float | None) -> None:
        self._number = number
        self.complain("")
        self.line.show_text("" if number is None else written(number))

    def _on_typed(self, text: str) -> None:
        self._number = read_number(text)
        if self._number is not None:
            self.complain("")
        elif text.strip():
            self.complain(tr("“{text}” is no number.", text=text.strip()[:60]))
        else:
            self.complain(tr("{column} needs a number.", column=self.field.column))
        self.changed.emit()

    def _on_stepped(self, steps: int) -> None:
        low, high = self.field.low, self.field.high
        span = high - low if low is not None and high is not None and math.isfinite(high - low) else 0.0
        step = 10.0 ** math.floor(math.log10(span / _PARTS)) if span > 0 else 1.0
        if self._whole:
            step = max(1.0, step)
        number = (self._number if self._number is not None else low or 0.0) + steps * step
        self._show(float(f"{number:.12g}"))
        self.changed.emit()

    @property
    def _whole(self) -> bool:
        """Whether the training part suggests whole numbers."""
        known = [number for number in (self.field.low, self.field.high) if number is not None]
        return bool(known) and all(float(number).is_integer() for number in known)


def read_number(text: str) -> float | None:
    """A number as people write it; None for anything else. A comma is a decimal mark."""
    cleaned = text.strip().replace(MINUS, "-")
    if cleaned.count(",") == 1 and "." not in cleaned:
        cleaned = cleaned.replace(",", ".")
    if not cleaned.isascii() or "_" in cleaned:
        return None
    try:
        number = float(cleaned)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def number_of(value: GivenValue) -> float | None:
    if value.number is not None:
        return value.number
    if value.tensor is not None and math.prod(value.tensor.shape) == 1:
        return float(array_of(value.tensor).reshape(-1)[0])
    return None


def _range_text(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return tr("{low} to {high}", low=written(float(f"{low:.4g}")), high=written(float(f"{high:.4g}")))


def written(number: float) -> str:
    """The shortest text for a number; whole ones without a fraction."""
    return number_text(int(number) if float(number).is_integer() and abs(number) < _WHOLE else number)
