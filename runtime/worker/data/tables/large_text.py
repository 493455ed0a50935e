"""A large table as text: read once, block by block, into the cache, and opened again from there."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from resources.regular_files import open_regular
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.messages.checking import DataProblem
from runtime.messages.describing import Column
from runtime.spec import ColumnKind
from runtime.worker.data.columns import column_kind
from runtime.worker.data.source import Array, DataError, Source
from runtime.worker.data.tables.kept_column import DIRECT, EMPTY, Facts
from runtime.worker.data.tables.kept_columns import Arrays, NoRoomError, Writer, folder_of, opened
from runtime.worker.data.tables.number_columns import add_plain_numbers, are_many
from runtime.worker.data.tables.reading_doubts import doubts
from runtime.worker.data.tables.text_blocks import Block, PlainTextError, Settled, blocks
from runtime.worker.data.tables.text_column import TextColumn
from runtime.worker.data.tables.text_options import Layout, TextOptions, find_layout, first_encoding
from runtime.worker.process.waiting import got_on

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

_HEAD: Final = 2**20
_Facts = TypeVar("_Facts")


class TableFacts(msgspec.Struct, forbid_unknown_fields=True):
    """`starts` are the rows that blocks begin at, `lines` of each the line of its first row, and the array of lines."""

    names: list[str]
    columns: list[Facts]
    rows: int
    starts: list[int]
    lines: list[tuple[int, int]]


def open_large(path: Path, options: TextOptions) -> Source:
    """Raises DataError, OSError, UnicodeError, LookupError, MemoryError."""
    return from_cache(path, options, TableFacts, partial(LargeTable, path.name), lambda to: _read(path, options, to))


def from_cache(
    path: Path,
    options: object,
    kind: type[_Facts],
    known: Callable[[Arrays, _Facts], Source],
    read: Callable[[Path | None], Source],
) -> Source:
    """What is kept of the file, as `known` has it; otherwise `read` is handed the folder to keep it in, None: none.

    Raises OSError, and what both raise except NoRoomError.
    """
    folder = folder_of(path, options)
    try:
        found = opened(folder)
        if found is not None:
            return known(found[0], msgspec.msgpack.decode(found[1], type=kind))
    except msgspec.MsgspecError:  # of another version, or damaged: it is read again
        pass
    try:
        return read(folder)
    except NoRoomError:  # a full disk ends the cache, not the reading
        return read(None)


def _read(path: Path, options: TextOptions, folder: Path | None) -> Source:
    with open_regular(path) as file:
        head = file.read(_HEAD)
    encodings = [first_encoding(head, options)]
    if options.encoding is None and encodings[0] == "utf-8-sig":
        encodings.append("cp949")
    for number, encoding in enumerate(encodings):
        try:
            return _read_as(path, options, folder, head, encoding)
        except UnicodeError:
            if number == len(encodings) - 1:
                raise
    raise AssertionError


def _read_as(path: Path, options: TextOptions, folder: Path | None, head: bytes, encoding: str) -> Source:
    try:
        layout = find_layout(head, options, encoding, whole=False)
    except csv.Error as error:
        raise DataError(Text("{file} is no table: its first line is too long.", {"file": path.name})) from error
    if layout is None:
        raise DataError(Text("{file} is empty.", {"file": path.name}))
    for plain in (True, False):
        reading = _Reading(path, layout, options, folder, plain)
        try:
            return reading.read()
        except PlainTextError:
            continue
        finally:
            reading.writer.drop()
    raise AssertionError


class _Reading:
    """One way through the file, and for columns that ask for it a second and a third."""

    def __init__(self, path: Path, layout: Layout, options: TextOptions, folder: Path | None, plain: bool) -> None:
        """Raises NoRoomError."""
        self._path, self._layout, self._options, self._plain = path, layout, options, plain
        self.writer = Writer(folder)
        self._columns = [TextColumn(options.decimal, options.dates, self.writer) for _ in layout.names]
        self._facts = TableFacts(list(layout.names), [], 0, [], [])
        self._size, self._passes = path.stat().st_size, 0
        self._all, self._settled = range(len(self._columns)), Settled()

    def read(self) -> Source:
        """Raises DataError, PlainTextError, UnicodeError, NoRoomError, MemoryError, OSError."""
        for row, block in self._blocks(self._all):
            self._facts.starts.append(row)
            lines = -1 if block.lines is None else self.writer.put(block.lines)
            self._facts.lines.append((block.first_line, lines))
            self._add(block, row)
            self._facts.rows = row + block.rows
            self._tell_settled()
        if self._facts.rows == 0:
            raise DataError(Text("{file} has a header, but no rows.", {"file": self._path.name}))
        self._settle()
        self._facts.columns = [column.facts for column in self._columns]
        arrays = self.writer.finish(self._facts)
        return LargeTable(self._path.name, arrays, self._facts)

    def _tell_settled(self) -> None:
        """Numbers of which nothing but their values is to be found out any more are converted while they are cut."""
        if self._options.missing or are_many(len(self._columns)):
            return
        marks = {"comma": ",", "number": "."}
        found = {n: marks[one.state] for n, one in enumerate(self._columns) if one.is_settled}
        mark = "," if "," in found.values() else "."
        self._settled.mark, self._settled.places = mark, frozenset(n for n, own in found.items() if own == mark)

    def _add(self, block: Block, row: int) -> None:
        columns, added = dict(enumerate(self._columns)), set[int]()
        if not block.hex:
            added = add_plain_numbers(columns, block.columns, row, block.rows, self.writer)
        for place, fields in block.columns.items():
            if place not in added:
                columns[place].add(fields, row, block.hex)

    def _blocks(self, chosen: Any) -> Iterator[tuple[int, Block]]:
        """The next block is cut in a thread while this one is looked at."""
        settled = self._settled if chosen is self._all else Settled()
        row, cut = 0, blocks(self._path, self._layout, self._options, chosen, settled, plain=self._plain)
        self._passes += 1
        with ThreadPoolExecutor(1) as ahead:
            coming = ahead.submit(next, cut, None)
            while (block := coming.result()) is not None:
                got_on(block.behind, self._size, "bytes", again=self._passes > 1 or not self._plain)
                coming = ahead.submit(next, cut, None)
                yield row, block
                row += block.rows

    def _settle(self) -> None:
        for column in self._columns:
            if column.state in ("number", "comma", "date") and not column.settle_numbers():
                column.begin_again("late")
        late = [place for place, column in enumerate(self._columns) if column.state == "late"]
        if late:
            for place in late:
                self._columns[place].begin_again("late")
            for row, block in self._blocks(late):
                for place, fields in block.columns.items():
                    self._columns[place].gather(fields, row)
                if all(self._columns[place].capped for place in late):
                    break
        asked = [place for place, column in enumerate(self._columns) if column.state in ("late", "words")]
        ways = {place: self._columns[place].ways() for place in asked}
        proven = {column.facts.decimal for column in self._columns if column.state in ("number", "comma")}
        proven |= {found[0].decimal for found in ways.values() if len(found) == 1}
        converted, delimiter = {}, self._layout.delimiter
        for place, found in ways.items():
            column = self._columns[place]
            if not column.capped:
                column.settle(found, delimiter, proven - {""}, self._facts.rows)
            elif found[0].words:
                converted[place] = column.as_texts()
            else:
                reading = column.choose(found, delimiter, proven - {""})
                converted[place] = column.convert(reading, reading.decimal or self._options.decimal or ".")
        if converted:
            for row, block in self._blocks(converted):
                for place, fields in block.columns.items():
                    converted[place](fields, row)


class LargeTable(Source):
    def __init__(self, title: str, arrays: Arrays, facts: TableFacts) -> None:
        self._title, self._arrays = title, arrays
        self._columns = dict(zip(facts.names, facts.columns, strict=True))
        self._rows, self._starts, self._lines = facts.rows, np.array(facts.starts, np.int64), facts.lines

    @property
    def title(self) -> str:
        return self._title

    def names(self) -> tuple[str, ...]:
        return tuple(self._columns)

    def has(self, name: str) -> bool:
        return name in self._columns

    def in_memory(self) -> bool:
        return False

    def shape(self, name: str) -> tuple[int, ...]:
        return (self._rows,)

    def dtype(self, name: str) -> np.dtype[Any]:
        facts = self._columns[name]
        return np.dtype(object if facts.is_text else np.float64 if facts.is_float else np.int64)

    def sample_kind(self, name: str) -> ColumnKind | None:
        facts = self._columns[name]
        return "text" if facts.is_text else "date" if facts.dates else None

    def categories(self, name: str) -> tuple[str, ...]:
        facts = self._columns[name]
        return () if facts.is_text else tuple(facts.words)

    def written(self, name: str, row: int) -> str | None:
        return self._columns[name].odd.get(row)

    def number_among_words(self, name: str) -> int | None:
        return self._columns[name].number_row

    def doubts(self, name: str) -> Iterator[DataProblem]:
        return doubts(self._title, name, self._columns[name], self.place)

    def place(self, row: int) -> Text:
        return Text("line {line}", {"line": self.line(row)})

    def line(self, row: int) -> int:
        """Where sample `row` ends, counted from 1."""
        number = int(np.searchsorted(self._starts, row, "right")) - 1
        first, lines = self._lines[number]
        within = row - int(self._starts[number])
        return first + within if lines < 0 else int(self._arrays.get(lines)[within])

    def read(self, name: str, rows: slice) -> Array:
        self.require(name)
        first, last, _ = rows.indices(self._rows)
        parts = []
        number = max(0, int(np.searchsorted(self._starts, first, "right")) - 1)
        while number < len(self._starts) and self._starts[number] < last:
            start = int(self._starts[number])
            parts.append(self._values(name, number, slice(max(first - start, 0), last - start)))
            number += 1
        return np.concatenate(parts) if parts else np.zeros(0, self.dtype(name))

    def take(self, name: str, rows: Array) -> Array:
        self.require(name)
        taken = np.empty(len(rows), self.dtype(name))
        numbers = np.searchsorted(self._starts, rows, "right") - 1
        for number in np.unique(numbers):
            chosen = numbers == number
            taken[chosen] = self._values(name, int(number), rows[chosen] - self._starts[number])
        return taken

    def _values(self, name: str, number: int, rows: Any) -> Array:
        """Of the rows within a block."""
        facts = self._columns[name]
        array, more = facts.parts[number]
        if (array, more) == EMPTY:
            return np.full(len(np.arange(self._block_rows(number))[rows]), self._no_value(name), self.dtype(name))
        if facts.is_text and more > 0:
            return self._texts(array, more, rows)
        values: Array = self._arrays.get(array)[rows]
        if facts.is_text:
            return np.array(facts.words, object)[values]
        if facts.table >= 0 and more != DIRECT:
            values = self._arrays.get(facts.table)[values]
        return values.astype(self.dtype(name))

    def _block_rows(self, number: int) -> int:
        last = self._starts[number + 1] if number + 1 < len(self._starts) else self._rows
        return int(last - self._starts[number])

    def _no_value(self, name: str) -> object:
        facts = self._columns[name]
        return "" if facts.is_text else -1 if facts.words else np.nan

    def _texts(self, ends_number: int, bytes_number: int, rows: Any) -> Array:
        ends, written = self._arrays.get(ends_number), self._arrays.get(bytes_number)
        chosen = np.arange(len(ends))[rows]
        texts = np.empty(len(chosen), object)
        for place, row in enumerate(chosen.tolist()):
            start = int(ends[row - 1]) if row else 0
            texts[place] = written[start : int(ends[row])].tobytes().decode("utf-8", "replace")
        return texts

    def _describe(self, name: str) -> Column:
        facts, dtype = self._columns[name], self.dtype(name)
        numbers: dict[str, Any] = {}
        if facts.minimum <= facts.maximum:
            numbers = {"minimum": facts.minimum, "maximum": facts.maximum, "distinct": facts.distinct}
        words = self.categories(name)
        kind = self.sample_kind(name) or column_kind(
            (self._rows,), dtype, words, facts.distinct, numbers.get("minimum")
        )
        return Column(
            name,
            (),
            str(dtype),
            self._rows,
            kind,
            categories=words if kind == "category" else (),
            missing=facts.missing,
            **numbers,
        )
