"""What the makers of example models share. Imports Keras."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

_MOVING = ("moving_mean", "moving_variance")


def model(inputs: Any, outputs: Any, name: str) -> Any:
    """A Functional model whose weights are moved by chance: zeros and ones would be found again everywhere."""
    return moved(keras.Model(inputs, outputs, name=name))


def moved(made: Any) -> Any:
    """Weights of adapted layers stay: Keras computes with what they came to when they were adapted."""
    generator = np.random.default_rng(3)
    moving = [weight for weight in made.non_trainable_weights if weight.name in _MOVING]
    for weight in [*made.trainable_weights, *moving]:
        if "float" in weight.dtype:
            weight.assign_add(generator.uniform(0.01, 0.1, size=weight.shape))
    return made
