"""A table that was read as a whole, cell by cell: sheets, lines of JSON, answers of a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from resources.text import Text
from runtime.lazy import LazyModule
from runtime.messages.checking import DataProblem
from runtime.worker.data.columns import left_out_note
from runtime.worker.data.source import DataError
from runtime.worker.data.tables.held_table import HeldTable
from runtime.worker.process.memory import free_memory

if TYPE_CHECKING:
    import numpy as np

    from resources.python_code.in_scripts import cells
else:
    np = LazyModule("numpy")
    cells = LazyModule("resources.python_code.in_scripts.cells")

Reason = Literal["nested", "bytes", "empty"]
REASONS: Final[Mapping[Reason, Text]] = {
    "nested": Text("it holds lists or objects: store each number in a column of its own"),
    "bytes": Text("it holds bytes, which are no numbers or words"),
    "empty": Text("it holds no values"),
}
_CELL_BYTES: Final = 64  # of a cell as an object of Python
_CHECKED_BYTES: Final = 64_000_000  # after so many it is looked again whether there is room for more


def reason_of(types: set[type]) -> Reason | None:
    """Why cells of these types are no column; None if they are one."""
    if types & {list, dict, tuple}:
        return "nested"
    return "bytes" if types & {bytes, bytearray, memoryview} else None


class HeldColumn:
    """The cells of a column as they come: those of a block that are plain numbers take eight bytes each."""

    def __init__(self, rows: int = 0) -> None:
        """`rows` cells before the first one are missing."""
        self._blocks: list[Any] = [[None] * rows] if rows else []
        self.reason: Reason | None = None  # why it is no column
        self._rows = rows

    def add(self, block: Sequence[Any]) -> None:
        self._rows += len(block)
        if self.reason is not None:
            return
        kinds = set(map(type, block))
        self.reason = reason_of(kinds)
        if self.reason is not None:
            self._blocks.clear()
            return
        plain = kinds == {int} or kinds == {float}
        values = cells.numbers_array(block) if plain else None
        exact = values is not None and (kinds == {float} or values.dtype.kind == "i")
        self._blocks.append(values if exact else list(block))

    def read(self) -> cells.Cells:
        """Takes the blocks."""
        if all(not isinstance(block, list) for block in self._blocks):
            values = np.concatenate(self._blocks) if self._blocks else np.zeros(0)
            self._blocks.clear()
            missing = np.flatnonzero(np.isnan(values))[:1].tolist() if values.dtype.kind == "f" else []
            return cells.Cells(values, odd=dict.fromkeys(missing, ""))
        found: list[Any] = []
        for block in self._blocks:
            found += block if isinstance(block, list) else block.tolist()
        self._blocks.clear()
        return cells.read_cells(found)


class CellColumns:
    """Columns by name, of rows that come in blocks. Raises DataError where they do not fit into memory."""

    def __init__(self, title: str) -> None:
        self._title = title
        self.columns: dict[str, HeldColumn] = {}
        self.rows = 0
        self._unchecked = self._texts = 0

    def add(self, block: Mapping[str, Sequence[Any]], count: int) -> None:
        """`count` more rows. A column that is not in `block` has no values there."""
        for name, found in block.items():
            if name not in self.columns:
                self.columns[name] = HeldColumn(self.rows)
            self.columns[name].add(found)
        for name in self.columns.keys() - block.keys():
            self.columns[name].add([None] * count)
        self.rows += count
        texts = sum(len(cell) for found in block.values() for cell in found if cell.__class__ is str)
        self._texts += texts
        self._unchecked += count * max(1, len(self.columns)) * _CELL_BYTES + texts
        if self._unchecked >= _CHECKED_BYTES:
            self._unchecked = 0
            if free_memory() < _CHECKED_BYTES + self._texts:  # texts are copied when they are all there
                raise DataError(
                    Text("{file} does not fit into memory: store it as Parquet or HDF5.", {"file": self._title})
                )


class CellsSource(HeldTable["cells.Cells"]):
    def __init__(self, title: str, found: CellColumns, place: Callable[[int], Text], note: Text | None = None) -> None:
        super().__init__(title, {})
        self._place = place
        left_out: dict[str, Text] = {}
        for name, column in found.columns.items():
            if column.reason is None:
                read = column.read()
                if read.words or not (read.values.dtype.kind == "f" and np.isnan(read.values).all()):
                    self._columns[name] = read
                    continue
            left_out[name] = REASONS[column.reason or "empty"]
        found.columns.clear()
        self.left_out = left_out
        self.note = note or left_out_note(left_out)

    def place(self, row: int) -> Text:
        return self._place(row)

    def doubts(self, name: str) -> Iterator[DataProblem]:
        row = self._columns[name].zones
        if row is not None:
            yield mixed_zones(self._title, name, self.place(row))


def mixed_zones(file: str, column: str, place: Text) -> DataProblem:
    text = Text.of(
        "{file}: some times in {column} name a time zone and others none, the first other one at {place}. "
        "Those without are taken as UTC.",
        file=file,
        column=column,
        place=place,
    )
    return DataProblem("warning", text, column=column, kind="zones")
