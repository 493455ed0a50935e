"""One column as it is looked at: a sample of its values, spread over the data, and the classes they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from runtime.messages.describing import Column
from runtime.messages.profiling import ProfilePart
from runtime.worker.data.columns import number_text
from runtime.worker.data.looking.rows import MOST_LABELS, spread_rows
from runtime.worker.data.source import DataError
from runtime.worker.process.control import CancelledError

if TYPE_CHECKING:
    from runtime.worker.data.source import Array, Source

FILES: Final = ("image", "mask", "audio")  # kinds of which one sample may be broken, and the others are not
MOST_CLASSES: Final = 1000


@dataclass(frozen=True, slots=True)
class Labels:
    """Which class the sample of each of `rows` belongs to: a place in `names`, -1 for none. `name` is the column's."""

    name: str
    names: tuple[str, ...]
    rows: Array
    places: Array

    def at(self, rows: Array) -> Array:
        """The classes of samples, -1 of those that were not looked at."""
        if not len(self.rows):
            return np.full(len(rows), -1, np.int64)
        found = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        return np.where(self.rows[found] == rows, self.places[found], -1)


@dataclass(frozen=True)
class Looked:
    """`rows` are the samples that `values` are of. `target` is the column that others are held against.

    `waits` tells whether somebody still waits for the answer; what takes long asks it now and then.
    """

    source: Source
    column: Column
    rows: Array
    waits: Callable[[], bool]
    labels: Labels | None = None
    target: Looked | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return self.column.name

    @cached_property
    def values(self) -> Array:
        """Of shape (len(rows), *shape). Of pictures and sounds, of those that can be read."""
        try:
            return self.source.take(self.name, self.rows)
        except DataError:
            if self.column.kind not in FILES:
                raise
        readable = [values for row in self.rows.tolist() if (values := self._one(row)) is not None]
        if not readable:
            return self.source.take(self.name, self.rows)  # raises, with what is wrong with the first
        return np.concatenate(readable)

    def _one(self, row: int) -> Array | None:
        if not self.waits():
            raise CancelledError
        try:
            return self.source.take(self.name, np.array([row], np.int64))
        except DataError:
            return None  # the gallery marks it, and the check names it

    @cached_property
    def words(self) -> Sequence[str]:
        """The different words of a column of words, or nothing."""
        return self.source.categories(self.name)

    @property
    def is_scalar(self) -> bool:
        return all(size == 1 for size in self.column.shape)

    @cached_property
    def texts(self) -> Sequence[str] | None:
        """Samples as texts, None where they are numbers."""
        if self.values.dtype.kind == "O":
            return [str(value) for value in self.values.reshape(-1)]
        if self.words:
            return [self.words[place] if place >= 0 else "" for place in self.values.reshape(-1).tolist()]
        return None

    @cached_property
    def numbers(self) -> Array:
        """The finite values of numbers, flat, as floats; none of words."""
        if self.words or self.values.dtype.kind not in "biuf":
            return np.zeros(0)
        flat = self.values.reshape(-1).astype(np.float64)
        return flat[np.isfinite(flat)]


Profile = Callable[[Looked], Iterator[ProfilePart]]


def labels_of(source: Source, column: Column) -> Labels | None:
    """The classes of a column that holds some; None for one that does not."""
    if column.kind not in ("category", "text") or any(size != 1 for size in column.shape):
        return None
    words = source.categories(column.name)
    if len(words) > MOST_CLASSES or source.dtype(column.name).kind not in "biuf":
        return None
    rows = spread_rows(source, column.name, MOST_LABELS)
    values = source.take(column.name, rows).reshape(-1)
    if words:
        return Labels(column.name, tuple(words), rows, values.astype(np.int64))
    classes, places = np.unique(values, return_inverse=True)
    if len(classes) > MOST_CLASSES:
        return None
    names = tuple(number_text(one.item()) for one in classes)
    return Labels(column.name, names, rows, places.astype(np.int64))
