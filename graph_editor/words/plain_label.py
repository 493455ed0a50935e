"""The one label: what stands in it is shown letter by letter, whoever wrote it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from resources.plain import shown_text


class PlainLabel(QLabel):
    """A QLabel left alone guesses whether its text is HTML, and then loads the pictures that it names.

    A "&" is a "&", with a buddy too.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        if text:
            self.setText(text)

    def text(self) -> str:
        return self._words

    def setText(self, text: str) -> None:
        self._words = shown_text(text)
        self._pass_on()

    def setBuddy(self, buddy: QWidget) -> None:
        super().setBuddy(buddy)
        self._pass_on()

    def clear(self) -> None:
        self.setText("")

    def _pass_on(self) -> None:
        super().setText(self._words if self.buddy() is None else self._words.replace("&", "&&"))
