"""Small parts of the forms: headings, rows, hints, switches of state in the style sheet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.restyling import repolish, restyle
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip

LABEL_WIDTH = 118


def heading(text: str) -> QLabel:
    """A section's name in small capitals."""
    label = PlainLabel(text.upper())
    label.setProperty("role", "heading")
    set_spoken_name(label, text)
    return label


def hint(text: str, name: str = "") -> QLabel:
    """A sentence of help."""
    label = PlainLabel(text)
    label.setProperty("part", "hint")
    label.setWordWrap(True)
    if name:
        label.setObjectName(name)
    return label


def part(widget: QWidget, value: str, state: str | None = None) -> QWidget:
    """Give a widget its look from the style sheet."""
    widget.setProperty("part", value)
    if state is not None:
        widget.setProperty("state", state)
    return widget


def set_state(widget: QWidget, state: str) -> None:
    """Change the `state` that the style sheet looks at."""
    if widget.property("state") != state:
        restyle(widget, state=state)
        for child in widget.findChildren(QWidget):
            repolish(child)


def button(text: str, name: str, role: str = "", tooltip: str = "") -> QPushButton:
    push_button = QPushButton(text)
    push_button.setObjectName(name)
    set_spoken_name(push_button, text)
    if role:
        push_button.setProperty("role", role)
    if tooltip:
        set_tooltip(push_button, tooltip)
    return push_button


class FormRow(QWidget):
    """A label beside a control; `mark` is a small word at the label's right."""

    def __init__(self, text: str, control: QWidget, tooltip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = PlainLabel(text)
        self.label.setProperty("part", "field")
        self.label.setWordWrap(True)
        self.label.setBuddy(control)
        self.label.setMinimumHeight(29)
        self.mark = PlainLabel()
        self.mark.setProperty("part", "live")
        self.mark.hide()
        self.control = control
        if tooltip:
            set_tooltip(self.label, tooltip)
            set_tooltip(control, tooltip)
        left = QWidget()
        left.setFixedWidth(LABEL_WIDTH)
        column = QHBoxLayout(left)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(4)
        column.addWidget(self.label, 1)
        column.addWidget(self.mark)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(left, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(control, 1)

    def set_mark(self, text: str) -> None:
        self.mark.setText(text)
        self.mark.setVisible(bool(text))


def column(parent: QWidget, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 6) -> QVBoxLayout:
    """A vertical layout for `parent`."""
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    return layout


def elastic(label: QLabel) -> QLabel:
    """A label that may be narrower than its text."""
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
