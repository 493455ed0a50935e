"""The states that a stateful RNN carries from batch to batch, while only shapes are asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
from keras.src import backend, tree
from keras.src.utils import tracking

_RNN: Any = keras.layers.RNN


@contextmanager
def states_without_values() -> Iterator[None]:
    """Let Keras make states as it makes weights: by their shape, which is all that a stateless scope allows."""
    made_by_keras = _RNN._create_state_variables
    _RNN._create_state_variables = _create_state_variables
    try:
        yield
    finally:
        _RNN._create_state_variables = made_by_keras


@tracking.no_automatic_dependency_tracking  # type: ignore[untyped-decorator]
def _create_state_variables(layer: Any, batch_size: int) -> None:
    def variable(value: Any) -> Any:
        shape = tuple(value.shape)
        return backend.Variable("zeros", shape, layer.variable_dtype, trainable=False, name="rnn_state")

    layer.states = tree.map_structure(variable, layer.get_initial_state(batch_size))
