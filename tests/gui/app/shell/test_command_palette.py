"""Ctrl+K, with real keys: everything is found, and done."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView
from pytestqt.qtbot import QtBot

from app.command_palette.command_palette import CommandPalette
from app.command_palette.providers.entry import Entry
from app.command_palette.rows import ENTRY_ROLE
from app.project.templates import TEMPLATES
from resources.text import language
from tests.gui.app.conftest import Rig

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def palette(rig: Rig, qtbot: QtBot) -> CommandPalette:
    rig.session.replace(TEMPLATES[0].open(), None)
    rig.desktop.window.activateWindow()
    qtbot.waitUntil(rig.desktop.window.isActiveWindow)
    return opened(rig)


def opened(rig: Rig) -> CommandPalette:
    rig.desktop.window.canvas.setFocus()
    QTest.keyClick(rig.desktop.window.canvas, Qt.Key.Key_K, CONTROL)
    found = rig.desktop.window.findChild(CommandPalette)
    assert found is not None
    assert found.isVisible()
    return found


def typed(palette: CommandPalette, text: str) -> list[Entry]:
    field = palette.findChild(QLineEdit, "command_field")
    assert field is not None
    field.clear()
    QTest.keyClicks(field, text) if text.isascii() else field.insert(text)
    listed = palette.findChild(QListView, "command_list")
    assert listed is not None
    model = listed.model()
    return [model.index(row, 0).data(ENTRY_ROLE) for row in range(model.rowCount())]


def press(key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def test_esc_gives_the_keyboard_back(rig: Rig, palette: CommandPalette) -> None:
    assert QApplication.focusWidget() is palette.findChild(QLineEdit, "command_field")
    press(Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert QApplication.focusWidget() is rig.desktop.window.canvas


def test_it_opens_from_a_text_field_too(rig: Rig, palette: CommandPalette) -> None:
    press(Qt.Key.Key_Escape)
    field = rig.desktop.window.build.palette_panel.findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_P, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert palette.isVisible()
    press(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is field


def test_an_action_is_found_with_its_keys_and_done(rig: Rig, palette: CommandPalette) -> None:
    found = typed(palette, "console")
    assert (found[0].kind, found[0].title, found[0].keys) == ("action", "Console", "Ctrl+`")
    press(Qt.Key.Key_Return)
    assert rig.desktop.window.build.drawer_shows(rig.desktop.window.build.console)


def test_what_cannot_be_done_says_so(rig: Rig, palette: CommandPalette) -> None:
    found = typed(palette, "undo")
    assert not found[0].enabled
    press(Qt.Key.Key_Return)
    assert palette.isVisible()
    hint = palette.findChild(QLabel, "command_hint")
    assert hint is not None and "not possible now" in hint.text()


def test_a_layer_is_added_and_arrows_choose(rig: Rig, palette: CommandPalette) -> None:
    before = len(rig.session.document.graph.calls)
    found = typed(palette, "conv2")
    assert [entry.title for entry in found[:2]] == ["Conv2D", "Conv2DTranspose"]
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    calls = rig.session.document.graph.calls
    assert len(calls) == before + 1
    assert rig.session.document.operation_of(rig.session.navigation.selection[0]).class_name == "Conv2DTranspose"
    rig.session.history.undo()
    assert len(rig.session.document.graph.calls) == before


def test_a_box_is_gone_to(rig: Rig, palette: CommandPalette) -> None:
    press(Qt.Key.Key_Escape)
    rig.desktop.window.show_workspace("train")
    rig.desktop.window.commands.action("help.palette").trigger()
    found = typed(palette, "is_even")
    assert found[0].kind == "box"
    press(Qt.Key.Key_Return)
    assert rig.desktop.window.workspace == "build"
    assert rig.session.document.operation_of(rig.session.navigation.selection[0]).name == "is_even"


def test_settings_and_what_was_used_last(rig: Rig, palette: CommandPalette) -> None:
    found = typed(palette, "theme light")
    assert (found[0].kind, found[0].title) == ("setting", "Theme: Light")
    press(Qt.Key.Key_Return)
    assert rig.desktop.preferences.look.theme.name == "light"
    assert typed(opened(rig), "")[0].title == "Theme: Light"
    assert typed(palette, "theme light")[0].checked


def test_a_template_is_begun(rig: Rig, palette: CommandPalette) -> None:
    assert typed(palette, "siamese")[0].kind == "template"
    press(Qt.Key.Key_Return)
    assert any(operation.class_name == "LSTM" for operation in rig.session.document.graph.operations.values())


def test_in_korean_by_first_consonants_and_in_english(rig: Rig, palette: CommandPalette, qtbot: QtBot) -> None:
    press(Qt.Key.Key_Escape)
    rig.desktop.preferences.set_language("ko")
    assert language() == "ko"
    rig.desktop.window.activateWindow()
    qtbot.waitUntil(rig.desktop.window.isActiveWindow)
    korean = opened(rig)
    assert typed(korean, "ㅈㅈ")[0].title == "저장"
    assert typed(korean, "file.save")[0].title == "저장"


def test_every_command_with_a_key_is_in_it(rig: Rig, palette: CommandPalette) -> None:
    commands = [command for group in rig.desktop.window.commands.groups for command in group.commands if command]
    for command in commands:
        if command.submenu is None and command.key != "help.palette":
            title = command.text().rstrip("…")
            assert title in [entry.title for entry in typed(palette, title)], title
