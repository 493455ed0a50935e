"""Keras' own preprocessing layers, run eagerly on the CPU: for steps that are no arithmetic.

Keras is imported when one of them is used, not before.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from resources.text import Text
from runtime.lazy import LazyModule
from runtime.step_samples import Array, Layer, State, StepError

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")


def by_keras(layer: Layer, values: Array) -> Array:
    """What the layer makes of a batch. Words are objects. Raises StepError with Keras' own words."""
    import tensorflow as tf
    from keras import ops

    built = _built(msgspec.json.encode(layer))
    with tf.device("CPU:0"):
        found: Array = ops.convert_to_numpy(built(tensor(values)))
    return found


def learnt_words(layer: Layer, blocks: Iterable[Array]) -> State:
    """The vocabulary that a TextVectorization learns, without its places for missing and unknown words."""
    import tensorflow as tf

    made = _made(layer)
    lookup = made._lookup_layer
    with tf.device("CPU:0"):
        made.reset_state()
        for block in blocks:
            if len(block):
                made.update_state(tensor(block))
        words, found = (part.numpy() for part in lookup.token_counts.export())
        if not len(words):
            return {"vocabulary": [], "counts": []}
        made.finalize_state()
    counts = dict(zip((_text(word) for word in words), found.tolist(), strict=True))
    vocabulary = [str(word) for word in made.get_vocabulary(include_special_tokens=False)]  # plain, not of NumPy
    state: State = {"vocabulary": vocabulary, "counts": [counts.get(word, 0) for word in vocabulary]}
    state["distinct"] = len(counts) - ("" in counts)
    if lookup.output_mode == "tf_idf":
        weights = lookup.idf_weights_const.numpy()[-len(vocabulary) :] if vocabulary else np.empty(0)
        state["idf_weights"] = [float(weight) for weight in weights]
    return state


def _text(word: Any) -> str:
    return word.decode("utf-8", "replace") if isinstance(word, bytes) else str(word)


def tensor(values: Array) -> Any:
    import tensorflow as tf

    return tf.convert_to_tensor(values, dtype=tf.string) if values.dtype == object else tf.convert_to_tensor(values)


@lru_cache(maxsize=8)  # with a vocabulary of a million words making one takes seconds
def _built(encoded: bytes) -> Any:
    return _made(msgspec.json.decode(encoded))


def _made(layer: Layer) -> Any:
    """Raises StepError."""
    import keras

    try:
        return getattr(keras.layers, layer["class_name"])(**layer["config"])
    except (TypeError, ValueError) as error:
        text = Text.of("{step} does not take these settings: {reason}", step=layer["class_name"], reason=str(error))
        raise StepError(text) from error
