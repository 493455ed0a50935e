"""Qt's own dialogs, whose labels would guess at HTML."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QProgressDialog, QWidget

from graph_editor.words.plain_label import PlainLabel
from resources.plain import shown_text

_MOST = 1500  # letters: a box that is higher than the screen has no buttons


class PlainMessageBox(QMessageBox):
    """Shows its text and what stands below it letter by letter."""

    def __init__(self, text: str, more: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(shown_text(text, _MOST))
        if more:
            self.setInformativeText(shown_text(more, _MOST))
        for label in self.findChildren(QLabel):  # the format above is that of the first sentence only
            label.setTextFormat(Qt.TextFormat.PlainText)

    def exec(self) -> int:
        """As a dialog of the system: when it is answered, it goes. Its parent would keep every one that ever was."""
        try:
            return super().exec()
        finally:
            self.deleteLater()


class PlainProgressDialog(QProgressDialog):
    """Busy, without an end in sight; ``cancel`` is the word on the button."""

    def __init__(self, text: str, cancel: str, parent: QWidget | None = None) -> None:
        super().__init__("", cancel, 0, 0, parent)
        label = PlainLabel(text)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setLabel(label)
