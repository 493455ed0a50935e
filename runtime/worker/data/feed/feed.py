"""Batches of samples by their number, read ahead of whoever trains on them. Free of Keras and of all backends.

Memory: two buffers (order.py) and one run that is being read, whatever the data is. Nothing is dropped: every sample
comes once an epoch, the last batch may be smaller.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from runtime.worker.data.feed.ahead import Ahead
from runtime.worker.data.feed.kept import Kept
from runtime.worker.data.feed.memory import Recycled
from runtime.worker.data.feed.order import BUFFER_BYTES, Order, layout
from runtime.worker.data.feed.reading import Arrays, Reader
from runtime.worker.data.fitting import Fit
from runtime.worker.data.source import Array, Rows, Source
from runtime.worker.data.values import numpy_dtype


class _Buffer:
    """Samples as they lie in the file, the order in which they come, and the place of the first in the epoch."""

    def __init__(self, arrays: Arrays, order: Array | None, first: int) -> None:
        self.arrays, self.order, self.first = arrays, order, first

    def put(self, name: str, first: int, last: int, out: Array, memory: Recycled) -> None:
        """Those at places `first` to `last` of the epoch."""
        part, array = slice(first - self.first, last - self.first), self.arrays[name]
        if self.order is None:
            out[...] = array[part]
        else:
            _gather(array, self.order[part], out, memory)


def _gather(array: Array, rows: Array, out: Array, memory: Recycled) -> None:
    """Puts these rows of the array into `out`."""
    small = out if array.dtype == out.dtype else memory.array(out.shape, array.dtype)
    np.take(array, rows, axis=0, out=small, mode="clip")
    if small is not out:
        out[...] = small


class Feed:
    """Batch `index` of epoch `epoch` of the samples `rows`, for each of `fits` by its name.

    Orders follow from `seed` and epoch alone; without a seed, samples come as they lie in the data. Batches may be
    asked for by several threads, in any order; in rising order they are read ahead. `unchanged` raises DataError where
    the data is not any more what it was.
    """

    def __init__(
        self,
        source: Source,
        fits: Mapping[str, Fit],
        rows: Rows,
        batch_size: int,
        seed: int | None,
        *,
        buffer_bytes: int = BUFFER_BYTES,
        unchanged: Callable[[], None] = lambda: None,
        kept: Kept | None = None,
    ) -> None:
        self._fits, self._unchanged = dict(fits), unchanged
        self._reader = Reader(source, fits, kept)
        self._order = Order(rows, layout(self._reader.run_rows, self._reader.sample_bytes, buffer_bytes), seed)
        self._batch_size = batch_size
        self._lock = threading.Lock()
        self._memory = Recycled()
        self._spare: list[Arrays] = []  # what was read into before
        self._first_epoch: int | None = None  # the first one that was asked for: its values are looked at
        self._kept_epoch: int | None = None  # the last one of which a batch came from what is kept
        self._ahead: Ahead[tuple[int, int], _Buffer] = Ahead(self._load, self._following, self._drop, "feed")

    @property
    def batches(self) -> int:
        """In an epoch."""
        return -(-len(self._order) // self._batch_size)

    def batch(self, epoch: int, index: int) -> Arrays:
        """Raises DataError, IndexError."""
        if not 0 <= index < self.batches:
            raise IndexError(index)
        first = index * self._batch_size
        last = min(first + self._batch_size, len(self._order))
        starts = self._order.starts(epoch)
        number = int(np.searchsorted(starts, first, "right")) - 1
        with self._lock:
            batch = {
                name: self._memory.array((last - first, *fitted.shape), numpy_dtype(fitted.dtype))
                for name, fitted in self._fits.items()
            }
            place = last if self._gather_kept(epoch, first, last, batch) else first
            while place < last:
                buffer = self._ahead.get((epoch, number))
                end = min(last, int(starts[number + 1]))
                for name, array in batch.items():
                    buffer.put(name, place, end, array[place - first : end - first], self._memory)
                place, number = end, number + 1
        return batch

    def _gather_kept(self, epoch: int, first: int, last: int, batch: Arrays) -> bool:
        """Whether these places of the epoch are kept in memory: the batch is filled from there, and nothing is read."""
        rows = self._order.rows(epoch, first, last)
        kept = self._reader.kept_in_memory(rows) if rows is not None else None
        if rows is None or kept is None:
            return False
        self._begin_kept(epoch)
        for name, out in batch.items():
            _gather(kept[name], rows, out, self._memory)
        return True

    @property
    def batch_size(self) -> int:
        """Of all batches but the last."""
        return self._batch_size

    @property
    def keeps_in_memory(self) -> bool:
        """Whether samples are held as they are stored, once each has been read."""
        return self._reader.keeps_in_memory

    def stored(self) -> dict[str, tuple[np.dtype[Any], np.dtype[Any], tuple[int, ...]]]:
        """For each name: the type of values as they are stored, that of the model, and the shape of a sample."""
        return {
            name: (self._reader.dtypes[name], numpy_dtype(fitted.dtype), fitted.shape)
            for name, fitted in self._fits.items()
        }

    def kept_epoch(self, epoch: int) -> tuple[Array, Arrays] | None:
        """The samples of an epoch in their order, as places in all samples as they are stored; None while some are
        missing in memory. The arrays are not to be written into. Raises DataError.
        """
        rows = self._order.rows(epoch, 0, len(self._order))
        kept = self._reader.kept_in_memory(rows) if rows is not None else None
        if rows is None or kept is None:
            return None
        with self._lock:
            self._begin_kept(epoch)
        return rows, kept

    def _begin_kept(self, epoch: int) -> None:
        if self._kept_epoch != epoch:
            self._unchanged()
            self._kept_epoch = epoch
            self._ahead.rest()
            self._spare.clear()

    def rest(self) -> None:
        """Gives memory back until the next batch is asked for."""
        self._ahead.rest()
        self._spare.clear()
        self._memory.clear()

    def close(self) -> None:
        """Ends the threads."""
        self._reader.stop()
        self._ahead.close()
        self._reader.close()

    def _following(self, key: tuple[int, int]) -> tuple[int, int] | None:
        epoch, number = key
        return (epoch, number + 1) if number + 2 < len(self._order.starts(epoch)) else (epoch + 1, 0)

    # On the thread that reads ahead

    def _load(self, key: tuple[int, int]) -> _Buffer:
        self._unchanged()
        runs, order = self._order.buffer(*key)
        epoch, number = key
        self._first_epoch = epoch if self._first_epoch is None else self._first_epoch
        try:
            memory = self._spare.pop()
        except IndexError:
            memory = self._reader.room(self._order.most_in_a_buffer)
        count = sum(map(len, runs))
        arrays = {name: array[:count] for name, array in memory.items()}
        self._reader.read(runs, arrays, check=epoch == self._first_epoch)
        return _Buffer(memory, order, int(self._order.starts(epoch)[number]))

    def _drop(self, buffer: _Buffer) -> None:
        self._spare[:] = [buffer.arrays]
