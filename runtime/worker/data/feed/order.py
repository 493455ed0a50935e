"""The order of the samples of an epoch: it follows from seed and epoch alone, however and by whom it is asked for.

Samples that lie together in the file are read together, in runs. An epoch takes the runs in another order, as many of
them at a time as fill a buffer, and mixes what is in the buffer. So a sample comes at any place in the epoch, among
others of any place in the file; but two that lie in one run come closer to each other than chance would have it. Where
any order is read as well as any other (each sample is a file), an epoch is one shuffle of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from runtime.worker.data.source import Array, Rows
from runtime.worker.data.split import as_array, in_a_row

BUFFER_BYTES: Final = 128 * 2**20  # of what the model takes; two of a feed are held at once
_RUNS_A_BUFFER: Final = 16
_FILES_BYTES: Final = 32 * 2**20  # of a buffer of samples that are files: it is full sooner, and shuffles nothing
_MOST_A_BUFFER: Final = 2**22  # samples


def epoch_order(count: int, seed: int, epoch: int, part: int = 0) -> Array:
    """The numbers from 0 to `count` - 1 as int64 in an order that follows from the other numbers alone.

    `part` tells apart what is ordered within an epoch.
    """
    order: Array = np.random.default_rng((seed, epoch, part)).permutation(count)
    return order


@dataclass(frozen=True, slots=True)
class Layout:
    """How many samples in a row are read together (`run`), and how many a buffer holds at least."""

    run: int
    buffer: int


def layout(together: int, sample_bytes: int, buffer_bytes: int = BUFFER_BYTES) -> Layout:
    """Of samples of which so many lie `together` in the file that they are read at once; 1: each is a file."""
    sample = max(1, sample_bytes)
    if together == 1:
        return Layout(1, max(1, min(_FILES_BYTES, buffer_bytes) // sample))
    buffer = max(1, min(buffer_bytes // sample, _MOST_A_BUFFER))
    run = max(1, buffer // _RUNS_A_BUFFER)
    run = -(-run // together) * together  # a piece of the file is read once, not by two runs
    return Layout(min(run, max(1, buffer // 2)), buffer)


class Order:
    """In which order the samples `rows` come; without a `seed` in that of the file."""

    def __init__(self, rows: Rows, layout: Layout, seed: int | None) -> None:
        self._rows, self._layout, self._seed = rows, layout, seed
        self._firsts = _run_starts(rows, layout.run)  # places in rows, and their end
        self._plans: dict[int, tuple[Array, Array]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def most_in_a_buffer(self) -> int:
        """Samples."""
        return min(len(self._rows), self._layout.buffer + self._layout.run)

    def starts(self, epoch: int) -> Array:
        """The place in the epoch of the first sample of each buffer, and the end of the last."""
        return self._plan(epoch)[1]

    def buffer(self, epoch: int, number: int) -> tuple[list[Rows], Array | None]:
        """The samples of a buffer, run by run as they lie in the file, and in which order they come; None: so."""
        order, starts = self._plan(epoch)
        if self._layout.run == 1 and self._seed is not None:
            chosen = order[starts[number] : starts[number + 1]]
            rows, places = np.unique(as_array(self._rows)[chosen], return_inverse=True)
            return [rows], places
        first, last = np.searchsorted(self._run_places(order), starts[number : number + 2])
        runs = np.sort(order[first:last])
        neighbours = np.split(runs, np.flatnonzero(np.diff(runs) > 1) + 1)
        pieces = [in_a_row(self._rows[int(self._firsts[a[0]]) : int(self._firsts[a[-1] + 1])]) for a in neighbours]
        if self._seed is None:
            return pieces, None
        return pieces, epoch_order(sum(map(len, pieces)), self._seed, epoch, part=1 + number)

    def rows(self, epoch: int, first: int, last: int) -> Array | None:
        """The samples at places `first` to `last`, if they can be told without those around them."""
        if self._layout.run > 1:
            return None
        chosen: Array = as_array(self._rows)[self._plan(epoch)[0][first:last]]
        return chosen

    def _run_places(self, order: Array) -> Array:
        sizes = np.diff(self._firsts)[order]
        return np.concatenate([[0], np.cumsum(sizes)])

    def _plan(self, epoch: int) -> tuple[Array, Array]:
        """The runs in their order, and where buffers start."""
        if epoch not in self._plans:
            count = len(self._firsts) - 1
            order = np.arange(count) if self._seed is None else epoch_order(count, self._seed, epoch)
            places = self._run_places(order)
            starts = places[:-1][np.diff(places[:-1] // self._layout.buffer, prepend=-1) > 0]
            for old in [one for one in self._plans if one < epoch - 1]:
                self._plans.pop(old, None)
            self._plans[epoch] = (order, np.append(starts, len(self._rows)))
        return self._plans[epoch]


def _run_starts(rows: Rows, run: int) -> Array:
    """Runs begin at multiples of `run` in the file, so that its pieces are not cut."""
    if not len(rows):
        return np.zeros(1, np.int64)
    if run == 1:
        return np.arange(len(rows) + 1)
    if isinstance(rows, range):
        inside = np.arange(-(-(rows.start + 1) // run) * run, rows.stop, run)
        return np.concatenate([[0], inside - rows.start, [len(rows)]])
    cuts = np.flatnonzero(np.diff(rows // run)) + 1
    return np.concatenate([[0], cuts, [len(rows)]])
