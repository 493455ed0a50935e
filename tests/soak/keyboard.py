"""Text as it comes from a keyboard: keys for ASCII, an input method for the rest."""

from __future__ import annotations

from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def type_text(widget: QWidget, text: str) -> None:
    if text.isascii():
        QTest.keyClicks(widget, text)
        return
    for end in range(1, len(text) + 1):  # Hangul is put together before it is there
        QApplication.sendEvent(widget, QInputMethodEvent(text[:end], []))
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)
