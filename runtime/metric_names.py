"""What the name of a metric tells."""

from collections.abc import Iterable, Mapping
from typing import Final

_HIGHER: Final = (
    "acc", "auc", "precision", "recall", "f1", "fbeta", "iou", "r2", "cosine_similarity", "true_positives",
    "true_negatives", "sensitivity", "specificity",
)  # fmt: skip


def higher_is_better(name: str) -> bool:
    """For a metric as Keras names it in logs ("val_digit_accuracy"). Losses and errors are better when they are low."""
    plain = name.removeprefix("val_")
    if plain.endswith("loss"):
        return False
    return any(plain.startswith(word) or f"_{word}" in plain for word in _HIGHER)


def best_values(epochs: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """The best value of every metric over all epochs; NaN is never the best."""
    best: dict[str, float] = {}
    for logs in epochs:
        for name, value in logs.items():
            if value == value:  # not NaN
                choose = max if higher_is_better(name) else min
                best[name] = choose(best.get(name, value), value)
    return best


def monitored(monitor: str, has_validation: bool) -> str:
    """The metric to watch instead of `monitor` in a run without validation."""
    return monitor if has_validation else monitor.removeprefix("val_")
