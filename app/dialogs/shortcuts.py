"""The sheet of keys: those of the menus and of the canvas, and what the mouse does there; read off the tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.commands.command import CommandMenu, Group
from app.commands.keys_in_words import key_list
from app.dialogs.frame import Frame
from app.system.matching import plain
from graph_editor.view.commands.command import CanvasCommand
from graph_editor.view.mouse import all_mouse_words
from graph_editor.words.attaching import attached
from graph_editor.words.plain_label import PlainLabel
from resources.text import tr

COLUMNS, MOST_KEYS, SIZE = 3, 2, (1000, 640)
ARROWS = "↑ ↓ ← →"


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    title: str
    rows: tuple[Row, ...]

    def found(self, query: str) -> Block:
        """The rows that have all words of `query` in their text, their keys or the title."""
        words = plain(query).split()
        texts = {row: plain(f"{self.title} {row.text} {' '.join(row.keys)}") for row in self.rows}
        return Block(self.title, tuple(row for row in self.rows if all(word in texts[row] for word in words)))


class ShortcutsDialog(Frame):
    def __init__(self, menus: CommandMenu, canvas: Iterable[CanvasCommand], parent: QWidget | None = None) -> None:
        super().__init__("shortcuts_dialog", tr("Keyboard shortcuts"), parent)
        self._blocks = all_blocks(menus.groups, canvas)
        self._field = QLineEdit()
        self._field.setObjectName("shortcut_search")
        self._field.setAccessibleName(tr("Search the shortcuts"))
        self._field.setPlaceholderText(tr("Search: what it does, or a key…"))
        self._field.setClearButtonEnabled(True)
        self._field.textChanged.connect(self._show)
        self.body.addWidget(self._field)
        self._area = QScrollArea()
        self._area.setObjectName("shortcut_area")
        self._area.setAccessibleName(tr("Keyboard shortcuts"))
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(self._area, 1)
        self.add_close_button()
        self.resize(*SIZE)
        self._show("")
        self._field.setFocus()

    def _show(self, query: str) -> None:
        blocks = [found for block in self._blocks if (found := block.found(query)).rows]
        mouse = [block for block in blocks if block.title == tr("Mouse")]
        sheet = QWidget()
        sheet.setObjectName("shortcut_sheet")
        rows = QVBoxLayout(sheet)
        rows.setContentsMargins(0, 4, 12, 0)
        columns = QHBoxLayout()
        columns.setSpacing(32)
        rows.addLayout(columns)
        for column in _balanced([block for block in blocks if block not in mouse]):
            _fill_column(attached(columns, QVBoxLayout(), 1), column)
        for block in mouse:
            _fill_gestures(attached(rows, QVBoxLayout()), block)
        if not blocks:
            rows.addWidget(PlainLabel(tr("No shortcut is like that.")))
        rows.addStretch(1)
        self._area.setWidget(sheet)
        sheet.setAutoFillBackground(False)
        self._area.viewport().setAutoFillBackground(False)


def all_blocks(groups: Sequence[Group], canvas: Iterable[CanvasCommand]) -> list[Block]:
    """Each key once: what a menu says is not said again for the canvas."""
    menus = [Block(group.title, tuple(_menu_rows(group))) for group in groups]
    menu_keys = {QKeySequence(keys).toString() for group in groups for c in group.commands if c for keys in c.shortcuts}
    mouse = tuple(Row(str(what), (str(how),)) for how, what in all_mouse_words())
    blocks = [*menus, Block(tr("Canvas"), tuple(_canvas_rows(canvas, menu_keys))), Block(tr("Mouse"), mouse)]
    return [block for block in blocks if block.rows]


def _menu_rows(group: Group) -> list[Row]:
    return [
        Row(command.text().rstrip("…"), tuple(key_list(command.shortcuts)[:MOST_KEYS]))
        for command in group.commands
        if command is not None and command.shortcuts
    ]


def _canvas_rows(commands: Iterable[CanvasCommand], menu_keys: set[str]) -> list[Row]:
    """A row for each, and one for all that differ in the arrow key only."""
    rows, arrows = [], dict[str, str]()  # what is held with the arrows, by the words for it
    for command in commands:
        keys = tuple(key for key in command.keys if key not in menu_keys)
        if command.arrows is not None:
            arrows[str(command.arrows)] = keys[0].rpartition("+")[0]
        elif keys:
            rows.append(Row(str(command.text), tuple(key_list(keys)[:MOST_KEYS])))
    return [*rows, *(Row(words, (f"{held}+{ARROWS}" if held else ARROWS,)) for words, held in arrows.items())]


def _balanced(blocks: Sequence[Block]) -> list[list[Block]]:
    """Columns of about the same height, in the order of the menus; a long block goes on in the next column."""
    height = max(8, -(-sum(len(block.rows) + 2 for block in blocks) // COLUMNS))
    columns: list[list[Block]] = [[]]
    room = height
    for block in blocks:
        rows = block.rows
        while rows:
            if room < 4 and len(columns) < COLUMNS:
                columns.append([])
                room = height
            count = len(rows) if len(columns) == COLUMNS else max(2, room - 2)
            columns[-1].append(Block(block.title, rows[:count]))
            room -= len(rows[:count]) + 2
            rows = rows[count:]
    return columns


def _fill_column(column: QVBoxLayout, blocks: Sequence[Block]) -> None:
    column.setSpacing(6)
    for block in blocks:
        heading = PlainLabel(block.title)
        heading.setProperty("role", "heading")
        column.addWidget(heading)
        _fill_grid(attached(column, QGridLayout()), block.rows)
        line = QFrame()
        line.setFixedHeight(8)
        column.addWidget(line)
    column.addStretch(1)


def _fill_gestures(section: QVBoxLayout, block: Block) -> None:
    """Below the keys, in two columns: what is done with the mouse takes more words than a key."""
    section.setSpacing(6)
    heading = PlainLabel(block.title)
    heading.setProperty("role", "heading")
    section.addWidget(heading)
    halves = attached(section, QHBoxLayout())
    halves.setSpacing(32)
    half = -(-len(block.rows) // 2)
    for rows in (block.rows[:half], block.rows[half:]):
        column = attached(halves, QVBoxLayout(), 1)
        _fill_grid(attached(column, QGridLayout()), rows)
        column.addStretch(1)


def _fill_grid(grid: QGridLayout, rows: Sequence[Row]) -> None:
    """Show what is done at the left, and the keys for it at the right."""
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(5)
    for number, row in enumerate(rows):
        text = PlainLabel(row.text)
        text.setWordWrap(True)
        grid.addWidget(text, number, 0)
        keys = QHBoxLayout()
        grid.addLayout(keys, number, 1, Qt.AlignmentFlag.AlignRight)
        _fill_keys(keys, row.keys)
    grid.setColumnStretch(0, 1)


def _fill_keys(row: QHBoxLayout, keys: Sequence[str]) -> None:
    row.setSpacing(6)
    for key in keys:
        label = PlainLabel(key)
        label.setProperty("role", "key")
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)
