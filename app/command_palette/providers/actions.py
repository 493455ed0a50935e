"""Every command of the menus, and those of the canvas that no menu has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtGui import QKeySequence

from app.command_palette.providers.entry import Entry, Surroundings
from app.commands.command import Command, Group
from app.commands.keys_in_words import key_words
from graph_editor.view.commands.command import CanvasCommand
from graph_editor.view.commands.table import first_key
from resources.text import tr

ORDER = 0
ELSEWHERE = {"view.theme", "view.language", "view.motion", "file.recent"}  # submenus that other providers offer


def actions(around: Surroundings) -> Sequence[Entry]:
    groups = around.groups
    canvas_keys = {place.name: first_key(command) for command in around.canvas_commands for place in command.places}
    found = [entry for group in groups for entry in _of_group(group, canvas_keys)]
    return [*found, *_of_canvas(around, groups)]


def _of_group(group: Group, canvas_keys: dict[str, str]) -> Iterator[Entry]:
    for command in group.commands:
        if command is None or command.key in ELSEWHERE or command.key == "help.palette":
            continue
        if command.submenu is None:
            yield _entry(command, command.text(), group.title, canvas_keys.get(command.key, ""))
            continue
        for inner in command.submenu():
            if inner is not None:
                yield _entry(inner, f"{command.text()}: {inner.text()}", group.title, "")


def _entry(command: Command, title: str, menu: str, canvas_keys: str) -> Entry:
    return Entry(
        "action",
        title.rstrip("…"),
        command.run or (lambda: None),
        menu,
        key_words(command.shortcuts[:1]) or canvas_keys,
        f"{menu} {command.key}",
        enabled=command.run is not None and (command.enabled is None or command.enabled()),
        checked=command.checked is not None and command.checked(),
    )


def _of_canvas(around: Surroundings, groups: Sequence[Group]) -> Iterator[Entry]:
    """Those that no menu of the window has, and that have none of its keys."""
    menus = {group.key for group in groups}
    entries = [command for group in groups for command in group.commands if command is not None]
    window_keys = {QKeySequence(keys).toString() for command in entries for keys in command.shortcuts}

    def run(command: CanvasCommand) -> None:
        around.go_to_canvas().run_action(command.name)

    for command in around.canvas_commands:
        if not (menus & {place.menu for place in command.places} or window_keys.intersection(command.keys)):
            act = partial(run, command)
            yield Entry("action", str(command.text), act, tr("Canvas"), first_key(command), command.name)


PROVIDE = actions
