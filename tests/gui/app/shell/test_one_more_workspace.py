"""A workspace is one file: a button in the header, a key, a line in the palette and in the menu, and a page."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel, QPushButton

from app.cli.verbs import screenshot
from app.command_palette.collecting import all_entries
from app.shell.compose import surroundings
from app.shell.window.main_window import MainWindow
from tests.gui.app.conftest import Rig
from tests.support.dummies import one_more

SOURCE = '''
"""Where somebody writes down what was tried."""
from app.workspaces.parts.workspace import Workspace
from resources.text import Text


def make(session, look, chooser, background):
    from PySide6.QtWidgets import QLabel

    return QLabel(session.name)


WORKSPACE = Workspace("diary", Text("Diary"), 25, make, trains=True)
'''


def buttons(window: MainWindow) -> list[str]:
    return [button.text() for button in window.header.switch.findChildren(QPushButton)]


def test_a_workspace_is_one_file(rig: Rig, tmp_path: Path) -> None:
    assert buttons(rig.desktop.window) == ["Build", "Data", "Train", "Runs", "Evaluate"]
    with one_more("app.workspaces", "diary", SOURCE, tmp_path):
        rig.desktop.preferences.set_language("en")  # makes the window anew
        window = rig.desktop.window
        assert buttons(window) == ["Build", "Data", "Diary", "Train", "Runs", "Evaluate"]
        action = window.commands.action("view.diary")
        assert action.text() == "Diary" and action.shortcut().toString() == "Alt+3"
        action.trigger()
        page = window.page("diary")
        assert window.workspace == "diary" and isinstance(page, QLabel) and page.text() == rig.session.name
        assert page.objectName() == "diary_workspace" and page.isVisible()
        assert not window.header.train_button.isVisible()
        assert "Diary" in [entry.title for entry in all_entries(surroundings(rig.desktop, window))]
        assert "diary" in screenshot.workspace_keys()
        window.show_workspace("build")
    rig.desktop.preferences.set_language("en")
    assert buttons(rig.desktop.window) == ["Build", "Data", "Train", "Runs", "Evaluate"]
