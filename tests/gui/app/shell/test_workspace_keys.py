"""A workspace that is shown by a key has the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.app.conftest import Rig
from tests.gui.app.shell.test_window import open_digits


@pytest.mark.parametrize(
    ("key", "workspace"), [(Qt.Key.Key_2, "data"), (Qt.Key.Key_3, "train"), (Qt.Key.Key_4, "runs")]
)
def test_the_keyboard_goes_into_the_page(rig: Rig, key: Qt.Key, workspace: str) -> None:
    open_digits(rig)
    window = rig.desktop.window
    window.activateWindow()
    window.canvas.setFocus()
    QApplication.processEvents()
    QTest.keyClick(window.canvas, key, Qt.KeyboardModifier.AltModifier)
    assert window.workspace == workspace
    focused = QApplication.focusWidget()
    assert focused is not None
    assert window.page(workspace).isAncestorOf(focused)
    QTest.keyClick(focused, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert QApplication.focusWidget() is window.canvas
