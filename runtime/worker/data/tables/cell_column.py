"""A column of cells of a large table, block by block, as `read_cells` of all its cells at once would have it.

Numbers and texts are kept as they come. A column that turns out to hold both is counted to its end, since most of its
cells say what it is, and gone through once more. Cells are what JSON and SQLite have: no dates, no decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from runtime.lazy import LazyModule
from runtime.worker.data.source import Array
from runtime.worker.data.tables.cells_source import Reason, reason_of
from runtime.worker.data.tables.kept_column import DIRECT, EMPTY, KeptColumn
from runtime.worker.data.tables.kept_columns import Writer

if TYPE_CHECKING:
    import numpy as np

    from resources.python_code.in_scripts import cells, dates, words
else:
    np = LazyModule("numpy")
    cells = LazyModule("resources.python_code.in_scripts.cells")
    dates = LazyModule("resources.python_code.in_scripts.dates")
    words = LazyModule("resources.python_code.in_scripts.words")

State = Literal["new", "number", "text", "late"]
_WHOLE: Final = {int, bool}
_NUMBERS: Final = {int, float, bool, type(None)}
_TEXTS: Final = {str, type(None)}
_Read = Callable[[list[str]], Any]  # texts as values, None where they are none


class CellColumn(KeptColumn):
    def __init__(self, writer: Writer) -> None:
        super().__init__(writer)
        self.state: State = "new"
        self.reason: Reason | None = None  # why it is no column
        self._numbers = self._written = 0  # cells
        self._number_row: int | None = None
        self._later: _Read | None = None  # how texts are read, once they are too many to be held
        self._words_only = False

    def add(self, found: Sequence[Any], row: int) -> None:
        """The next block. Raises NoRoomError, MemoryError."""
        if self.reason is not None:
            return
        types = set(map(type, found))
        self.reason = reason_of(types)
        if self.reason is not None:
            self.forget()
            return
        block = _looked_at(found, types)
        if block.numbers and self._number_row is None:
            self._number_row = row + block.first_number
        self._numbers += block.numbers
        self._written += block.texts
        state: State = "number" if block.numbers else "text" if block.texts else self.state
        self.state = "late" if (block.numbers and block.texts) or self.state not in ("new", state) else state
        if self.state == "late":
            self.forget()
        elif block.numbers:
            self._add_numbers(found, block, row)
        elif block.texts:
            self._add_texts(_Texts.of(found), row)
        else:
            self.add_nothing(len(found), row, "" if found[0] is None else str(found[0]))

    def add_nothing(self, count: int, row: int, written: str = "") -> None:
        """So many rows have no value."""
        if self.reason is None and self.state != "late":
            self.facts.parts.append(EMPTY)
            self.facts.missing += count
            self.facts.odd = self.facts.odd or {row: written}

    def begin_again(self) -> None:
        """Of a late column: all cells come once more, by `add_again`."""
        self.forget()
        self._words_only = self._written > self._numbers

    def add_again(self, found: Sequence[Any], row: int) -> None:
        if self._words_only:
            self._add_texts(_Texts.of([None if cell is None else str(cell) for cell in found]), row)
        else:
            self._add_numbers(found, _looked_at(found, set(map(type, found))), row)

    def settle(self, rows: int) -> bool:
        """After the last block. False: the cells have to come once more."""
        if self.reason is None and not self._numbers and not self._written:
            self.reason = "empty"
        if self.reason is not None:
            return True
        if self.state == "late" and not self.facts.parts:
            return False
        if self._texts.places and self._later is None and not self.facts.is_text:
            self._settle_texts(rows)
        elif EMPTY in self.facts.parts and not self.facts.is_text:
            self.facts.is_float, self._few = True, None
        if not self.facts.words and self.facts.table < 0:
            self.facts.distinct = len(self._few) if self._few is not None and not self.facts.is_float else None
        if self.facts.is_text:
            self.facts.missing, self.facts.odd = 0, {}
        return True

    # numbers

    def _add_numbers(self, found: Sequence[Any], block: _Block, row: int) -> None:
        if block.values is not None:
            if block.numbers < len(found):
                first = int(np.argmax(np.isnan(block.values)))
                self._tell_odd(row + first, found[first], is_odd=False)
            self.put_values(block.values, row, lambda _first: "")
            return
        numbers = list[Any]()
        for place, cell in enumerate(found):
            kind = cells.kind_of(cell)
            number = cells.number_of(cell, kind, "number")
            if number is None:
                self._tell_odd(row + place, cell, is_odd=kind != "none")
                number = np.nan
            numbers.append(number)
        self.put_values(cells.numbers_array(numbers), row, lambda _first: "")

    def _tell_odd(self, row: int, cell: Any, *, is_odd: bool) -> None:
        """The first cell without a value, and the first one that is something else."""
        if all(is_odd != (cells.kind_of(known) != "none") for known in self.facts.odd.values()):
            self.facts.odd[row] = "" if cell is None else str(cell)

    # texts

    def _add_texts(self, texts: _Texts, row: int) -> None:
        if self._later is not None:
            self._add_later(texts, row)
        elif self.facts.is_text:
            kept = [_kept(text) for text in texts.different]
            self.put_texts([kept[code] for code in texts.codes.tolist()])
        else:
            self.put_places(texts.different, texts.codes, row)
            if self._texts.are_too_many:
                self._decide()

    def _decide(self) -> None:
        """The different texts are too many to be held: those until now say what the column is."""
        fields = list(self._texts.places)
        for read in () if self._words_only else (_as_dates, _as_plain_numbers):
            values = read(fields)
            if values is not None:
                self.facts.dates = read is _as_dates
                self._later = _as_dates if self.facts.dates else _as_numbers
                self._use(values, fields)
                return
        self._use_as_they_are(fields)

    def _add_later(self, texts: _Texts, row: int) -> None:
        assert self._later is not None
        values = self._later(texts.different)
        if values is None:  # after all that is no such column: its texts come again
            self.forget()
            self.state, self._later = "late", None
            return
        self.put_values(values[texts.codes], row, lambda first: texts.different[texts.codes[first]], DIRECT)
        if self.facts.dates and self.facts.zones is None:
            before = next(zone for zone in map(dates.has_zone, self._texts.places) if zone is not None)
            zones = [dates.has_zone(text) for text in texts.different]
            other = np.array([zone not in (None, before) for zone in zones])[texts.codes]
            self.facts.zones = row + int(np.argmax(other)) if other.any() else None

    def _settle_texts(self, rows: int) -> None:
        fields = list(self._texts.places)
        for read in () if self._words_only else (_as_dates, _as_plain_numbers):
            values = read(fields)
            if values is not None:
                self.facts.dates = read is _as_dates
                self._use(values, fields)
                return
        values, found = words.places_of_words(fields)
        if words.are_free_texts(len(found), rows):
            self._use_as_they_are(fields)
            return
        self.facts.words = found
        if self._words_only:
            self.facts.number_row = self._number_row
        else:
            numbers = (at for at in np.flatnonzero(values >= 0).tolist() if cells.is_plain_number(fields[at]))
            at = next(numbers, None)
            self.facts.number_row = None if at is None else self._texts.first[at]
        self._use(values, fields)

    def _use_as_they_are(self, fields: list[str]) -> None:
        self.facts.is_text, self.facts.words = True, [_kept(text) for text in fields]

    def _use(self, values: Array, fields: list[str]) -> None:
        """What the different texts are read as."""
        facts, nothing = self.facts, self.facts.missing
        facts.table = self._writer.put(values)
        self.summarise(values)
        facts.missing += nothing
        gaps = np.flatnonzero(values < 0 if facts.words else np.isnan(values)).tolist()
        first = [(self._texts.first[at], fields[at]) for at in gaps[:1]]
        facts.odd = dict(sorted([*facts.odd.items(), *first])[:1])
        if EMPTY in facts.parts and not facts.words:
            facts.is_float, facts.distinct = True, None
        if facts.dates:
            zones = [dates.has_zone(text) for text in fields]
            given = [zone for zone in zones if zone is not None]
            other = next((at for at, zone in enumerate(zones) if zone not in (None, given[0])), None)
            facts.zones = None if other is None else self._texts.first[other]


@dataclass(frozen=True, slots=True)
class _Block:
    """How many cells of a block are numbers and texts; `values` are all of them as numbers, where that is plain."""

    numbers: int
    texts: int
    first_number: int = 0
    values: Array | None = None


def _looked_at(found: Sequence[Any], types: set[type]) -> _Block:
    if types <= _NUMBERS and (values := _plain(found, types)) is not None:
        given = np.ones(len(values), bool) if values.dtype.kind == "i" else ~np.isnan(values)
        return _Block(int(given.sum()), 0, int(np.argmax(given)), values)
    if types <= _TEXTS:
        return _Block(0, sum(cell is not None and not _is_no_value(cell) for cell in found))
    kinds = [cells.kind_of(cell) for cell in found]
    numbers = kinds.count("number")
    return _Block(numbers, kinds.count("text"), kinds.index("number") if numbers else 0)


def _plain(found: Sequence[Any], types: set[type]) -> Array | None:
    """int64 where all are whole, else float64; None where one is too large for that."""
    try:
        values: Array = np.array(found, np.int64 if types <= _WHOLE else np.float64)
    except OverflowError:
        return None
    return values


@dataclass(frozen=True, slots=True)
class _Texts:
    """A block of texts: the different ones, and which one each cell is."""

    different: list[str]
    codes: Array

    @classmethod
    def of(cls, found: Sequence[Any]) -> _Texts:
        """None is a text without anything in it."""
        places: dict[str, int] = {}
        codes = [places.setdefault("" if cell is None else cell, len(places)) for cell in found]
        return cls(list(places), np.array(codes, np.int64))


def _is_no_value(text: str) -> bool:
    return text.strip().lower() in words.NO_VALUE


def _kept(text: str) -> str:
    """As a free text."""
    return "" if _is_no_value(text) else text


def _as_dates(texts: list[str]) -> Any:
    found = dates.read_dates(texts)
    if found is None:
        return np.full(len(texts), np.nan) if all(map(_is_no_value, texts)) else None
    return found[0]


def _as_plain_numbers(texts: list[str]) -> Any:
    return words.plain_numbers(texts)


def _as_numbers(texts: list[str]) -> Any:
    """Of a column that is known to hold such."""
    return words.python_numbers(texts)
