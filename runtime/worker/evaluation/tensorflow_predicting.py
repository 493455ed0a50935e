"""What `Model.predict` does with arrays in memory, without the pipeline of tf.data that it builds anew each time.

For small models that pipeline costs more than the model. The function that is called is the one Keras predicts with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from keras.src import backend, tree
from keras.src.backend.tensorflow.trainer import convert_to_np_if_not_ragged, potentially_ragged_concat


def predict_arrays(model: Any, inputs: Any, batch_size: int, got: Callable[[int], None]) -> Any:
    """What `model.predict(inputs, batch_size=batch_size)` returns; `got` hears how many samples are predicted."""
    inputs = tree.map_structure(_as_keras_takes_it, inputs)
    count = len(tree.flatten(inputs)[0])
    model.make_predict_function()
    _trace_once(model, inputs)
    outputs: list[Any] = []
    for first in range(0, count, batch_size):
        batch = tree.map_structure(lambda x, at=first: tf.convert_to_tensor(x[at : at + batch_size]), inputs)
        outputs.append(model.predict_function([(batch,)]))
        got(min(first + batch_size, count))
    return tree.map_structure_up_to(outputs[0], lambda *parts: _joined(list(parts)), *outputs)


def _as_keras_takes_it(array: Any) -> Any:
    """Numbers with fractions in the precision that Keras computes with, as its own adapter of arrays has them."""
    if isinstance(array, np.ndarray) and backend.is_float_dtype(array.dtype):
        return array.astype(backend.floatx(), copy=False)
    return array


def _trace_once(model: Any, inputs: Any) -> None:
    """For any number of samples: the rest, which fills no batch, would have the model traced a second time."""
    trace = getattr(model.predict_function, "get_concrete_function", None)  # a model that runs eagerly has none
    ends = getattr(model, "inputs", None)
    if trace is None or not ends or any(tensor.shape[0] is not None for tensor in ends):
        return
    trace([(tree.map_structure(lambda x: tf.TensorSpec((None, *x.shape[1:]), tf.as_dtype(x.dtype)), inputs),)])


def _joined(parts: list[Any]) -> Any:
    if all(isinstance(part, tf.Tensor) for part in parts):
        return np.concatenate([part.numpy() for part in parts])
    return convert_to_np_if_not_ragged(potentially_ragged_concat(parts))
