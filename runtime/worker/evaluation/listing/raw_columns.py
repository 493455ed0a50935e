"""What samples have in columns of single numbers, words and texts, before any step. Free of Keras."""

from __future__ import annotations

from typing import Final

import numpy as np

from resources.text import Text
from runtime.messages.evaluating import Condition
from runtime.worker.data.columns import number_text
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.split import as_array
from runtime.worker.data.windowed import WindowedSource
from runtime.worker.evaluation.chosen import Chosen
from runtime.worker.evaluation.measuring.results import Array

FILE_NAMES: Final = "name"  # the column of sources whose samples are files
_LAST: Final = 2.5e11  # seconds since 1970: in the year 9892
_BEYOND: Final = "?"  # no date that people write


class RawColumns:
    """Of a window it is what its first row has. `rows` are the numbers of the samples in `raw`."""

    def __init__(self, chosen: Chosen) -> None:
        source: Source = chosen.source
        self.rows = as_array(chosen.rows)
        self.windowed = isinstance(source, WindowedSource)
        if isinstance(source, WindowedSource):
            self.rows = np.array([source.first_row(int(row)) for row in self.rows], np.int64)
            source = source.rows
        self.raw = source.raw()
        self._known: dict[str, Array] = {}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in self.raw.names() if not self.raw.shape(name)[1:])

    def file(self, row: int) -> str:
        """The file that a sample of `raw` is, where each is a file of its own; else ""."""
        args = self.raw.place(row).args
        return str(args["file"]) if set(args) == {"file"} else ""

    def is_number(self, name: str) -> bool:
        return not self.raw.categories(name) and self.raw.dtype(name).kind in "biuf"

    def of(self, name: str) -> Array:
        """Of all samples: numbers as they are, words and texts as str objects, "" for a missing one.

        Raises DataError where there is no such column, or its samples are no single values.
        """
        if name not in self._known:
            self.raw.require(name)
            if self.raw.shape(name)[1:]:
                raise DataError(
                    Text("A sample has many values in the column {column}: none to compare with.", {"column": name})
                )
            self._known[name] = self.some(name, self.rows)
        return self._known[name]

    def some(self, name: str, rows: Array) -> Array:
        """Of the samples `rows` of `raw`."""
        values = self.raw.take(name, rows)
        words = self.raw.categories(name)
        if not words:
            return values
        return np.array([*words, ""], object)[values]  # -1, a missing one, is the last

    def written(self, name: str, row: int) -> str:
        """The value of one sample of `raw`, for people; "" for a number that is missing."""
        value = self.as_read(name, self.some(name, np.array([row], np.int64)))[0]
        if isinstance(value, str):
            return value
        return number_text(value.item()) if value == value else ""

    def as_read(self, name: str, values: Array) -> Array:
        """Values of a column, of which dates are written as days, or days and times; a missing one is ""."""
        if self.raw.sample_kind(name) != "date" or values.dtype.kind not in "iuf":
            return values
        times = np.array([_time(float(value)) for value in values], object)
        return times if all(times != _BEYOND) else values

    def is_date(self, name: str) -> bool:
        """Whether its numbers are seconds since 1970 that people read as days."""
        if self.raw.sample_kind(name) != "date" or not self.is_number(name):
            return False
        values = self.of(name).astype(np.float64)
        return bool((np.abs(values[np.isfinite(values)]) <= _LAST).all())

    def holds(self, where: tuple[Condition, ...]) -> Array:
        """Which samples meet all conditions: a bool each. Raises DataError."""
        found = np.ones(len(self.rows), bool)
        for condition in where:
            found &= self._meets(condition)
        return found

    def _meets(self, condition: Condition) -> Array:
        values: Array = self.of(condition.column)
        limit: float | str = condition.value
        if self.is_number(condition.column):
            limit = _seconds(condition) if self.is_date(condition.column) else _number(condition)
            values = values.astype(np.float64)
        elif not isinstance(limit, str):
            limit = number_text(limit)
        match condition.compare:
            case "=":
                found = values == limit
            case "!=":
                found = values != limit
            case "<":
                found = values < limit
            case "<=":
                found = values <= limit
            case ">":
                found = values > limit
            case _:
                found = values >= limit
        return np.asarray(found, bool)


def _time(seconds: float) -> str:
    """`seconds` since 1970."""
    if not np.isfinite(seconds):
        return ""
    if abs(seconds) > _LAST:
        return _BEYOND
    text = str(np.datetime64(int(seconds), "s"))
    return text.removesuffix("T00:00:00")


def day_of(seconds: float) -> str:
    """The day that it is in, as it is written in a condition."""
    return str(np.datetime64(int(seconds), "s").astype("datetime64[D]"))


def _seconds(condition: Condition) -> float:
    """A day, or a day and time, since 1970; seconds are taken as well."""
    value = condition.value
    if not isinstance(value, str):
        return float(value)
    try:
        return float(np.datetime64(value.strip().replace(" ", "T"), "s").astype(np.int64))
    except ValueError:
        raise DataError(
            Text(
                "The column {column} has dates, and “{value}” is none: write one as 2026-01-31.",
                {"column": condition.column, "value": value},
            )
        ) from None


def _number(condition: Condition) -> float:
    try:
        return float(condition.value)
    except ValueError:
        raise DataError(
            Text(
                "The column {column} has numbers, and “{value}” is none.",
                {"column": condition.column, "value": str(condition.value)},
            )
        ) from None
