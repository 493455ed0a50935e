"""Help: the keys, and what this is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.commands.command import Command, Group
from resources.text import tr

if TYPE_CHECKING:
    from app.shell.window.main_window import MainWindow


def group(window: MainWindow, welcome: Callable[[], object]) -> Group:
    return Group(
        "help",
        tr("Help"),
        (
            Command("help.shortcuts", lambda: tr("Keyboard shortcuts"), lambda: show_shortcuts(window), ("F1", "?")),
            Command("help.welcome", lambda: tr("Welcome to Lamella…"), welcome),
            Command("help.about", lambda: tr("About Lamella"), lambda: show_about(window)),
        ),
    )


def show_shortcuts(window: MainWindow) -> None:
    from app.dialogs.shortcuts import ShortcutsDialog

    ShortcutsDialog(window.commands, window.canvas.commands, window).exec()


def show_about(window: MainWindow) -> None:
    from app.dialogs.about import AboutDialog

    AboutDialog(window.look, window.session.engine.state.text, window).exec()
