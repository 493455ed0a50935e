"""The samples of the project's data, read from the engine where they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.engine.engine_link import EngineLink
from app.project.data_look.asking import Asking
from app.project.data_look.cells import Cell, cells_of
from runtime.messages.connection import Failed
from runtime.messages.describing import Column, DataPeeked
from runtime.messages.looking import ColumnPreview, DataPreviewed, PreviewData
from runtime.messages.protocol import Answer
from runtime.spec import DataSpec

BLOCK = 64  # samples that are asked for at once
_COLUMNS = 24  # columns that are
_MOST_BLOCKS = 6000  # of one column each; what was not looked at for long is forgotten
THUMBNAIL = 96


@dataclass(slots=True)
class _Kept:
    blocks: OrderedDict[tuple[str, int], Sequence[Cell]] = field(default_factory=OrderedDict)
    single: OrderedDict[tuple[str, int], Cell] = field(default_factory=OrderedDict)


class DataRows(QObject):
    """`cell` gives what is there; `want` asks for what is not, and `arrived` tells of it."""

    arrived = Signal()

    def __init__(self, engine: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asking = Asking(engine)
        self._data: DataSpec | None = None
        self._columns: Mapping[str, Column] = {}
        self._kept = _Kept()

    @property
    def busy(self) -> bool:
        return self._asking.busy

    def show(self, data: DataSpec | None, columns: Sequence[Column]) -> None:
        """The data that is looked at from now on; what was read of other data is forgotten."""
        self._asking.forget()
        self._data = data
        self._columns = {column.name: column for column in columns}
        self._kept = _Kept()
        self.arrived.emit()

    def show_first(self, peeked: DataPeeked) -> None:
        """The first samples alone, while the rest is not known."""
        self.show(None, peeked.columns)
        for preview in peeked.previews:
            self._kept.blocks[preview.name, 0] = cells_of(preview, self._columns.get(preview.name))
        self.arrived.emit()

    def cell(self, column: str, row: int) -> Cell | None:
        """None while it is not there."""
        block = self._kept.blocks.get((column, row // BLOCK))
        if block is not None:
            place = row % BLOCK
            return block[place] if place < len(block) else Cell()
        return self._kept.single.get((column, row))

    def want(self, columns: Sequence[str], first: int, last: int) -> None:
        """Ask for the samples from `first` to `last` of some columns, as far as they are not there."""
        if self._data is None:
            return
        for block in range(first // BLOCK, last // BLOCK + 1):
            missing = []
            for name in columns:
                if (name, block) in self._kept.blocks:
                    self._kept.blocks.move_to_end((name, block))
                elif name in self._columns and self._columns[name].samples > block * BLOCK:
                    missing.append(name)
            for start in range(0, len(missing), _COLUMNS):
                self._ask_block(tuple(missing[start : start + _COLUMNS]), block)

    def want_rows(self, column: str, rows: Iterable[int]) -> None:
        """Ask for single samples."""
        missing = tuple(row for row in rows if self.cell(column, row) is None)
        if self._data is not None and missing and column in self._columns:
            message = PreviewData(0, self._data, (column,), rows=missing, thumbnails=THUMBNAIL)
            self._asking.ask((column, missing), message, partial(self._on_rows, column, missing))

    def _ask_block(self, names: tuple[str, ...], block: int) -> None:
        assert self._data is not None
        message = PreviewData(0, self._data, names, BLOCK, block * BLOCK, thumbnails=THUMBNAIL)
        self._asking.ask((names, block), message, partial(self._on_block, names, block))

    def _on_block(self, names: tuple[str, ...], block: int, answer: Answer) -> None:
        found = self._found(names, answer)
        for name in names:
            self._kept.blocks[name, block] = found.get(name, ())
        while len(self._kept.blocks) > _MOST_BLOCKS:
            self._kept.blocks.popitem(last=False)
        self.arrived.emit()

    def _on_rows(self, column: str, rows: tuple[int, ...], answer: Answer) -> None:
        cells = self._found((column,), answer).get(column, ())
        for place, row in enumerate(rows):
            self._kept.single[column, row] = cells[place] if place < len(cells) else Cell()
        while len(self._kept.single) > _MOST_BLOCKS:
            self._kept.single.popitem(last=False)
        self.arrived.emit()

    def _found(self, names: Sequence[str], answer: Answer) -> dict[str, Sequence[Cell]]:
        """A block that cannot be read says so in each of its cells."""
        if isinstance(answer, Failed):
            return {name: [Cell(reason=answer.error)] * BLOCK for name in names}
        previews: tuple[ColumnPreview, ...] = answer.columns if isinstance(answer, DataPreviewed) else ()
        return {preview.name: cells_of(preview, self._columns.get(preview.name)) for preview in previews}
