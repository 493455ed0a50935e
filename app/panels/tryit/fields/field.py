"""What all fields of the form have in common: a value of one column, and one sentence when it cannot be read."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.panels.widgets.fields import column, hint
from graph_editor.words.spoken import set_spoken_name
from resources.plain import shown_name
from runtime.messages.trained import GivenValue
from runtime.messages.trying import FormField, ShownValue


class Field(QWidget):
    """`changed` is emitted when a person has changed the value, also when it cannot be read now (`reason` says why).

    A subclass puts its control into `rows`, and says what it makes of it by `_value`.
    """

    changed = Signal()
    beside: ClassVar[bool] = True  # the label stands beside it, not above

    def __init__(self, field: FormField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.reason = ""
        self.rows: QVBoxLayout = column(self, spacing=4)
        self.complaint: QLabel = hint("", f"try_reason_{field.column}")
        self.complaint.setProperty("part", "reason")
        self.complaint.hide()

    @property
    def value(self) -> GivenValue | None:
        """What is given; None while nothing is, or what is cannot be read."""
        raise NotImplementedError

    def show_value(self, shown: ShownValue) -> None:
        """Show a value of the data, as if a person had given it; nothing is told of it."""
        raise NotImplementedError

    def show_example(self) -> None:
        """Show the value of a typical sample."""
        raise NotImplementedError

    def complain(self, reason: str) -> None:
        """One sentence below the control; "" takes it away."""
        self.reason = reason
        self.complaint.setText(reason)
        self.complaint.setVisible(bool(reason))

    def _install(self, control: QWidget, name: str, box: QWidget | None = None) -> None:
        """`box` stands in the row in place of the control that it holds."""
        control.setObjectName(f"{name}_{self.field.column}")
        set_spoken_name(control, shown_name(self.field.column))
        self.rows.addWidget(box or control)
        self.rows.addWidget(self.complaint)
        self.setFocusProxy(control)
