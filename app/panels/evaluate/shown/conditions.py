"""Conditions on columns, as people write and read them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.panels.evaluate.drawing.figure_look import number_text
from app.panels.widgets.fields import button
from graph_editor.editors.parts.combo import Combo
from graph_editor.words.spoken import set_spoken_name
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.evaluating import Condition

Compare = Literal["=", "!=", "<", "<=", ">", ">="]
_COMPARISONS: Final = {"=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")  # a time may follow
_ORDERED = ("<", "<=", ">", ">=")


def condition_text(condition: Condition) -> str:
    """Such as "width < 30"."""
    value = condition.value
    shown = shown_name(value) if isinstance(value, str) else _number(float(value))
    return f"{shown_name(condition.column)} {_COMPARISONS[condition.compare]} {shown}"


def _number(value: float) -> str:
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else number_text(value)


def conditions_text(where: Sequence[Condition]) -> str:
    return ", ".join(condition_text(condition) for condition in where)


def value_of(text: str, compare: str) -> str | float | None:
    """A number where one was written, else the word; None for a word with a comparison of numbers and days."""
    text = text.strip()
    try:
        return float(text)
    except ValueError:
        return None if not text or (compare in _ORDERED and not _DAY.match(text)) else text


class ConditionLine(QWidget):
    """A column, a comparison and a value; `added` carries the condition when Enter or the button is pressed."""

    added = Signal(object)  # Condition

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("condition_line")
        self.column = Combo()
        self.column.setObjectName("condition_column")
        set_spoken_name(self.column, tr("Column"))
        self.column.setMinimumWidth(130)
        self.compare = Combo()
        self.compare.setObjectName("condition_compare")
        set_spoken_name(self.compare, tr("Comparison"))
        for key, text in _COMPARISONS.items():
            self.compare.add(text, key)
        self.value = QLineEdit()
        self.value.setObjectName("condition_value")
        self.value.setPlaceholderText(tr("value"))
        set_spoken_name(self.value, tr("Value"))
        self.value.setMaximumWidth(160)
        self.add = button(tr("Add"), "condition_add")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.column, self.compare, self.value, self.add):
            row.addWidget(widget)
        self.add.clicked.connect(self._on_add)
        self.value.returnPressed.connect(self._on_add)
        self.value.textChanged.connect(self._show_state)
        self.compare.currentIndexChanged.connect(self._show_state)
        self._show_state()

    def show_columns(self, columns: Sequence[str]) -> None:
        chosen = self.column.currentData()
        self.column.clear_all()
        for name in columns:
            self.column.add(name, name)
        if chosen in columns:
            self.column.show_value(chosen, str(chosen))
        self.setEnabled(bool(columns))

    def condition(self) -> Condition | None:
        """None as long as it is none."""
        column, compare = self.column.currentData(), str(self.compare.currentData())
        value = value_of(self.value.text(), compare)
        if not isinstance(column, str) or value is None:
            return None
        return Condition(column, cast(Compare, compare), value)

    def _show_state(self, _what: object = None) -> None:
        self.add.setEnabled(self.condition() is not None)

    def _on_add(self) -> None:
        condition = self.condition()
        if condition is not None:
            self.value.clear()
            self.added.emit(condition)
