"""A workspace that is shown by a key has the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.panels.runs.panel import RunsPanel
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


def test_the_keyboard_stays_in_runs_when_they_are_read(rig: Rig, qtbot: QtBot) -> None:
    open_digits(rig)
    window = rig.desktop.window
    window.activateWindow()
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    page = window.page("runs")
    assert isinstance(page, RunsPanel)
    waiting = QApplication.focusWidget()
    assert waiting is not None and waiting.objectName() == "runs_unknown"
    qtbot.waitUntil(lambda: not waiting.isVisible())
    focused = QApplication.focusWidget()
    assert focused is not None and page.isAncestorOf(focused) and focused.isVisible()
