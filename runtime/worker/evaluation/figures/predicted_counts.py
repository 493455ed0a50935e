"""How many samples were taken for each class, where nobody knows the truth."""

from __future__ import annotations

import numpy as np

from resources.text import Text
from runtime.messages.views import Bars, Figure, Label
from runtime.worker.evaluation.measuring.making import floats, make
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("classes", "binary")
ORDER = 15
NEEDS_TRUTH = False
MOST = 60


def figure(results: Results) -> Figure:
    counts = np.bincount(results.predicted_classes, minlength=results.scores.shape[-1])
    order = np.sort(np.argsort(-counts, kind="stable")[:MOST])
    view = Bars(
        Label(text=Text("Class")), Label(text=Text("Samples")), floats(counts[order]),
        tuple(results.named(int(number)) for number in order),
    )  # fmt: skip
    return make("predicted_counts", results, Text("What was predicted"), view)
