"""Rows of a time series as samples: each is a window of rows, and its truth lies so many rows behind the last one.

The same windows as those of `keras.utils.timeseries_dataset_from_array` where all rows are one series. No window
reaches over the border of a group; those that reach over the border of a part (split.py) belong to none.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from resources.text import Text
from runtime.lazy import LazyModule
from runtime.messages.checking import DataProblem
from runtime.spec import ColumnKind, Step, Windows
from runtime.worker.data.remembered import remembered
from runtime.worker.data.source import Array, DataError, Part, Rows, Source

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

TRUTH: Final = " ▸"  # ends the name of what lies behind the window: no column of a file is asked for by that


def windowed(source: Source, windows: Windows | None) -> Source:
    """`source` itself where no windows are wanted, or it is fed as it is. Raises DataError."""
    if windows is None or source.fed_as_it_is:
        return source
    return remembered(source, ("windows", windows), lambda: WindowedSource(source, windows))


class WindowedSource(Source):
    """A column is its windows, shape (samples, length, *of a row); `truth_of` it is what lies behind them."""

    def __init__(self, rows: Source, windows: Windows) -> None:
        self.rows, self.windows = rows, windows
        self.identity, self.note, self.left_out = rows.identity, rows.note, rows.left_out
        counts = {rows.shape(name)[0] for name in rows.names()}
        if min(windows.length, windows.stride) < 1 or windows.horizon < 0:
            raise DataError(Text("Windows have a length and a stride of at least 1, and a horizon of at least 0."))
        if len(counts) != 1:
            raise DataError(Text.of("{file}: windows need columns of the same number of rows.", file=rows.title))
        self.row_count = counts.pop()
        self._order, borders = self._ordered()
        self._starts = np.concatenate([self._starts_in(*ends) for ends in itertools.pairwise(borders)])
        if not len(self._starts):
            raise DataError(
                Text.of(
                    "{file}: no window of {length} rows with its truth {horizon} rows behind fits into {count} rows.",
                    file=rows.title,
                    length=windows.length,
                    horizon=windows.horizon,
                    count=self.row_count,
                )
            )

    @property
    def _reach(self) -> int:
        """From the first row of a window to the last one that belongs to it, the truth's."""
        return self.windows.length - 1 + self.windows.horizon

    def _starts_in(self, first: int, last: int) -> Array:
        return np.arange(first, last - self._reach, self.windows.stride)

    def _ordered(self) -> tuple[Array | None, list[int]]:
        """The rows in their order, None as they lie, and where groups begin and end in it."""
        keys = [self._key(name) for name in (self.windows.order_by, self.windows.group_by) if name]
        if not keys:
            return None, [0, self.row_count]
        order = np.lexsort(keys)
        if not self.windows.group_by:
            return order, [0, self.row_count]
        groups = keys[-1][order]
        return order, [0, *(np.flatnonzero(groups[1:] != groups[:-1]) + 1).tolist(), self.row_count]

    def _key(self, name: str) -> Array:
        rows = self.rows.raw()  # steps change nothing of what orders and groups rows, and would learn of rows for it
        rows.require(name)
        values = rows.read(name, slice(0, self.row_count))
        if values.size != self.row_count:
            raise DataError(
                Text.of(
                    "{file}: {column} cannot order or group rows: it holds more than one value for each.",
                    file=self.rows.title,
                    column=name,
                )
            )
        return np.unique(values.reshape(-1), return_inverse=True)[1]

    def in_parts(self, part_of_row: Array) -> Array:
        """The part of each window: that of all its rows, -1 where they are of several."""
        part = part_of_row if self._order is None else part_of_row[self._order]
        changes = np.concatenate([[0], np.cumsum(part[1:] != part[:-1])])
        first, last = self._starts, self._starts + self._reach
        return np.where(changes[first] == changes[last], part[first], -1)

    def rows_of(self, windows: Rows) -> Rows:
        """The rows that these windows hold, and their truths; in the order of the file, each once."""
        starts = self._starts[windows.start : windows.stop] if isinstance(windows, range) else self._starts[windows]
        borders = np.zeros(self.row_count + 1, np.int64)
        borders[starts] += 1
        borders[starts + self.windows.length] -= 1
        held = np.cumsum(borders[:-1]) > 0
        held[starts + self._reach] = True
        places = np.flatnonzero(held)
        return places if self._order is None else np.sort(self._order[places])

    # What a source tells

    @property
    def title(self) -> str:
        return self.rows.title

    def names(self) -> tuple[str, ...]:
        return self.rows.names()

    def has(self, name: str) -> bool:
        return self.rows.has(_plain(name))

    def truth_of(self, name: str) -> str:
        return _plain(name) + TRUTH

    @property
    def windowed(self) -> bool:
        return True

    def shape(self, name: str) -> tuple[int, ...]:
        row = self.rows.shape(_plain(name))[1:]
        return (len(self._starts), *row) if name.endswith(TRUTH) else (len(self._starts), self.windows.length, *row)

    def dtype(self, name: str) -> np.dtype[Any]:
        return self.rows.dtype(_plain(name))

    def steps(self, name: str) -> Sequence[Step]:
        return self.rows.steps(_plain(name))

    def categories(self, name: str) -> tuple[str, ...]:
        return self.rows.categories(_plain(name))

    def sample_kind(self, name: str) -> ColumnKind | None:
        return self.rows.sample_kind(_plain(name)) if name.endswith(TRUTH) else "sequence"

    def doubts(self, name: str) -> Iterable[DataProblem]:
        return self.rows.doubts(_plain(name))

    def problems(self) -> Iterable[DataProblem]:
        return self.rows.problems()

    def read_through(self, name: str, tell: Callable[[float], None]) -> None:
        self.rows.read_through(_plain(name), tell)

    def number_among_words(self, name: str) -> int | None:
        return self.rows.number_among_words(_plain(name))

    def in_memory(self) -> bool:
        return False  # windows are made when they are asked for: held at once they are `length` times as large

    def run_rows(self, name: str) -> int:
        return max(2, self.rows.run_rows(_plain(name)) // self.windows.stride)

    def parts(self) -> Mapping[Part, tuple[slice, ...]]:
        return {}  # those of rows are asked of `rows`

    def origin(self, row: int) -> int:
        return self.rows.origin(self.first_row(row))

    def place(self, row: int) -> Text:
        return self.rows.place(self.first_row(row))

    def first_row(self, window: int) -> int:
        start = int(self._starts[window])
        return start if self._order is None else int(self._order[start])

    def read(self, name: str, rows: slice) -> Array:
        self.require(name)
        return self._windows(name, self._starts[rows])

    def take(self, name: str, rows: Array) -> Array:
        self.require(name)
        return self._windows(name, self._starts[rows])

    def close(self) -> None:
        self.rows.close()

    def _windows(self, name: str, starts: Array) -> Array:
        places: Array = starts[:, None] + (self._reach if name.endswith(TRUTH) else np.arange(self.windows.length))
        if not places.size:
            return self.rows.read(_plain(name), slice(0, 0)).reshape(0, *self.shape(name)[1:])
        low, high = int(places.min()), int(places.max()) + 1
        if high - low <= 4 * places.size:
            values, places = self._read(_plain(name), range(low, high)), places - low
        else:
            different, inverse = np.unique(places, return_inverse=True)
            values, places = self._read(_plain(name), different), inverse.reshape(places.shape)
        found: Array = values[places[:, 0] if name.endswith(TRUTH) else places]
        return found

    def _read(self, name: str, places: Rows) -> Array:
        """The rows at these places of the order."""
        if self._order is not None:
            chosen = self._order[places.start : places.stop] if isinstance(places, range) else self._order[places]
            return self.rows.take(name, chosen)
        if isinstance(places, range):
            return self.rows.read(name, slice(places.start, places.stop))
        return self.rows.take(name, places)


def _plain(name: str) -> str:
    return name.removesuffix(TRUTH)
