"""The feed as Keras takes it, whatever its backend: a `PyDataset`, asked for batches by their number."""

from collections.abc import Callable
from typing import Any

import keras

from runtime.worker.data.augmenting.feed import Batches
from runtime.worker.data.feed.feed import Feed
from runtime.worker.data.feed.reading import Arrays
from runtime.worker.data.source import Array, DataError
from runtime.worker.data.tensorflow_words import with_words
from runtime.worker.training.compiling import packed

Json = Any


class FedData(keras.utils.PyDataset):
    """Epoch after epoch of a feed. It begins at batch `first_step` of epoch `first_epoch`, to go on with a run.

    `error` is what went wrong while reading; a backend may tell it in words of its own.
    """

    def __init__(self, feed: Batches, nests: tuple[Json, Json], first_epoch: int = 0, first_step: int = 0) -> None:
        """`nests` are inputs and outputs as `runtime.spec.interface` has them; None where no outputs are fed."""
        super().__init__()
        self._feed = feed
        self._nests = nests
        self._epoch, self._first_step = first_epoch, first_step
        self.error: DataError | None = None

    @property
    def num_batches(self) -> int:
        return self._feed.batches - self._first_step

    def __len__(self) -> int:
        return self.num_batches

    def on_epoch_end(self) -> None:
        self._epoch += 1
        self._first_step = 0

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        try:
            arrays = self._feed.batch(self._epoch, self._first_step + index)
        except DataError as error:
            self.error = error
            raise
        return self.packed(lambda name: with_words(arrays[name]))

    def packed(self, make: Callable[[str], Any]) -> tuple[Any, ...]:
        """A batch of what `make` gives for each input and output that is fed."""
        parts = [packed(nest, make) for nest in self._nests if nest is not None]
        batch: tuple[Any, ...] = keras.tree.lists_to_tuples(tuple(parts))  # TensorFlow's generators refuse lists
        return batch

    @property
    def kept(self) -> Feed | None:
        """The feed, if its samples are kept in memory and come from there as they are."""
        return self._feed if isinstance(self._feed, Feed) and self._feed.keeps_in_memory else None

    def kept_epoch(self) -> tuple[Array, Arrays] | None:
        """What is left of the samples of this epoch, as `Feed.kept_epoch` has it."""
        try:
            found = self.kept.kept_epoch(self._epoch) if self.kept is not None else None
        except DataError as error:
            self.error = error
            raise
        if found is None or self.kept is None:
            return None
        rows, arrays = found
        return rows[self._first_step * self.kept.batch_size :], arrays

    def close(self) -> None:
        """Ends the threads of the feed."""
        self._feed.close()


class ValidationData(FedData):
    """It holds nothing while the model trains."""

    def on_epoch_end(self) -> None:
        self._feed.rest()
