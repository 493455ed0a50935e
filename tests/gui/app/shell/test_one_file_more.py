"""One file more is one thing more: a command of the canvas, and a gesture."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.command_palette.collecting import all_entries
from app.dialogs.shortcuts import all_blocks
from app.project.templates import TEMPLATES
from app.shell.compose import surroundings
from graph_editor.view import commands, tools
from graph_editor.view.mouse import all_mouse_words
from tests.gui.app.conftest import Rig

COMMAND = '''
"""A group of commands that is nothing but this file."""

from graph_editor.view.commands.command import CanvasCommand, Place, has_boxes
from resources.text import Text

done = []
ORDER = 999
COMMANDS = (
    CanvasCommand(
        "turn_about",
        Text("Turn about"),
        lambda canvas: done.append(canvas.selection),
        keys=("Ctrl+Alt+T",),
        window_keys=("Ctrl+Alt+Shift+T",),
        places=(Place("model", 199, name="model.turn_about"), Place("box", 199)),
        possible=has_boxes,
        checked=lambda canvas: bool(done),
    ),
    CanvasCommand("turn_back", Text("Turn back"), lambda canvas: done.clear(), keys=("Ctrl+Alt+B",)),
)
'''
GESTURE = '''
"""A gesture that is nothing but this file."""

from PySide6.QtCore import Qt

from graph_editor.view.tools.base import Gesture
from resources.text import Text

done = []


class Stroke(Gesture):
    priority = -1
    words = ((Text("Alt+Ctrl+Shift and drag"), Text("Stroke it")),)

    @classmethod
    def begins(cls, canvas, at):
        keys = Qt.KeyboardModifier
        held = keys.AltModifier | keys.ControlModifier | keys.ShiftModifier
        return cls(canvas) if at.modifiers == held else None

    def start(self, at):
        done.append("start")

    def update(self, at):
        done.append("update")

    def finish(self, at):
        done.append("finish")

    def cancel(self):
        done.append("cancel")


GESTURE = Stroke
'''


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each package as if it had one file more."""
    for package, text in ((commands, COMMAND), (tools, GESTURE)):
        folder = tmp_path / package.__name__
        folder.mkdir()
        (folder / "one_more.py").write_text(text)
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    yield
    for package in (commands, tools):
        sys.modules.pop(f"{package.__name__}.one_more", None)
        vars(package).pop("one_more", None)


def made(package: ModuleType) -> list[object]:
    found: list[object] = sys.modules[f"{package.__name__}.one_more"].done
    return found


@pytest.mark.usefixtures("added")
def test_a_command_is_in_menus_palette_and_sheet_and_its_keys_work(rig: Rig, qtbot: QtBot) -> None:
    window = rig.desktop.window
    rig.session.replace(TEMPLATES[0].open(), None)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    group = next(group for group in window.commands.groups if group.key == "model")
    entry = next(command for command in group.commands if command is not None and command.key == "model.turn_about")
    assert entry.text() == "Turn about" and entry.enabled is not None and not entry.enabled()
    box = next(iter(rig.session.document.graph.calls))
    window.canvas.select([box])
    assert entry.enabled() and entry.checked is not None and not entry.checked()
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    assert made(commands) == [(box,)] and entry.checked()
    window.commands.refresh()
    window.commands.action("model.turn_about").trigger()
    assert made(commands) == [(box,), (box,)]
    offered = {entry.title: entry for entry in all_entries(surroundings(rig.desktop, window)) if "Turn" in entry.title}
    assert offered["Turn about"].hint == "Model" and offered["Turn about"].keys == "Ctrl+Alt+Shift+T"
    assert offered["Turn back"].hint == "Canvas" and offered["Turn back"].keys == "Ctrl+Alt+B"
    offered["Turn back"].run()
    assert made(commands) == []
    rows = {
        row.text: row.keys for block in all_blocks(window.commands.groups, window.canvas.commands) for row in block.rows
    }
    assert rows["Turn back"] == ("Ctrl+Alt+B",) and "Turn about" in rows


@pytest.mark.usefixtures("added")
def test_a_command_is_in_the_menu_of_the_canvas(rig: Rig, qtbot: QtBot) -> None:
    window = rig.desktop.window
    rig.session.replace(TEMPLATES[0].open(), None)
    window.show()
    window.canvas.select([next(iter(rig.session.document.graph.calls))])
    window.canvas.run_action("open_menu")
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    entry = menu.findChild(QAction, "turn_about")
    assert entry is not None and entry.text() == "Turn about\tCtrl+Alt+T"
    entry.trigger()
    menu.close()
    assert len(made(commands)) == 1


@pytest.mark.usefixtures("added")
def test_a_gesture_is_asked_and_its_words_are_on_the_sheet(rig: Rig, qtbot: QtBot) -> None:
    window = rig.desktop.window
    window.show()
    qtbot.waitExposed(window)
    keys = Qt.KeyboardModifier
    held = keys.AltModifier | keys.ControlModifier | keys.ShiftModifier
    viewport, at = window.canvas.viewport(), QPoint(200, 200)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, held, at)
    QTest.mouseMove(viewport, at + QPoint(20, 0))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, held, at + QPoint(20, 0))
    assert made(tools)[0] == "start" and made(tools)[-1] == "finish"
    assert ("Alt+Ctrl+Shift and drag", "Stroke it") in [(str(how), str(what)) for how, what in all_mouse_words()]
