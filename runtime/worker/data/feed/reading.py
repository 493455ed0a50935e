"""Reading samples into arrays as the model takes them, piece by piece, and by several threads where each is a file."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from runtime.worker.data.feed.kept import Kept
from runtime.worker.data.fitting import Fit
from runtime.worker.data.source import Array, Rows, Source
from runtime.worker.data.split import as_array
from runtime.worker.data.values import numpy_dtype
from runtime.worker.process.crew import Crew

Arrays = dict[str, Array]
_PIECE_BYTES: Final = 16 * 2**20  # read from a source at once, and then copied to its place
_MOST_DECODERS: Final = 8
_FILES_AT_ONCE: Final = 32  # that one decoder takes
_MANY_FILES: Final = 256  # that a source takes at once which has decoders of its own, if they are small


def heaviest(source: Source, fits: Mapping[str, Fit]) -> str:
    """The column of which a sample takes the most bytes to read: how that lies in the file decides."""
    names = dict.fromkeys(name for fitted in fits.values() for name in fitted.columns)
    return max(names, key=lambda name: np.prod(source.shape(name)[1:], dtype=np.int64) * source.dtype(name).itemsize)


def samples_are_files(source: Source, fits: Mapping[str, Fit]) -> bool:
    """Whether each sample is a file that is decoded when it is asked for."""
    return source.run_rows(heaviest(source, fits)) <= 1 and not source.in_memory()


def stored_sizes(source: Source, fits: Mapping[str, Fit]) -> list[int]:
    """Bytes of one sample for each of `fits`, as it is held while it waits."""
    return [math.prod(fitted.shape) * fitted.stored_dtype(source).itemsize for fitted in fits.values()]


class Reader:
    """Reads for each of `fits` by its name. `close` ends its threads."""

    def __init__(self, source: Source, fits: Mapping[str, Fit], kept: Kept | None = None) -> None:
        """`kept` has room for the `stored_sizes` of each sample of the source."""
        self._source, self._fits, self._kept = source, dict(fits), kept
        self.run_rows = max(1, source.run_rows(heaviest(source, fits)))
        self.dtypes = {name: fitted.stored_dtype(source) for name, fitted in fits.items()}
        self.sample_bytes = sample = max(1, sum(stored_sizes(source, fits)))
        self._piece = max(1, _PIECE_BYTES // sample // self.run_rows) * self.run_rows
        self._stopped = False
        self._decoders: Crew | None = None
        if samples_are_files(source, fits):
            own = source.raw().decodes_in_threads
            self._piece = min(max(_FILES_AT_ONCE, self._piece), _MANY_FILES) if own else _FILES_AT_ONCE
        if samples_are_files(source, fits) and not source.raw().decodes_in_threads:
            self._decoders = Crew(min(_MOST_DECODERS, os.cpu_count() or 1), "decoder")

    def room(self, count: int, *, as_taken: bool = False) -> Arrays:
        """Arrays for so many samples. New memory is slow: the system hands it out page by page, each filled first.

        `as_taken` by the model; else as values are stored where they take less room so.
        """
        types = {name: numpy_dtype(fitted.dtype) for name, fitted in self._fits.items()} if as_taken else self.dtypes
        return {name: np.empty((count, *fitted.shape), types[name]) for name, fitted in self._fits.items()}

    def read(self, runs: Sequence[Rows], arrays: Arrays, *, check: bool = True) -> None:
        """Put the samples of all `runs` into the arrays, one after the other. Raises DataError.

        `check` looks at each value.
        """
        pieces = self._pieces(runs)
        if self._decoders is None:
            for rows, place in pieces:
                self._fill(arrays, rows, place, check)
        else:
            self._decoders.each(lambda piece: self._fill(arrays, piece[0], piece[1], check), pieces)

    @property
    def keeps_in_memory(self) -> bool:
        return self._kept is not None and self._kept.holds_memory

    def kept_in_memory(self, rows: Array) -> Arrays | None:
        """All samples as they are stored, if these ones are among those that are kept in memory."""
        parts = self._kept.in_memory(rows) if self._kept is not None else None
        if parts is None:
            return None
        return {name: self._of_bytes(name, part) for name, part in zip(self._fits, parts, strict=True)}

    def stop(self) -> None:
        """What is being read is not read to its end: that raises RuntimeError."""
        self._stopped = True

    def close(self) -> None:
        if self._decoders is not None:
            self._decoders.close()
        if self._kept is not None:
            self._kept.close()

    def _pieces(self, runs: Sequence[Rows]) -> Iterator[tuple[Rows, int]]:
        """What is read at once, and its place in the arrays."""
        place = 0
        for run in runs:
            for first in range(0, len(run), self._piece):
                rows = run[first : first + self._piece]
                yield rows, place
                place += len(rows)

    def _fill(self, arrays: Arrays, rows: Rows, place: int, check: bool) -> None:
        if self._stopped:
            raise RuntimeError("the feed is closed")
        places = {name: array[place : place + len(rows)] for name, array in arrays.items()}
        if self._kept is None or not self._kept.active:
            self._decode(rows, places, check)
            return
        numbers = as_array(rows)
        known = self._kept.has(numbers)
        if known.any():
            for name, part in zip(self._fits, self._kept.get(numbers[known]), strict=True):
                places[name][known] = self._of_bytes(name, part)
        missing = numbers[~known]
        if len(missing):
            found = self.room(len(missing))
            self._decode(missing, found, check)
            for name, array in found.items():
                places[name][~known] = array
            self._kept.put(missing, [array.reshape(len(missing), -1).view(np.uint8) for array in found.values()])

    def _decode(self, rows: Rows, out: Arrays, check: bool) -> None:
        for name, fitted in self._fits.items():
            fitted.read_into(self._source, rows, out[name], check=check)

    def _of_bytes(self, name: str, part: Array) -> Array:
        """A view, or a copy where bytes of a sample do not lie beside those of the next one."""
        values: Array = np.ascontiguousarray(part).view(self.dtypes[name]).reshape(len(part), *self._fits[name].shape)
        return values
