"""Data that does not fit into memory, read block by block while it trains."""

import math
import threading
from typing import Any, Final

import keras

from runtime.worker.data.fitting import Fit
from runtime.worker.data.source import Array, DataError, Source
from runtime.worker.data.tensorflow_words import with_words
from runtime.worker.training.compiling import packed
from runtime.worker.training.shuffling import epoch_order

BLOCK_BYTES: Final = 64 * 2**20

Json = Any


class StreamedData(keras.utils.PyDataset):
    """Batches of samples `first` to `last`. Shuffled in blocks: the order of blocks, and the samples inside each.

    Orders follow from the seed, the epoch and the block alone, and batches may be asked for by several threads: Keras
    looks at a few before training, and TensorFlow fetches ahead.

    `error` is what went wrong while reading; a backend may tell it in words of its own.
    """

    def __init__(
        self,
        source: Source,
        fits: dict[str, Fit],
        nests: tuple[Json, Json],
        rows: tuple[int, int],
        batch_size: int,
        seed: int | None,
        *,
        block_bytes: int = BLOCK_BYTES,
    ) -> None:
        """`nests` are inputs and outputs as `runtime.spec.interface` has them. Without a `seed` nothing is shuffled."""
        super().__init__()
        self._source = source
        self._fits = fits
        self._nests = nests
        self._first, self._last = rows
        self._batch_size = batch_size
        sample_bytes = sum(fitted.sample_bytes for fitted in fits.values())
        self._batches_a_block = max(1, block_bytes // max(1, sample_bytes * batch_size))
        self._seed = seed
        self._epoch = 0
        self._lock = threading.Lock()
        self._block = -1
        self._arrays: dict[str, Array] = {}
        self.error: DataError | None = None
        self._order = self._new_order()

    @property
    def num_batches(self) -> int:
        return math.ceil((self._last - self._first) / self._batch_size)

    def __len__(self) -> int:
        return self.num_batches

    def on_epoch_end(self) -> None:
        with self._lock:
            self._epoch += 1
            self._order = self._new_order()
            self._block = -1

    def _new_order(self) -> list[int]:
        """Blocks in the order of this epoch; the last one, which may be shorter, stays last."""
        blocks = math.ceil(self.num_batches / self._batches_a_block)
        order = list(range(blocks))
        if self._seed is not None:
            order = [*epoch_order(blocks - 1, self._seed, self._epoch).tolist(), blocks - 1]
        return order

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        place, within = divmod(index, self._batches_a_block)
        rows = slice(within * self._batch_size, (within + 1) * self._batch_size)
        inputs, outputs = self._nests
        with self._lock:
            block = self._order[place]
            if block != self._block:
                self._load(block)
            arrays = (self._part(inputs, rows), self._part(outputs, rows))
        batch: tuple[Any, Any] = keras.tree.lists_to_tuples(arrays)  # TensorFlow's generators refuse lists
        return batch

    def _part(self, nest: Json, rows: slice) -> Any:
        return packed(nest, lambda name: with_words(self._arrays[name][rows]))

    def _load(self, block: int) -> None:
        size = self._batches_a_block * self._batch_size
        first = self._first + block * size
        rows = slice(first, min(first + size, self._last))
        try:
            self._arrays = {name: self._read(fitted, rows) for name, fitted in self._fits.items()}
        except DataError as error:
            self.error = error
            raise
        if self._seed is not None:
            order = epoch_order(rows.stop - rows.start, self._seed, self._epoch, part=1 + block)
            self._arrays = {name: values[order] for name, values in self._arrays.items()}
        self._block = block

    def _read(self, fitted: Fit, rows: slice) -> Array:
        return fitted.read(self._source, rows, check=True)
