"""Which losses take the number of a class as the truth, and which a number from 0 to 1."""

from typing import Final

_CLASS_LOSSES: Final = {"sparsecategoricalcrossentropy", "categoricalgeneralizedcrossentropy"}
_PROBABILITY_LOSSES: Final = {"binarycrossentropy", "bce", "binaryfocalcrossentropy"}


def takes_class_numbers(loss: str) -> bool:
    """`loss` is a class name, or its snake_case identifier: a place for each class is what others want."""
    return _key(loss) in _CLASS_LOSSES


def takes_probabilities(loss: str) -> bool:
    """`loss` is a class name, or its snake_case identifier."""
    return _key(loss) in _PROBABILITY_LOSSES


def _key(loss: str) -> str:
    return loss.replace("_", "").lower()
