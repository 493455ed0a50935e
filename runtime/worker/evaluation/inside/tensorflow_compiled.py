"""Looking inside as one graph of TensorFlow: what is asked for again costs little more than a forward pass."""

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf


def compiled(run: Callable[[list[Any], list[Any]], Any]) -> Callable[[Sequence[Any], Sequence[Any]], Any]:
    """`run(inputs, seeds)`, traced once for each set of shapes. Python that layers run at each call runs only then."""
    traced = tf.function(run, autograph=False, reduce_retracing=False)

    def call(inputs: Sequence[Any], seeds: Sequence[Any]) -> Any:
        return traced([tf.convert_to_tensor(x) for x in inputs], [tf.convert_to_tensor(x) for x in seeds])

    return call
