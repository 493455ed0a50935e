"""Arrays in files, read piece by piece. The first axis is the sample."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from runtime.lazy import LazyModule
from runtime.worker.data.source import Array

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

_RUN_ROWS: Final = 4096  # so many samples in a row are read well at once,
_RUN_BYTES: Final = 8 * 2**20  # or those of so many bytes, if they are fewer


class Stored(ABC):
    """One array. Its `dtype` is that of numbers, or that of texts: object, bytes or str."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    in_memory: bool = False

    @abstractmethod
    def read(self, rows: slice) -> Array:
        """Samples `rows` (step 1); texts as str. Raises DataError."""

    def read_into(self, rows: slice, out: Array) -> None:
        """The same into an array of the same shape and type."""
        out[...] = self.read(rows)

    def take(self, _rows: Array) -> Array | None:
        """Samples in any order, where they are had without reading what lies between them."""
        return None

    @property
    def run_rows(self) -> int:
        """How many samples in a row are read well at once."""
        return run_rows(self.shape, self.dtype.itemsize)

    @property
    def is_words(self) -> bool:
        return self.dtype.kind in "OSU"

    def part_at(self, row: int) -> tuple[str, int] | None:
        """The file that sample `row` lies in and its place there, where there are several files."""
        return None


def run_rows(shape: Sequence[int], item_bytes: int, chunk: int = 1) -> int:
    """`chunk`: so many samples are stored together, and only whole ones are read."""
    sample_bytes = item_bytes
    for size in shape[1:]:
        sample_bytes *= size
    rows = max(1, min(_RUN_ROWS, _RUN_BYTES // max(1, sample_bytes)))
    return -(-rows // chunk) * chunk


class Held(Stored):
    """An array of NumPy, or one that is mapped from a file into memory (`in_memory` is False then)."""

    def __init__(self, array: Array, *, in_memory: bool = True) -> None:
        self._array, self.in_memory = array, in_memory
        self.shape, self.dtype = array.shape, array.dtype.newbyteorder("=")

    def read(self, rows: slice) -> Array:
        return native(np.asarray(self._array[rows]))

    def take(self, rows: Array) -> Array:
        return native(np.asarray(self._array[rows]))


class Joined(Stored):
    """Arrays one after the other; numbers become the type that holds those of all."""

    def __init__(self, parts: Sequence[Stored], files: Sequence[str] = ()) -> None:
        """The parts have the same shape but for the number of samples. `files` are what their files are called."""
        self._parts, self._files = tuple(parts), tuple(files)
        self._ends = list(accumulate(part.shape[0] for part in parts))
        self.shape = (self._ends[-1], *parts[0].shape[1:])
        words = any(part.is_words for part in parts)
        self.dtype = np.dtype(object) if words else np.result_type(*(part.dtype for part in parts))
        self.in_memory = all(part.in_memory for part in parts)

    @property
    def run_rows(self) -> int:
        return max(part.run_rows for part in self._parts)

    def bounds(self) -> tuple[slice, ...]:
        """The samples of each part."""
        return tuple(slice(first, last) for first, last in zip((0, *self._ends), self._ends, strict=False))

    def read(self, rows: slice) -> Array:
        first, last, _ = rows.indices(self.shape[0])
        place = bisect_right(self._ends, first)
        pieces: list[Array] = []
        while first < last:
            begins = self._ends[place - 1] if place else 0
            stop = min(last, self._ends[place])
            if stop > first:
                pieces.append(
                    self._parts[place].read(slice(first - begins, stop - begins)).astype(self.dtype, copy=False)
                )
            first, place = stop, place + 1
        if len(pieces) == 1:
            return pieces[0]
        return np.concatenate(pieces) if pieces else np.empty((0, *self.shape[1:]), self.dtype)

    def part_at(self, row: int) -> tuple[str, int] | None:
        place = bisect_right(self._ends, row)
        if not self._files or place >= len(self._files):
            return None
        return self._files[place], row - (self._ends[place - 1] if place else 0)


def native(values: Array) -> Array:
    """The same numbers in this machine's order of bytes."""
    return values if values.dtype.isnative else values.astype(values.dtype.newbyteorder("="))
