"""A line to search in, with the key that leads to it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.panels.widgets.key_hint import KeyHint
from graph_editor.words.spoken import set_spoken_name

_LIST_KEYS = frozenset(
    {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Return, Qt.Key.Key_Enter}
)
_GAP = 6


class SearchField(QLineEdit):
    """Keys that mean the list below it are handed on through `list_key_pressed`; Escape empties it."""

    list_key_pressed = Signal(object)  # Qt.Key

    def __init__(self, placeholder: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search_field")
        self.setPlaceholderText(placeholder)
        set_spoken_name(self, placeholder)
        self.setMinimumHeight(30)
        self._hint = KeyHint(hint, self) if hint else None
        self.textChanged.connect(self._on_text_changed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _LIST_KEYS:
            self.list_key_pressed.emit(key)
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._hint:
            size = self._hint.sizeHint()
            self._hint.setGeometry(
                self.width() - size.width() - _GAP,
                (self.height() - size.height()) // 2,
                size.width(),
                size.height(),
            )

    def _on_text_changed(self, text: str) -> None:
        if self._hint:
            self._hint.setVisible(not text)
