"""Pictures that a script changes at random while it trains, by layers of Keras: what they draw is their own."""

from typing import Final

CLASS: Final = "AugmentedSamples"
OF_WORDS: Final = "AugmentedWords"
REMARK: Final = "Pictures change at random while they train; what is drawn differs from what Lamella draws."
CHANGED_HELPER: Final = '''def changed_pictures(pictures, change, *how):
    """What `change` makes of pictures: as float32, with an axis of channels. Their type and shape stay."""
    wide = np.asarray(pictures, "float32")
    wide = wide[..., None] if wide.ndim == 3 else wide
    made = keras.ops.convert_to_numpy(change(keras.ops.convert_to_tensor(wide), *how))
    if made.shape != wide.shape:
        raise ValueError(f"pictures of {wide.shape[1:]} would become {made.shape[1:]}")
    if pictures.dtype.kind in "iu":
        limits = np.iinfo(pictures.dtype)
        made = np.clip(np.rint(made), limits.min, limits.max)
    return made.reshape(pictures.shape).astype(pictures.dtype)
'''
BOXES_HELPER: Final = '''def moved_boxes(boxes, layer, transformation):
    """Where boxes are behind a layer; all zeros are no box, and become of one that has left the picture."""
    several = boxes.reshape(len(boxes), -1, 4).astype("float32")
    told = {"boxes": keras.ops.convert_to_tensor(several), "labels": keras.ops.zeros(several.shape[:2])}
    moved = layer.transform_bounding_boxes(told, transformation, training=True)["boxes"]
    found = np.where((several != 0).any(axis=-1, keepdims=True), keras.ops.convert_to_numpy(moved), several)
    return found.reshape(boxes.shape).astype(boxes.dtype)
'''
AUGMENTED_HELPER: Final = '''def augmented(layer, x, y, pictures, masks=None, boxes=None, moves=False, mixes=False):
    """A batch behind a layer that changes the inputs which `pictures` says, nested as x is.

    Pictures of the same size in y follow a layer that moves: whole numbers among them, and what
    `masks` says, nested as y is, are classes. So do `boxes`. A layer that mixes samples mixes y.
    """
    inputs, outputs = keras.tree.flatten(x), keras.tree.flatten(y)
    are_classes = [False] * len(outputs) if masks is None else keras.tree.flatten(masks)
    are_boxes = [False] * len(outputs) if boxes is None else keras.tree.flatten(boxes)
    drawn = {}
    for place, is_picture in enumerate(keras.tree.flatten(pictures)):
        if is_picture:
            array = inputs[place]
            if array.shape[1:3] not in drawn:
                images = keras.ops.convert_to_tensor(array.reshape(*array.shape[:3], -1), "float32")
                drawn[array.shape[1:3]] = layer.get_random_transformation(images, training=True)
            inputs[place] = changed_pictures(array, layer.transform_images, drawn[array.shape[1:3]])
    for place, array in enumerate(outputs):
        first = next(iter(drawn.values()))
        if mixes:
            labels = keras.ops.convert_to_tensor(array, "float32")
            labels = layer.transform_labels(labels, first, training=True)
            outputs[place] = keras.ops.convert_to_numpy(labels).astype(array.dtype)
        elif moves and are_boxes[place] and array.shape[-1] == 4:
            outputs[place] = moved_boxes(array, layer, first)
        elif moves and array.ndim > 2 and array.shape[1:3] in drawn:
            is_mask = array.dtype.kind in "iu" or are_classes[place]
            change = layer.transform_segmentation_masks if is_mask else layer.transform_images
            outputs[place] = changed_pictures(array, change, drawn[array.shape[1:3]])
    return keras.tree.pack_sequence_as(x, inputs), keras.tree.pack_sequence_as(y, outputs)
'''
ONE_BY_ONE_HELPER: Final = '''def augmented_one_by_one(layer, x, y, **how):
    """The same for a layer that is to draw anew for each sample."""
    rows = [slice(row, row + 1) for row in range(len(keras.tree.flatten(x)[0]))]
    made = [augmented(layer, *keras.tree.map_structure(lambda a, row=row: a[row], (x, y)), **how) for row in rows]
    return keras.tree.map_structure(lambda *samples: np.concatenate(samples), *made)
'''
HELPER: Final = '''class AugmentedSamples(ShuffledSamples):
    """The same with pictures that layers of Keras change. What validates stays as it is."""

    def __init__(self, x, y, batch_size, seed=None, validation_split=0.0, shuffle=True):
        self.augmentation, self.shuffle = [], shuffle
        seed = int(np.random.default_rng().integers(2**32)) if seed is None else seed
        super().__init__(x, y, batch_size, seed, validation_split)

    def augment(self, layer, by=augmented, **how):
        """Let a layer change what is trained with: `how` is what `augmented` is told."""
        self.augmentation.append((by, layer, how))

    def on_epoch_end(self):
        super().on_epoch_end()
        self.order = self.order if self.shuffle else np.arange(self.samples)

    def __getitem__(self, batch):
        x, y = super().__getitem__(batch)
        for by, layer, how in self.augmentation:
            x, y = by(layer, x, y, **how)
        return x, y
'''
WORDS_HELPER: Final = '''class AugmentedWords(AugmentedSamples):
    """The same where other inputs are words."""

    def rows(self, chosen):
        return as_tensors(super().rows(chosen))
'''
# What a script that augments calls its own.
NAMES: Final = ("changed_pictures", "augmented", "augmented_one_by_one", "moved_boxes", CLASS, OF_WORDS)
