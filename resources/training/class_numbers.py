"""Which losses take the number of a class as the truth, and which a number from 0 to 1."""

from collections.abc import Mapping
from typing import Final

# Class names in lower case, and further short names.
CLASS_NUMBER_LOSSES: Final = frozenset({"sparsecategoricalcrossentropy", "categoricalgeneralizedcrossentropy"})
PROBABILITY_LOSSES: Final = frozenset({"binarycrossentropy", "bce", "binaryfocalcrossentropy"})
# Of metrics of class numbers, those of a place for each class.
ONE_HOT_METRICS: Final[Mapping[str, str]] = {
    "SparseCategoricalAccuracy": "CategoricalAccuracy",
    "SparseTopKCategoricalAccuracy": "TopKCategoricalAccuracy",
    "SparseCategoricalCrossentropy": "CategoricalCrossentropy",
}


def takes_class_numbers(loss: str) -> bool:
    """`loss` is a class name, or its snake_case identifier: a place for each class is what others want."""
    return _key(loss) in CLASS_NUMBER_LOSSES


def takes_probabilities(loss: str) -> bool:
    """`loss` is a class name, or its snake_case identifier."""
    return _key(loss) in PROBABILITY_LOSSES


def one_hot_metric(metric: str) -> str:
    """The metric that says the same of a place for each class; itself where it takes both."""
    return next((other for sparse, other in ONE_HOT_METRICS.items() if _key(sparse) == _key(metric)), metric)


def _key(loss: str) -> str:
    return loss.replace("_", "").lower()
