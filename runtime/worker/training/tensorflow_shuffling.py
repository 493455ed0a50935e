"""Samples in memory that TensorFlow trains on in another order in each epoch, the same in every run of one seed."""

import functools
from typing import Any

import keras
import tensorflow as tf
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter
from keras.src.trainers.data_adapters.array_slicing import convert_to_sliceable

from runtime.worker.data.feed.order import epoch_order


class ShuffledArrays(ArrayDataAdapter):
    """What `fit` takes as `x` instead of arrays.

    Keras shuffles inside a `tf.data` function. With a seed set, that begins anew with each pass over the data, so
    every epoch has the order of the first one. Here an order follows from the seed and the number of the epoch alone.
    """

    def __init__(self, x: Any, y: Any, batch_size: int, seed: int) -> None:
        super().__init__(x, y, batch_size=batch_size, shuffle=True)
        self._seed = seed
        self._epoch = 0

    def on_epoch_end(self) -> None:
        self._epoch += 1

    def get_tf_dataset(self) -> Any:
        """Batches as Keras' adapter gives them: whole ones are cut at once, which is what makes it fast."""
        inputs = keras.tree.lists_to_tuples(convert_to_sliceable(self._inputs, target_backend="tensorflow"))
        whole = self._num_samples // self._batch_size

        def batches(_: Any) -> Any:
            order = tf.numpy_function(self._order, (), tf.int64)
            order.set_shape((self._num_samples,))
            first, rest = order[: whole * self._batch_size], order[whole * self._batch_size :]
            dataset = tf.data.Dataset.from_tensor_slices(tf.reshape(first, (whole, self._batch_size)))
            return dataset.concatenate(tf.data.Dataset.from_tensors(rest)) if self._partial_batch_size else dataset

        rows = tf.data.Dataset.range(1).flat_map(batches)
        dataset = tf.data.Dataset.zip((rows, tf.data.Dataset.from_tensors(inputs).repeat()))
        dataset = dataset.map(_taken, num_parallel_calls=tf.data.AUTOTUNE)
        options = tf.data.Options()
        options.experimental_optimization.apply_default_optimizations = False
        options.experimental_external_state_policy = tf.data.experimental.ExternalStatePolicy.IGNORE
        options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.DATA
        return dataset.with_options(options).prefetch(tf.data.AUTOTUNE)

    def _order(self) -> Any:
        return epoch_order(self._num_samples, self._seed, self._epoch)


def _taken(rows: Any, inputs: Any) -> Any:
    return keras.tree.map_structure(functools.partial(tf.gather, indices=rows, axis=0), inputs)
