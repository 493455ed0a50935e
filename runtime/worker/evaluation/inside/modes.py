"""As in training, or as in use: what that changes, without changing the model.

Dropout drops, BatchNormalization takes the statistics of the batch; what they would note (new means, the next random
numbers, states of an RNN) is thrown away.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

_SEED_STATE = "seed_generator_state"
_PRIME = 2_654_435_761  # Knuth's multiplier: neighbouring seeds give states far apart


def seed_variables(model: Any) -> list[Any]:
    """The states of all random generators of a model, in Keras' order."""
    return [variable for variable in model.variables if variable.name == _SEED_STATE]


def seeds_of(variables: Sequence[Any], seed: int) -> list[NDArray[Any]]:
    """The state that each generator has at the beginning, by one seed for all. They differ from each other."""
    return [
        np.array([((seed + 1) * _PRIME + place * 97) % (2**31 - 1), 0], dtype=str(variable.dtype))
        for place, variable in enumerate(variables)
    ]


@contextmanager
def unchanged(variables: Sequence[Any] = (), states: Sequence[Any] = ()) -> Iterator[None]:
    """While this lasts, nothing that layers assign to variables changes the model."""
    with keras.StatelessScope(state_mapping=list(zip(variables, states, strict=True))):
        yield


def needs_batch(model: Any) -> bool:
    """Whether what comes out for a sample in training depends on the samples beside it."""
    return any(isinstance(layer, keras.layers.BatchNormalization) for layer in model._flatten_layers())
