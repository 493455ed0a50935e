"""Words as inputs of the dtype "string" take them: tensors of TensorFlow, which layers that look words up need."""

from typing import Any


def with_words(values: Any) -> Any:
    """`values` as they are, or as a tensor if they are words: Keras takes no array of words of more than one axis."""
    if values.dtype != object:
        return values
    import tensorflow as tf

    return tf.convert_to_tensor(values, dtype=tf.string)
