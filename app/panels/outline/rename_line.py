"""The line in which a row of the outline gets another name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from resources.text import tr


class RenameLine(QLineEdit):
    """Enter, or going elsewhere, takes the name; Esc leaves it as it was. Hidden while nothing is renamed.

    Not an editor of the tree: for those it asks for the flags of every single row whenever rows come or go.
    """

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("outline_rename")
        self.setAccessibleName(tr("Name of the layer"))
        self._take: Callable[[str], object] | None = None
        self._before = ""
        self.hide()
        self.editingFinished.connect(self._on_finished)

    def open_at(self, place: QRect, name: str, take: Callable[[str], object]) -> None:
        self._take, self._before = take, name
        self.setText(name)
        self.setGeometry(place)
        self.show()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def abandon(self) -> None:
        """Close without taking the name."""
        self._take = None
        self._close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.abandon()
        else:
            super().keyPressEvent(event)

    def _on_finished(self) -> None:
        take, self._take = self._take, None
        self._close()
        if take is not None and self.text().strip() != self._before:
            take(self.text().strip())

    def _close(self) -> None:
        if self.isVisible():
            had_keyboard = self.hasFocus()
            self.hide()
            if had_keyboard:
                self.closed.emit()
