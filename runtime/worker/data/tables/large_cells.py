"""A large table of cells: read once, block by block, into the cache, and opened again from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from resources.text import Text
from runtime.worker.data.columns import left_out_note
from runtime.worker.data.source import Array, DataError, Source
from runtime.worker.data.tables.cell_column import CellColumn
from runtime.worker.data.tables.cells_source import REASONS, Reason
from runtime.worker.data.tables.kept_columns import Arrays, Writer
from runtime.worker.data.tables.large_text import LargeTable, TableFacts, from_cache


@dataclass(frozen=True, slots=True)
class CellBlock:
    """Rows in columns, each with a cell for every row; a column that is not there has no values.

    `lines` has the number of each row, for people; None: they are numbered on from `first`.
    """

    columns: Mapping[str, Sequence[Any]]
    rows: int
    first: int
    lines: Array | None = None


class CellsFacts(msgspec.Struct, forbid_unknown_fields=True):
    table: TableFacts
    left_out: dict[str, Reason]


@dataclass(frozen=True, slots=True)
class Cells:
    """Where the cells of a file come from: `blocks` is asked for columns (None: all), and whether for a second time.

    `place` says where the row of a number is, `options` what else than the file makes them what they are; `empty` is
    the error of a file without rows.
    """

    path: Path
    options: object
    blocks: Callable[[Sequence[str] | None, bool], Iterator[CellBlock]]
    place: Callable[[int], Text]
    empty: Text


def open_large_cells(cells: Cells, note: Text | None = None) -> Source:
    """Raises what `blocks` raises, DataError, OSError, MemoryError. `note` is said of the whole."""

    def known(arrays: Arrays, facts: CellsFacts) -> Source:
        return LargeCells(cells, arrays, facts, note)

    return from_cache(cells.path, cells.options, CellsFacts, known, lambda folder: known(*_read(cells, folder)))


def _read(cells: Cells, folder: Path | None) -> tuple[Arrays, CellsFacts]:
    writer = Writer(folder)
    try:
        columns, table = dict[str, CellColumn](), TableFacts([], [], 0, [], [])
        for block in cells.blocks(None, False):
            for name, found in block.columns.items():
                if name not in columns:
                    columns[name] = _new(writer, table)
                columns[name].add(found, table.rows)
            for name in columns.keys() - block.columns.keys():
                columns[name].add_nothing(block.rows, table.rows)
            table.starts.append(table.rows)
            table.lines.append((block.first, -1 if block.lines is None else writer.put(block.lines)))
            table.rows += block.rows
        if table.rows == 0:
            raise DataError(cells.empty)
        open_ones = columns
        while open_ones := {name: one for name, one in open_ones.items() if not one.settle(table.rows)}:
            _read_again(cells, open_ones)
        used = {name: column for name, column in columns.items() if column.reason is None}
        left_out = {name: column.reason for name, column in columns.items() if column.reason is not None}
        table.names, table.columns = list(used), [column.facts for column in used.values()]
        facts = CellsFacts(table, left_out)
        return writer.finish(facts), facts
    finally:
        writer.drop()


def _new(writer: Writer, table: TableFacts) -> CellColumn:
    """A column whose first value comes after the rows that there are."""
    column = CellColumn(writer)
    for start, end in pairwise([*table.starts, table.rows]):
        column.add_nothing(end - start, start)
    return column


def _read_again(cells: Cells, columns: Mapping[str, CellColumn]) -> None:
    for column in columns.values():
        column.begin_again()
    row = 0
    for block in cells.blocks(list(columns), True):
        for name, column in columns.items():
            column.add_again(block.columns.get(name) or [None] * block.rows, row)
        row += block.rows


class LargeCells(LargeTable):
    def __init__(self, cells: Cells, arrays: Arrays, facts: CellsFacts, note: Text | None) -> None:
        super().__init__(cells.path.name, arrays, facts.table)
        self._place = cells.place
        self.left_out = {name: REASONS[reason] for name, reason in facts.left_out.items()}
        self.note = note or left_out_note(self.left_out)

    def place(self, row: int) -> Text:
        return self._place(self.line(row))
