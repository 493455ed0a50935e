"""The commands of the canvas in the menus of the window: read off their table."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app.commands.command import Command
from app.commands.sections import Entry
from graph_editor.view.commands.command import CanvasCommand, Clicked, Place, WindowMenu

if TYPE_CHECKING:
    from app.shell.window.main_window import MainWindow


def canvas_entries(window: MainWindow, menu: WindowMenu) -> list[Entry]:
    """Those that have a place in a menu of the window."""
    return [(place.order, _entry(window, place, command)) for place, command in window.canvas.commands.in_menu(menu)]


def _entry(window: MainWindow, place: Place, command: CanvasCommand) -> Command:
    canvas, checked = window.canvas, command.checked
    return Command(
        place.name or f"{place.menu}.{command.name}",
        partial(_text, place, command),
        partial(_run, window, command),
        command.window_keys,
        _enabled(window, command),
        None if checked is None else lambda: checked(canvas),
    )


def _text(place: Place, command: CanvasCommand) -> str:
    return str(place.text(Clicked()) if callable(place.text) else place.text or command.text)


def _run(window: MainWindow, command: CanvasCommand) -> None:
    if command.where == "goes there":
        window.show_workspace("build")
    window.canvas.run_action(command.name)


def _enabled(window: MainWindow, command: CanvasCommand) -> Callable[[], bool] | None:
    canvas, possible = window.canvas, command.possible
    if command.where == "canvas":
        return lambda: window.workspace == "build" and (possible is None or possible(canvas))
    return None if possible is None else lambda: possible(canvas)
