"""Samples that a script reads batch by batch while it trains, where memory may not hold them.

The orders follow from the seed alone, as those of Lamella's trainer do.
"""

from typing import Final

CLASS: Final = "BatchedSamples"
AUGMENTED: Final = "AugmentedBatches"
BATCH_OF: Final = "batch_of"
PREPARE_BATCH: Final = "prepare_batch"
IN_BATCHES: Final = "in_batches"
LEARN: Final = "learn"
LEARN_IN_BLOCKS: Final = "learn_in_blocks"
LAYERS: Final = "layers"
HELPER: Final = '''class BatchedSamples(keras.utils.PyDataset):
    """Batches that are read while the model trains: what `batch_of` makes of all columns at some rows.

    They are shuffled in blocks of `block` rows, in another order in each epoch.
    """

    def __init__(self, data, rows, batch_of, batch_size, layers=None, block=1, seed=None, shuffle=True):
        super().__init__()
        self.data, self.batch_of, self.batch_size = data, batch_of, batch_size
        self.given = () if layers is None else (layers,)
        self.rows = np.arange(len(next(iter(data.values()))))[rows]
        self.block, self.shuffle, self.epoch = block, shuffle, -1
        self.seed = int(np.random.default_rng().integers(2**32)) if seed is None else seed
        self.on_epoch_end()

    def on_epoch_end(self):
        self.epoch += 1
        seed = (self.seed, self.epoch, 0)
        self.order = order_in_blocks(self.rows, self.block, seed) if self.shuffle else self.rows

    def __len__(self):
        return -(-len(self.rows) // self.batch_size)  # rounded up

    def __getitem__(self, batch):
        start = batch * self.batch_size
        rows = self.order[start : start + self.batch_size]
        columns = {name: column[rows] for name, column in self.data.items()}
        return keras.tree.lists_to_tuples(self.batch_of(columns, *self.given))
'''
IN_BATCHES_HELPER: Final = '''def in_batches(data, rows, batch_of, batch_size, layers=None):
    """The samples at these rows in their order, batch by batch; None where there are none."""
    return BatchedSamples(data, rows, batch_of, batch_size, layers, shuffle=False) if len(rows) else None
'''
PRINT_TEST_HELPER: Final = '''def print_test(model, test):
    """Print the loss and the metrics of the samples for the test, if there are any."""
    if test is not None:
        print("test:", model.evaluate(test))
'''
AUGMENTED_HELPER: Final = '''class AugmentedBatches(BatchedSamples):
    """The same with pictures that layers of Keras change."""

    def __init__(self, *given, **how):
        super().__init__(*given, **how)
        self.augmentation = []

    def augment(self, layer, by=augmented, **how):
        """Let a layer change what is trained with: `how` is what `augmented` is told."""
        self.augmentation.append((by, layer, how))

    def __getitem__(self, batch):
        x, y = super().__getitem__(batch)
        for by, layer, how in self.augmentation:
            x, y = by(layer, x, y, **how)
        return x, y
'''
LEARN_HELPER: Final = '''def learn_in_blocks(layer, learns, column, training):
    """A layer that has learnt of the samples `training`, which are read once, some at a time."""
    rows, count, total, squares, shift = np.arange(len(column))[training], 0, 0.0, 0.0, None
    for first in range(0, len(rows), 1024):
        block = learns(column[rows[first : first + 1024]], slice(None))
        if not isinstance(layer, keras.layers.Normalization):
            layer.update_state(block)
        elif len(block):
            block = block.astype("float64").reshape(-1, block.shape[-1] if layer.axis else 1)
            shift = block.mean(axis=0) if shift is None else shift  # near the mean, so that squares stay small
            count, total = count + len(block), total + (block - shift).sum(axis=0)
            squares = squares + ((block - shift) ** 2).sum(axis=0)
    if not isinstance(layer, keras.layers.Normalization):
        layer.finalize_state()
        return layer
    mean, variance = shift + total / count, squares / count - (total / count) ** 2
    if not layer.axis:  # one mean for all values
        return keras.layers.Normalization(axis=None, mean=float(mean[0]), variance=float(variance[0]))
    return keras.layers.Normalization(mean=mean, variance=variance)
'''
# What a script that reads batch by batch calls its own.
NAMES: Final = (CLASS, AUGMENTED, BATCH_OF, PREPARE_BATCH, IN_BATCHES, LEARN, LEARN_IN_BLOCKS, LAYERS)
