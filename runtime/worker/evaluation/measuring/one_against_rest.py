"""Each class against all others: what curves of classes are drawn of. Free of Keras."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from runtime.worker.evaluation.measuring.results import Array, Results

MOST: Final = 10  # classes; of more, the weakest


def pairs(results: Results) -> Iterator[tuple[str, Array, Array]]:
    """Name, truth (bool) and score of each class, or label, that some samples are of and some are not.

    Scores rise: scikit-learn sorts them for each curve again, which costs next to nothing when they are in order.
    """
    scores = results.scores
    numbers = (1,) if results.kind == "binary" else range(scores.shape[-1])
    for number in numbers:
        truth = results.true_labels[:, number] if results.kind == "labels" else results.true_classes == number
        if truth.any() and not truth.all():
            order = np.argsort(scores[:, number], kind="stable")
            yield results.named(number), truth[order], scores[order, number]


def chosen(results: Results, rate: Callable[[Array, Array], float]) -> list[tuple[str, Array, Array]]:
    """The pairs, the weakest first where there are too many to be drawn."""
    found = list(pairs(results))
    if len(found) <= MOST:
        return found
    rates = [rate(truth, score) for _, truth, score in found]
    return [found[place] for place in np.argsort(rates, kind="stable")[:MOST]]
