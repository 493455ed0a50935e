"""Menus whose entries come from several places: each says where it belongs."""

from __future__ import annotations

from collections.abc import Iterable

from app.commands.command import Command

Entry = tuple[int, Command]  # the order: entries of different hundreds are parted by a line
_SECTION = 100


def in_sections(entries: Iterable[Entry]) -> tuple[Command | None, ...]:
    """The commands in their order, None being a line between them."""
    commands_and_lines: list[Command | None] = []
    section = None
    for order, command in sorted(entries, key=lambda entry: entry[0]):
        if section not in (None, order // _SECTION):
            commands_and_lines.append(None)
        section = order // _SECTION
        commands_and_lines.append(command)
    return tuple(commands_and_lines)
