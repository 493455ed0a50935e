"""Which losses take the number of a class as the truth, not a place for each class."""

from typing import Final

_LOSSES: Final = {"sparsecategoricalcrossentropy", "categoricalgeneralizedcrossentropy"}


def takes_class_numbers(loss: str) -> bool:
    """`loss` is a class name, or its snake_case identifier."""
    return loss.replace("_", "").lower() in _LOSSES
