"""Batches that are augmented on their way to the model, ahead of it. Free of Keras until the first is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from runtime.worker.data.feed.ahead import Ahead
from runtime.worker.data.feed.order import epoch_order
from runtime.worker.data.feed.reading import Arrays
from runtime.worker.data.source import Array, Rows
from runtime.worker.data.split import as_array


class Batches(Protocol):
    """What a feed is asked."""

    @property
    def batches(self) -> int:
        """In an epoch."""

    def batch(self, epoch: int, index: int) -> Arrays:
        """Raises DataError, IndexError."""

    def rest(self) -> None:
        """Gives memory back until the next batch is asked for."""

    def close(self) -> None:
        """Ends the threads."""


class InMemory:
    """Batches of samples that lie in memory, in the order that an epoch has without augmentation, too."""

    def __init__(self, arrays: Arrays, batch_size: int, seed: int | None) -> None:
        """Without a `seed` they come as they lie there."""
        self._arrays, self._batch_size, self._seed = arrays, batch_size, seed
        self._samples = len(next(iter(arrays.values())))
        self._order: tuple[int, Rows] | None = None

    @property
    def batches(self) -> int:
        return -(-self._samples // self._batch_size)

    def batch(self, epoch: int, index: int) -> Arrays:
        if not 0 <= index < self.batches:
            raise IndexError(index)
        rows = self._epoch(epoch)[index * self._batch_size : (index + 1) * self._batch_size]
        return {name: array[rows] for name, array in self._arrays.items()}

    def _epoch(self, epoch: int) -> Array:
        if self._order is None or self._order[0] != epoch:
            rows = range(self._samples) if self._seed is None else epoch_order(self._samples, self._seed, epoch)
            self._order = (epoch, rows)
        return as_array(self._order[1])

    def rest(self) -> None:
        return

    def close(self) -> None:
        return


class Augmented:
    """The batches of another feed behind `change(arrays, epoch, index)`, one of them ready before it is asked for."""

    def __init__(self, feed: Batches, change: Callable[[Arrays, int, int], Arrays]) -> None:
        self._feed, self._change = feed, change
        self._ahead: Ahead[tuple[int, int], Arrays] = Ahead(self._load, self._following, _let_go, "augmenting")

    @property
    def batches(self) -> int:
        return self._feed.batches

    def batch(self, epoch: int, index: int) -> Arrays:
        """Raises DataError, IndexError."""
        if not 0 <= index < self.batches:
            raise IndexError(index)
        return self._ahead.get((epoch, index))

    def rest(self) -> None:
        self._ahead.rest()
        self._feed.rest()

    def close(self) -> None:
        self._ahead.close()
        self._feed.close()

    def _following(self, key: tuple[int, int]) -> tuple[int, int]:
        epoch, index = key
        return (epoch, index + 1) if index + 1 < self.batches else (epoch + 1, 0)

    def _load(self, key: tuple[int, int]) -> Arrays:
        return self._change(self._feed.batch(*key), *key)


def _let_go(_arrays: Arrays) -> None:
    return  # the collector takes them
