"""The sheet lists every key, and every key it lists works."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.commands.keys_in_words import key_list
from app.dialogs.shortcuts import ShortcutsDialog, all_blocks
from app.project.templates import TEMPLATES
from graph_editor.view.mouse import all_mouse_words
from tests.gui.app.conftest import Rig


def made(rig: Rig, qtbot: QtBot) -> ShortcutsDialog:
    dialog = ShortcutsDialog(rig.desktop.window.commands, rig.desktop.window.canvas.commands)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def shown(dialog: ShortcutsDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel) if label.property("role") == "key"]


def test_all_keys_are_on_it_once_for_each_thing(rig: Rig, qtbot: QtBot) -> None:
    listed = shown(made(rig, qtbot))
    menu_keys = [
        key_list(command.shortcuts)[0]
        for group in rig.desktop.window.commands.groups
        for command in group.commands
        if command is not None and command.shortcuts
    ]
    assert [key for key in menu_keys if listed.count(key) != 1] == []
    taken = {QKeySequence(key).toString() for key in menu_keys}
    for item in rig.desktop.window.canvas.commands:
        if item.arrows is None and not taken.intersection(item.keys):
            assert set(key_list(item.keys)) & set(listed), item
    assert {"↑ ↓ ← →", "Shift+↑ ↓ ← →", "Ctrl+↑ ↓ ← →", "Ctrl+Shift+↑ ↓ ← →"} <= set(listed)
    assert {str(how) for how, _ in all_mouse_words()} <= set(listed)


def test_every_key_of_the_canvas_does_what_is_listed(rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    window = rig.desktop.window
    rig.session.replace(TEMPLATES[0].open(), None)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    asked: list[str] = []
    monkeypatch.setattr(window.canvas, "run_action", asked.append)
    for item in window.canvas.commands:
        for keys in item.keys:
            window.canvas.setFocus()
            asked.clear()
            QTest.keySequence(window.canvas, QKeySequence(keys))
            assert asked == [item.name], keys


def test_no_key_of_a_menu_stands_for_two_commands(rig: Rig) -> None:
    keys = [
        QKeySequence(key).toString()
        for group in rig.desktop.window.commands.groups
        for command in group.commands
        if command is not None
        for key in command.shortcuts
    ]
    assert sorted(keys) == sorted(set(keys))


def test_searching_by_words_and_by_keys(rig: Rig, qtbot: QtBot) -> None:
    dialog = made(rig, qtbot)
    field = dialog.findChild(QLineEdit, "shortcut_search")
    assert field is not None
    assert dialog.focusWidget() is field
    QTest.keyClicks(field, "undo")
    assert shown(dialog) == ["Ctrl+Z"]
    field.clear()
    QTest.keyClicks(field, "ctrl+k")
    assert shown(dialog) == ["Ctrl+K", "Ctrl+Shift+P"]
    field.clear()
    QTest.keyClicks(field, "xyzzy")
    assert shown(dialog) == []
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_blocks_without_a_found_row_are_left_out(rig: Rig) -> None:
    blocks = all_blocks(rig.desktop.window.commands.groups, rig.desktop.window.canvas.commands)
    assert [block.title for block in blocks if block.found("undo").rows] == ["Edit"]
