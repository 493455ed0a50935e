"""Samples that are kept as they are stored: TensorFlow gathers their batches itself once all of them have been read."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf
from keras.src.trainers.data_adapters.py_dataset_adapter import PyDatasetAdapter

from runtime.worker.data.feed.feed import Feed
from runtime.worker.data.source import Array
from runtime.worker.training.feeding import FedData


class KeptBatches(PyDatasetAdapter):
    """What `fit` takes instead of `data`: the same batches in the same order.

    An epoch comes from the feed if samples are missing in memory when it begins. Otherwise no batch goes through
    Python: of small samples that costs more than the batches themselves.
    """

    def __init__(self, data: FedData, feed: Feed) -> None:
        super().__init__(data)
        self._data, self._size, self._layout = data, feed.batch_size, feed.stored()
        self._epoch: list[Array] | None = None  # of the epoch that runs: its order, and all samples of each name

    def get_tf_dataset(self) -> Any:
        kept = tf.data.Dataset.range(1).flat_map(self._kept_batches)
        options = tf.data.Options()
        options.experimental_external_state_policy = tf.data.experimental.ExternalStatePolicy.IGNORE
        options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.DATA
        return super().get_tf_dataset().concatenate(kept).with_options(options).prefetch(tf.data.AUTOTUNE)

    def _get_iterator(self) -> Iterator[Any]:
        """What is asked for first in each epoch, so it is decided here where the batches come from."""
        found = self._data.kept_epoch()
        self._epoch = None if found is None else [found[0], *(found[1][name] for name in self._layout)]
        return super()._get_iterator() if found is None else iter(())

    def _kept_batches(self, _: Any) -> Any:
        """In a graph: the batches of an epoch all of which is kept; none of another one."""
        order, *arrays = tf.numpy_function(
            self._begin, (), [tf.int64, *(tf.as_dtype(stored) for stored, _, _ in self._layout.values())]
        )
        order.set_shape((None,))
        for array, (_, _, shape) in zip(arrays, self._layout.values(), strict=True):
            array.set_shape((None, *shape))
        kept = dict(zip(self._layout, arrays, strict=True))

        def batch(rows: Any) -> Any:
            return self._data.packed(lambda name: tf.cast(tf.gather(kept[name], rows), self._layout[name][1]))

        whole = tf.size(order) // self._size * self._size  # cut at once, which is fast
        batches = tf.data.Dataset.from_tensor_slices(tf.reshape(order[:whole], (-1, self._size)))
        rest = tf.data.Dataset.from_tensors(order[whole:]).filter(lambda rows: tf.size(rows) > 0)
        return batches.concatenate(rest).map(batch, num_parallel_calls=tf.data.AUTOTUNE)

    def _begin(self) -> list[Array]:
        if self._epoch is not None:
            return self._epoch
        return [np.empty(0, np.int64), *(np.empty((0, *shape), kind) for kind, _, shape in self._layout.values())]


def kept_batches(data: FedData) -> Any:
    """`data` itself where nothing of it is kept in memory as it is."""
    return data if data.kept is None else KeptBatches(data, data.kept)
