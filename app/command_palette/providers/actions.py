"""Every command of the menus, and those of the canvas that no menu has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtGui import QKeySequence

from app.command_palette.providers.entry import Entry, Surroundings
from app.commands.command import Command, Group
from app.commands.keys_in_words import key_words
from graph_editor.view.commands.shortcuts import SHORTCUTS, keys_of
from resources.text import tr

ORDER = 0
ELSEWHERE = {"view.theme", "view.language", "view.motion", "file.recent"}  # submenus that other providers offer
SAME_AS = {  # what the canvas calls otherwise than the menus do
    "delete_selection": "edit.delete",
    "add_note": "edit.note",
    "toggle_frozen": "model.freeze",
    "freeze_above": "model.freeze_above",
    "unfreeze_all": "model.unfreeze_all",
    "share_selected": "model.share",
    "toggle_output": "model.output",
    "toggle_bypassed": "model.bypass",
    "toggle_muted": "model.mute",
    "select_all": "edit.select_all",
    "collapse_selection": "model.collapse",
    "collapse_into_one": "model.collapse_into_one",
}


def actions(around: Surroundings) -> Sequence[Entry]:
    groups = around.groups
    canvas_keys = {command: keys_of(action) for action, command in SAME_AS.items()}
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
    commands = [command for group in groups for command in group.commands if command is not None]
    taken = {QKeySequence(keys).toString() for command in commands for keys in command.shortcuts}
    for item in SHORTCUTS:
        if item.action in SAME_AS or taken.intersection(item.keys):
            continue

        def run(action: str = item.action) -> None:
            around.go_to_canvas().run_action(action)

        yield Entry("action", str(item.text), partial(run), tr("Canvas"), keys_of(item.action), item.action)


PROVIDE = actions
