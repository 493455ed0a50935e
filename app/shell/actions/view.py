"""View: workspaces, zoom, panels, theme and language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.commands.command import Command, Group
from app.commands.sections import in_sections
from app.look.preferences import Preferences
from app.look.theme import load_theme, theme_names
from app.shell.actions.canvas import canvas_entries
from app.workspaces.listing import all_workspaces
from graph_editor.view.painting.motion import MOTIONS, Motion
from resources.text import LANGUAGES, language, tr

if TYPE_CHECKING:
    from app.shell.window.main_window import MainWindow

PALETTE_KEYS = ("Ctrl+K", "Ctrl+Shift+P")  # in a text field of some systems Ctrl+K deletes to the end of the line


def group(window: MainWindow, preferences: Preferences, open_palette: Callable[[], None]) -> Group:
    build = window.build
    return Group(
        "view",
        tr("View"),
        (
            Command("help.palette", lambda: tr("Command palette…"), open_palette, PALETTE_KEYS),
            None,
            *_workspaces(window),
            None,
            *in_sections(canvas_entries(window, "view")),
            None,
            Command(
                "view.inside",
                lambda: tr("Look inside"),
                lambda: toggle_inside(window),
                ("Ctrl+Shift+I",),
                None,
                lambda: build.inside.inside.on,
            ),
            Command(
                "view.outline",
                lambda: tr("Outline"),
                window.toggle_outline,
                ("Ctrl+Shift+E",),
                None,
                lambda: build.side.currentWidget() is build.outline,
            ),
            Command(
                "view.problems",
                lambda: tr("Problems"),
                window.show_problems,
                ("Ctrl+Shift+M",),
                None,
                lambda: build.drawer_shows(build.problems),
            ),
            Command(
                "view.console",
                lambda: tr("Console"),
                window.show_console,
                ("Ctrl+`",),
                None,
                lambda: build.drawer_shows(build.console),
            ),
            None,
            Command("view.theme", lambda: tr("Theme"), submenu=lambda: _themes(preferences)),
            Command("view.motion", lambda: tr("Motion"), submenu=lambda: _motions(preferences)),
            Command("view.language", lambda: tr("Language"), submenu=lambda: _languages(preferences)),
        ),
    )


def toggle_inside(window: MainWindow) -> None:
    """Show what comes out of each box, or the boxes as they are."""
    inside = window.build.inside.inside
    shown = window.workspace == "build"
    window.show_workspace("build")
    inside.switch(not inside.on or not shown)
    window.commands.refresh()


def _workspaces(window: MainWindow) -> list[Command]:
    def make(key: str, title: str, number: int) -> Command:
        return Command(
            f"view.{key}",
            lambda: title,
            lambda: window.go_to_workspace(key),
            (f"Alt+{number}",),
            None,
            lambda: window.workspace == key,
        )

    return [make(found.key, str(found.title), number) for number, found in enumerate(all_workspaces(), 1)]


def _themes(preferences: Preferences) -> Sequence[Command]:
    def make(name: str, title: str) -> Command:
        return Command(
            f"view.theme.{name}",
            lambda: title,
            lambda: preferences.set_theme(name),
            checked=lambda: preferences.theme == name,
        )

    themes = [make(name, load_theme(name).title) for name in theme_names()]
    return [make("system", tr("As the system")), *themes]


def _motions(preferences: Preferences) -> Sequence[Command]:
    titles = {"system": tr("As the system"), "full": tr("Animated"), "reduced": tr("Reduced: nothing glides")}

    def make(choice: Motion) -> Command:
        return Command(
            f"view.motion.{choice}",
            lambda: titles[choice],
            lambda: preferences.set_motion(choice),
            checked=lambda: preferences.motion == choice,
        )

    return [make(choice) for choice in MOTIONS]


def _languages(preferences: Preferences) -> Sequence[Command]:
    def make(code: str, title: str) -> Command:
        return Command(
            f"view.language.{code}",
            lambda: title,
            lambda: preferences.set_language(code),
            checked=lambda: language() == code,
        )

    return [make(code, title) for code, title in LANGUAGES.items()]
