"""Answers whatever opens over the window: dialogs, questions, file dialogs, menus and lists."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QWidget,
)

from tests.soak.keyboard import type_text

_TICK_MS = 15
_STUBBORN = 60  # answers after which a dialog is closed from outside, and that is told
_STUBBORN_SECONDS = 20.0  # and not before: one may wait for a thread, and a busy machine is slow

Key = Qt.Key


class Answers(QObject):
    """`files` gives a name for a file dialog; `tell` writes the journal; `fault` takes what would not close."""

    def __init__(
        self,
        rng: random.Random,
        files: Callable[[bool], Path],
        tell: Callable[[str], None],
        fault: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._rng, self._files, self._tell, self._fault = rng, files, tell, fault
        self._seen: tuple[QWidget | None, int] = (None, 0)  # never to be used: it may be gone by the next tick
        self._since = 0.0
        self._timer = QTimer(
            self
        )  # one that is started again: each `singleShot` with a receiver leaves an object behind
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self._timer.start(_TICK_MS)

    @property
    def quiet(self) -> bool:
        return QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None

    def _look(self) -> None:
        """A timer that repeats would be silent in the dialog that an answer opens: Qt does not nest it."""
        self._timer.start(_TICK_MS)
        shown = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if shown is None:
            self._seen = (None, 0)
        else:
            self._answer(shown)

    def _answer(self, shown: QWidget) -> None:
        name = f"{type(shown).__name__} {shown.objectName()}"
        if self._seen[0] is shown:
            self._seen = (shown, self._seen[1] + 1)
        else:
            self._seen, self._since = (shown, 1), time.monotonic()
        if self._seen[1] > _STUBBORN and time.monotonic() - self._since > _STUBBORN_SECONDS:
            self._fault(f"{name} would not close")
            shown.reject() if isinstance(shown, QDialog) else shown.close()
        elif shown is QApplication.activePopupWidget():
            self._pick(shown, name)
        elif isinstance(shown, QFileDialog):
            self._give_file(shown)
        elif isinstance(shown, QDialog):
            self._talk(shown, name)
        else:
            self._key(shown, Key.Key_Escape)

    def _pick(self, popup: QWidget, name: str) -> None:
        steps = self._rng.randrange(6)
        chosen = self._rng.random() < 0.6
        self._tell(f"  {name}: {steps} down, {'Enter' if chosen else 'Esc'}")
        for _ in range(steps):
            self._key(popup, Key.Key_Down)
            if not shiboken6.isValid(popup) or not popup.isVisible():
                return
        self._key(popup, Key.Key_Return if chosen else Key.Key_Escape)

    def _give_file(self, dialog: QFileDialog) -> None:
        opens = dialog.acceptMode() == QFileDialog.AcceptMode.AcceptOpen
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        if field is None or self._rng.random() < 0.25 or self._seen[1] > 3:
            self._tell("  file dialog: Esc")
            self._key(dialog, Key.Key_Escape)
            return
        path = self._files(opens)
        self._tell(f"  file dialog: {path.name}")
        field.setText(str(path))
        self._key(field, Key.Key_Return)

    def _talk(self, dialog: QDialog, name: str) -> None:
        buttons = [item for item in dialog.findChildren(QAbstractButton) if item.isVisible() and item.isEnabled()]
        patient = isinstance(dialog, QMessageBox) or self._seen[1] < 8
        if not buttons or not patient or self._rng.random() < 0.15:
            self._tell(f"  {name}: Esc")
            self._key(dialog, Key.Key_Escape)
            return
        fields = [item for item in dialog.findChildren(QLineEdit) if item.isVisible() and item.isEnabled()]
        if fields and self._rng.random() < 0.5:
            text = self._rng.choice(("Block", "한글", "<b>x</b>", "a/b", "", "99999"))
            self._tell(f"  {name}: types {text!r}")
            field = self._rng.choice(fields)
            field.selectAll()
            type_text(field, text)
            return
        button = self._rng.choice(buttons)
        self._tell(f"  {name}: {button.objectName() or button.text()}")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def _key(self, widget: QWidget, key: Qt.Key) -> None:
        QTest.keyClick(widget, key)
