"""Many columns of a block at once, where they hold plain numbers: a call for each would cost more than its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from runtime.lazy import LazyModule
from runtime.worker.data.source import Array
from runtime.worker.data.tables.kept_columns import Writer
from runtime.worker.data.tables.text_column import TextColumn

if TYPE_CHECKING:
    import numpy as np

    from resources.python_code.in_scripts import words
else:
    np = LazyModule("numpy")
    words = LazyModule("resources.python_code.in_scripts.words")

WIDE: Final = 256  # columns, from which it pays
_MOST_ROWS: Final = 8192  # of a block; of longer ones a call for each column costs little
_TOGETHER: Final = 512  # columns, whose texts are put behind one another
_FEWEST: Final = 4  # columns that are looked for the one which is not plain
_FIRST_ROWS: Final = 8  # of a column, in which a point mostly says that it is a decimal mark


@dataclass(frozen=True, slots=True)
class _Read:
    """Columns by their places, and a row of `values` for each."""

    places: list[int]
    values: Array


def are_many(columns: int) -> bool:
    """Whether it pays to add them together."""
    return columns >= WIDE


def add_plain_numbers(
    columns: Mapping[int, TextColumn], texts: Mapping[int, Any], row: int, rows: int, writer: Writer
) -> set[int]:
    """The places of the columns that the block was added to; it is left to `TextColumn.add` for all others.

    Raises NoRoomError, MemoryError.
    """
    if not are_many(len(texts)) or rows > _MOST_ROWS:
        return set()
    added: set[int] = set()
    chosen = [place for place in texts if columns[place].state in ("new", "number")]
    for first in range(0, len(chosen), _TOGETHER):
        for read in _decided(columns, texts, chosen[first : first + _TOGETHER], rows):
            _add(columns, texts, read, row, writer)
            added.update(read.places)
    return added


def _decided(columns: Mapping[int, TextColumn], texts: Mapping[int, Any], places: list[int], rows: int) -> list[_Read]:
    """Columns of float64, and such of int64: of whole numbers in all blocks until now."""
    found = []
    for read in _numbers(texts, places, rows, "float64"):
        floats = np.array([columns[place].facts.is_float for place in read.places], bool)
        floats |= (read.values != np.floor(read.values)).any(1)  # NaN is unlike itself
        if floats.any():
            found.append(_Read(_chosen(read.places, floats), read.values[floats]))
        found += _numbers(texts, _chosen(read.places, ~floats), rows, "int64")
    return found


def _chosen(places: list[int], which: Array) -> list[int]:
    return [place for place, taken in zip(places, which.tolist(), strict=True) if taken]


def _numbers(texts: Mapping[int, Any], places: list[int], rows: int, dtype: str) -> list[_Read]:
    """Where the texts are no numbers, halves are tried, and so on."""
    import pyarrow as pa

    if not places:
        return []
    try:
        values = pa.concat_arrays([texts[place] for place in places]).cast(dtype).to_numpy(zero_copy_only=False)
        return [_Read(places, values.reshape(len(places), rows))]
    except pa.ArrowInvalid:
        half = len(places) // 2
        if half < _FEWEST:
            return []
    return _numbers(texts, places[:half], rows, dtype) + _numbers(texts, places[half:], rows, dtype)


def _add(columns: Mapping[int, TextColumn], texts: Mapping[int, Any], read: _Read, row: int, writer: Writer) -> None:
    values, numbers = read.values, writer.put_rows(read.values)
    if values.dtype.kind != "f":
        lowest, highest = values.min(1).tolist(), values.max(1).tolist()
        for place, number, low, high, one in zip(read.places, numbers, lowest, highest, values, strict=True):
            columns[place].add_read(number, low, high)
            columns[place].count(one)
        return
    with_points = _decimal_points(texts, read.places, values.shape[1])
    finite = np.isfinite(values)
    lowest = np.min(values, 1, where=finite, initial=np.inf).tolist()
    highest = np.max(values, 1, where=finite, initial=-np.inf).tolist()
    gaps = np.isnan(values)
    missing, firsts = gaps.sum(1).tolist(), np.argmax(gaps, 1).tolist()
    for at, (place, number) in enumerate(zip(read.places, numbers, strict=True)):
        column, fields = columns[place], texts[place]
        if with_points[at]:
            column.has_decimal_points()
        else:
            column.look_at_points(fields)
        if missing[at]:
            column.has_gaps(missing[at], fields, row, firsts[at])
        column.add_read(number, lowest[at], highest[at], is_float=True)


def _decimal_points(texts: Mapping[int, Any], places: list[int], rows: int) -> list[bool]:
    """Of which columns the first fields show that a point sets no thousands apart."""
    some = min(rows, _FIRST_ROWS)
    import pyarrow as pa

    fields = pa.concat_arrays([texts[place].slice(0, some) for place in places]).to_pylist()
    return [
        words.only_thousands([field or "" for field in fields[first : first + some]]) is False
        for first in range(0, len(fields), some)
    ]
