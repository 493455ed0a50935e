"""What is done over and over leaves no Qt objects behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu

from app.dialogs.chooser import DialogChooser
from app.panels.widgets.questions import confirm
from app.shell.actions.help import show_about, show_shortcuts
from app.shell.compose import choose_template
from graph_editor.document.changes import commands
from resources.text import Text
from tests.gui.app.conftest import Rig
from tests.gui.app.shell.test_window import open_digits
from tests.support.objects import growth, objects_below, settle


def change_theme(rig: Rig) -> None:
    """To the other one: after an even count it is the one that it was."""
    preferences = rig.desktop.preferences
    preferences.set_theme("light" if preferences.theme == "dark" else "dark")


def change_themes(rig: Rig) -> None:
    for name in ("light", "dark"):
        rig.desktop.preferences.set_theme(name)


def open_every_menu(rig: Rig) -> None:
    for menu in rig.desktop.window.findChildren(QMenu):
        menu.aboutToShow.emit()
        menu.aboutToHide.emit()


def visit_every_workspace(rig: Rig) -> None:
    for key in ("data", "train", "runs", "build"):
        rig.desktop.window.show_workspace(key)
        QApplication.processEvents()


def press_escape() -> None:
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def answer_every_dialog(rig: Rig) -> None:
    """Those that a click away from the window opens, each left with Esc."""
    window, chooser = rig.desktop.window, DialogChooser(rig.desktop.preferences.look)
    asked: list[Callable[[], object]] = [
        lambda: show_about(window),
        lambda: show_shortcuts(window),
        lambda: choose_template(rig.desktop),
        lambda: chooser.save_changes(window, "digits"),
        lambda: chooser.confirm(window, "Sure?", "", "Yes"),
        lambda: chooser.picture_look(window, "png"),
        lambda: chooser.show_error(window, Text("It is gone.")),
        lambda: confirm(window, "Sure?", "", "Yes"),
    ]
    for ask in asked:
        QTimer.singleShot(0, window, press_escape)
        ask()


@pytest.mark.parametrize("habit", [answer_every_dialog, change_theme, open_every_menu, visit_every_workspace])
def test_a_habit_leaves_nothing_behind(rig: Rig, habit: Callable[[Rig], None]) -> None:
    open_digits(rig)
    visit_every_workspace(rig)
    for _ in range(2):
        habit(rig)
    settle()
    before = objects_below(rig.desktop.window)
    for _ in range(10):
        habit(rig)
    settle()
    assert growth(before, objects_below(rig.desktop.window), least=4) == {}


def drawn_icons(rig: Rig) -> set[int]:
    """What Qt tells the pictures on the window's buttons apart by: it keeps something of each that it has shown."""
    buttons = rig.desktop.window.findChildren(QAbstractButton)
    return {button.icon().cacheKey() for button in buttons if not button.icon().isNull()}


def rename_and_undo(rig: Rig) -> None:
    session = rig.session
    operation = session.document.operation_of(next(iter(session.document.graph.calls)))
    session.edit(Text("Rename"), commands.rename(session.document, operation.id, "another"))
    session.history.undo()


@pytest.mark.parametrize("habit", [change_themes, rename_and_undo, visit_every_workspace])
def test_a_habit_draws_no_icon_anew(rig: Rig, habit: Callable[[Rig], None]) -> None:
    open_digits(rig)
    visit_every_workspace(rig)
    habit(rig)
    before = drawn_icons(rig)
    assert len(before) > 5
    habit(rig)
    assert drawn_icons(rig) == before
