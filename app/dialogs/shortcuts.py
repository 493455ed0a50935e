"""The sheet of keys: those of the menus, and those of the canvas."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.actions.command import Command, CommandMenu, Group, Shortcut
from app.dialogs.frame import Frame
from graph_editor.view.shortcuts import SHORTCUTS
from resources.text import tr

COLUMNS = 3
ON_CANVAS_ONLY = {
    "open_search",
    "delete_selection",
    "share_selected",
    "toggle_frozen",
    "toggle_output",
    "select_all",
    "fit_selection",
}
Rows = list[tuple[str, list[str]]]


class ShortcutsDialog(Frame):
    def __init__(self, commands: CommandMenu, parent: QWidget | None = None) -> None:
        super().__init__("shortcuts_dialog", tr("Keyboard shortcuts"), parent)
        blocks = [(group.title, _rows(group)) for group in commands.groups]
        blocks.append((tr("Canvas"), canvas_rows()))
        blocks = [(title, rows) for title, rows in blocks if rows]
        columns = QHBoxLayout()
        columns.setSpacing(40)
        for column in _balanced(blocks):
            columns.addLayout(_column(column))
        self.body.addLayout(columns)
        self.add_close_button()


def canvas_rows() -> Rows:
    """What keys and the mouse do on the canvas, apart from what the menus say."""
    rows = [(str(item.text), _native(item.keys)[:2]) for item in SHORTCUTS if item.action in ON_CANVAS_ONLY]
    return [
        *rows,
        (tr("Move boxes"), ["↑ ↓ ← →"]),
        (tr("Zoom"), [tr("Wheel")]),
        (tr("Move the canvas"), [tr("Space + drag")]),
        (tr("Add a layer here"), [tr("Double click")]),
    ]


def _rows(group: Group) -> Rows:
    return [_row(command) for command in group.commands if command is not None and command.shortcuts]


def _row(command: Command) -> tuple[str, list[str]]:
    return command.text(), _native(command.shortcuts)[:2]


def _native(shortcuts: Sequence[Shortcut]) -> list[str]:
    """Keys as the system writes them, each once."""
    form = QKeySequence.SequenceFormat.NativeText
    return list(dict.fromkeys(QKeySequence(shortcut).toString(form) for shortcut in shortcuts))


def _balanced(blocks: list[tuple[str, Rows]]) -> list[list[tuple[str, Rows]]]:
    """Three columns of about the same height, in the order of the menus."""
    share = sum(len(rows) + 2 for _, rows in blocks) / COLUMNS
    columns: list[list[tuple[str, Rows]]] = [[] for _ in range(COLUMNS)]
    height = 0.0
    for title, rows in blocks:
        middle = height + (len(rows) + 2) / 2
        columns[min(int(middle / share), COLUMNS - 1)].append((title, rows))
        height += len(rows) + 2
    return columns


def _column(blocks: list[tuple[str, Rows]]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(6)
    for title, rows in blocks:
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        column.addWidget(heading)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        for number, (text, keys) in enumerate(rows):
            grid.addWidget(QLabel(text), number, 0)
            grid.addLayout(_keys(keys), number, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        column.addLayout(grid)
        column.addSpacing(10)
    column.addStretch(1)
    return column


def _keys(keys: list[str]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(6)
    for key in keys:
        label = QLabel(key)
        label.setProperty("role", "key")
        row.addWidget(label)
    return row
