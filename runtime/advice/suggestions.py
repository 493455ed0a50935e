"""Which loss and metrics go with an output and the column that holds its truth. Pure; suggestions, never rules."""

from collections.abc import Mapping
from typing import Any, Final, Self

import msgspec

from runtime.messages.describing import Column
from runtime.messages.parts import Shape
from runtime.spec import KerasObject

_ACTIVATION_LAYERS: Final = {"Softmax": "softmax", "ReLU": "relu", "LeakyReLU": "leaky_relu"}
_MOST_CLASSES: Final = 1000


class OutputFacts(msgspec.Struct, frozen=True):
    """An output of the model: its shape with the sample axis (empty when it is not known) and its activation."""

    shape: Shape
    activation: str = "linear"

    @classmethod
    def from_layer(cls, class_name: str, config: Mapping[str, Any], shape: Shape) -> Self:
        """Of the layer that makes the output, from its Keras config."""
        activation = config.get("activation") or _ACTIVATION_LAYERS.get(class_name, "linear")
        if isinstance(activation, Mapping):  # an activation with a config of its own
            inner = activation.get("config")
            activation = inner if isinstance(inner, str) else activation.get("class_name", "linear")
        return cls(tuple(shape), str(activation).lower())

    @property
    def units(self) -> int | None:
        return self.shape[-1] if len(self.shape) > 1 else None


def suggest_loss(output: OutputFacts, column: Column | None) -> KerasObject:
    """A loss that fits what the output means and, where it is known, what the column holds."""
    if output.activation == "softmax":
        return KerasObject("CategoricalCrossentropy" if is_one_hot(output, column) else "SparseCategoricalCrossentropy")
    if output.activation == "sigmoid":
        return KerasObject("BinaryCrossentropy" if in_unit_range(column) else "MeanSquaredError")
    if output.activation == "linear" and holds_classes(output, column):
        return KerasObject("SparseCategoricalCrossentropy", {"from_logits": True})
    if output.activation == "linear" and output.units == 1 and holds_yes_or_no(column):
        return KerasObject("BinaryCrossentropy", {"from_logits": True})
    return KerasObject("MeanSquaredError")


def suggest_metrics(output: OutputFacts, column: Column | None) -> tuple[KerasObject, ...]:
    """Metrics for the suggested loss. "accuracy" is Keras' own word for the accuracy that fits the shapes."""
    loss = suggest_loss(output, column)
    if loss.class_name == "BinaryCrossentropy":
        if loss.config.get("from_logits"):
            return (KerasObject("BinaryAccuracy", {"threshold": 0.0}),)
        return (KerasObject("accuracy"), KerasObject("AUC")) if output.units == 1 else (KerasObject("accuracy"),)
    if loss.class_name.endswith("CategoricalCrossentropy"):
        return (KerasObject("accuracy"),)
    return (KerasObject("MeanAbsoluteError"),)


def is_one_hot(output: OutputFacts, column: Column | None) -> bool:
    """Whether each sample has a place for every class."""
    return column is not None and bool(column.shape) and column.shape[-1] == output.units and output.units != 1


def in_unit_range(column: Column | None) -> bool:
    if column is None or column.minimum is None or column.maximum is None:
        return column is None or column.dtype == "bool" or len(column.categories) == 2
    return column.minimum >= 0 and column.maximum <= 1


def holds_yes_or_no(column: Column | None) -> bool:
    return column is not None and (
        column.dtype == "bool" or len(column.categories) == 2 or (column.distinct == 2 and in_unit_range(column))
    )


def holds_classes(output: OutputFacts, column: Column | None) -> bool:
    """Whether the column's whole numbers can be the numbers of the output's units."""
    if column is None or output.units is None or output.units < 2 or column.shape not in ((), (1,)):
        return False
    if column.categories:
        return len(column.categories) <= output.units
    if not column.dtype.startswith(("int", "uint")) or column.minimum is None or column.maximum is None:
        return False
    return column.minimum >= 0 and column.maximum < output.units <= _MOST_CLASSES
