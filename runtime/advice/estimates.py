"""The memory that training a model will take, before it is trained.

    weights        bytes of all weights, as `model.summary()` adds them up
    gradients      4 bytes for each trainable value
    optimizer      4 bytes for each value that the optimizer keeps: see `_KEPT`, which are the variables that the
                   optimizers of Keras make in `build` (keras/src/optimizers/*.py)
    activations    bytes of all layers' outputs for one sample, times the batch size: what the backward pass needs

What the backend itself takes, and what single operations need while they run, is not in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from runtime.messages.inference import CallResult

_FLOAT: Final = 4  # gradients and what optimizers keep are float32
# How many values an optimizer keeps for each trainable one.
_KEPT: Final[Mapping[str, int]] = {
    "adam": 2,
    "adamw": 2,
    "adamax": 2,
    "nadam": 2,
    "adadelta": 2,
    "ftrl": 2,
    "lamb": 2,
    "adagrad": 1,
    "lion": 1,
    "rmsprop": 1,
    "sgd": 0,
    "muon": 1,
    "adafactor": 1,
    "schedulefreeadamw": 2,
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """Bytes, and floating point operations of one forward pass of one sample.

    `partial`: some calls are not counted in activations and operations, as something is wrong with them, their sizes
    are not known before there is data, or nothing is known of how they work.
    """

    weights: int = 0
    gradients: int = 0
    optimizer: int = 0
    activations: int = 0
    flops: int = 0
    partial: bool = False

    @property
    def memory(self) -> int:
        """All of it."""
        return self.weights + self.gradients + self.optimizer + self.activations


def estimate(results: Iterable[CallResult], batch_size: int, optimizer: Any = None) -> Estimate:
    """Of the calls of one graph, nested models as a whole; `optimizer` is {"class_name", "config"}."""
    every = list(results)
    known = [result for result in every if result.outputs]
    trainable = sum(result.trainable for result in known)
    weights = sum(result.weight_bytes for result in known)
    return Estimate(
        weights,
        _FLOAT * trainable,
        _FLOAT * trainable * kept_values(optimizer),
        batch_size * sum(result.activation_bytes or 0 for result in known),
        sum(result.flops or 0 for result in known),
        any(result.activation_bytes is None or result.flops is None for result in every),
    )


def kept_values(optimizer: Any) -> int:
    """The number of values that the optimizer keeps for each trainable one; that of Adam when it is not known."""
    named = isinstance(optimizer, Mapping)
    name = str(optimizer.get("class_name", "adam") if named else optimizer or "adam")
    given = optimizer.get("config") if named else None
    config: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    count = _KEPT.get(name.rpartition(">")[2].lower(), 2)
    extra = {
        "sgd": bool(config.get("momentum")),
        "rmsprop": bool(config.get("momentum")) + bool(config.get("centered")),
        "adam": bool(config.get("amsgrad")),
        "adamw": bool(config.get("amsgrad")),
    }.get(name.lower(), 0)
    return count + extra + bool(config.get("use_ema")) + bool(config.get("gradient_accumulation_steps"))
