"""A small card with a caption and one telling figure."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip


class StatTile(QFrame):
    """`set_value` shows the figure in the mono face; several lines are allowed."""

    def __init__(self, caption: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("tile", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._caption = PlainLabel(caption)
        self._caption.setProperty("tile_part", "caption")
        self._value = PlainLabel("–")
        self._value.setObjectName(f"{name}_value")
        self._value.setProperty("tile_part", "value")
        self._value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._value.setWordWrap(True)
        self._note = PlainLabel()
        self._note.setObjectName(f"{name}_note")
        self._note.setProperty("tile_part", "caption")
        self._note.setWordWrap(True)
        self._note.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 7, 10, 8)
        layout.setSpacing(2)
        layout.addWidget(self._caption)
        layout.addWidget(self._value)
        layout.addWidget(self._note)
        layout.addStretch(1)
        self.set_value("–")

    def set_value(self, text: str, tooltip: str = "") -> None:
        self._value.setText(text)
        set_tooltip(self._value, tooltip)
        set_spoken_name(self._value, f"{self._caption.text()}: {text}")

    def set_note(self, text: str) -> None:
        """A small line below the figure; an empty one takes no room."""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def value(self) -> str:
        return self._value.text()
