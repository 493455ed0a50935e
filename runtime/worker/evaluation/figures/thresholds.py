"""What a threshold does: counts at each, so that a slider moves the matrix at once."""

from __future__ import annotations

import numpy as np

from resources.text import Text
from runtime.messages.views import Figure, Thresholds
from runtime.worker.evaluation.measuring.making import floats, make
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("binary", "labels")
ORDER = 35
STEPS = 101


def figure(results: Results) -> Figure:
    thresholds = np.linspace(0.0, 1.0, STEPS)
    numbers = [1] if results.kind == "binary" else list(range(results.scores.shape[-1]))
    counts = []
    for number in numbers:
        truth = results.true_labels[:, number] if results.kind == "labels" else results.true_classes == number
        counts.append(_counts(truth, results.scores[:, number], thresholds))
    names = tuple(results.named(number) for number in numbers)
    hint = Text("A score at or above the threshold says yes. Move it to trade precision for recall.")
    return make("thresholds", results, Text("Threshold"), Thresholds(names, floats(thresholds), tuple(counts)), hint)


def _counts(truth: np.ndarray, score: np.ndarray, thresholds: np.ndarray) -> tuple[tuple[int, int, int, int], ...]:
    yes, no = np.sort(score[truth]), np.sort(score[~truth])
    below_yes, below_no = (np.searchsorted(one, thresholds, side="left") for one in (yes, no))
    return tuple(
        (len(yes) - int(missed), len(no) - int(right), int(missed), int(right))
        for missed, right in zip(below_yes, below_no, strict=True)
    )
