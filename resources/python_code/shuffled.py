"""Samples that a script trains on in another order in each epoch, the same orders in every run of one seed.

With a seed, Keras on TensorFlow repeats the order of the first epoch in all. The orders are those of Lamella's trainer.
"""

from typing import Final

CLASS: Final = "ShuffledSamples"
HELPER: Final = '''class ShuffledSamples(keras.utils.PyDataset):
    """Batches in an order that follows from seed and epoch; the last samples validate."""

    def __init__(self, x, y, batch_size, seed, validation_split=0.0):
        super().__init__()
        samples = len(keras.tree.flatten(x)[0])
        self.x, self.y = keras.tree.lists_to_tuples((x, y))  # TensorFlow takes no lists here
        self.batch_size, self.seed = batch_size, seed
        self.samples = int(samples * (1.0 - validation_split))
        self.validation = self.rows(slice(self.samples, None))
        self.epoch = -1
        self.on_epoch_end()

    def on_epoch_end(self):
        # Without this, Keras on TensorFlow repeats one order in all epochs, if there is a seed.
        self.epoch += 1
        self.order = np.random.default_rng((self.seed, self.epoch, 0)).permutation(self.samples)

    def __len__(self):
        return -(-self.samples // self.batch_size)  # rounded up

    def __getitem__(self, batch):
        start = batch * self.batch_size
        return self.rows(self.order[start : start + self.batch_size])

    def rows(self, chosen):
        """Some of the samples, in tuples and dicts as `x` and `y` are."""
        return keras.tree.map_structure(lambda array: array[chosen], (self.x, self.y))
'''
OF_WORDS: Final = "ShuffledWords"
WORDS_IMPORT: Final = "import tensorflow as tf"
AS_TENSORS: Final = "as_tensors"
AS_TENSORS_HELPER: Final = '''def as_tensors(arrays):
    """Words as tensors of TensorFlow, since Keras takes no arrays of them; numbers, and None, as they are."""
    if arrays is None:
        return None
    made = keras.tree.map_structure(lambda x: tf.constant(x, tf.string) if x.dtype == object else x, arrays)
    return keras.tree.lists_to_tuples(made)
'''
WORDS_HELPER: Final = '''class ShuffledWords(ShuffledSamples):
    """The same where samples are words."""

    def rows(self, chosen):
        return as_tensors(super().rows(chosen))
'''
