"""Which labels come together: in truth, beside what was predicted."""

from __future__ import annotations

import numpy as np

from resources.text import Text
from runtime.messages.views import Figure, Heat
from runtime.worker.evaluation.measuring.making import make
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("labels",)
ORDER = 70
MOST = 40


def figure(results: Results) -> Figure:
    """Row i, column j: of the samples that have label i, the share for which label j was predicted."""
    truth, predicted = results.true_labels.astype(np.float64), (results.scores >= 0.5).astype(np.float64)
    kept = np.sort(np.argsort(-truth.sum(axis=0), kind="stable")[:MOST])
    together = truth[:, kept].T @ predicted[:, kept] / np.maximum(truth[:, kept].sum(axis=0), 1.0)[:, None]
    names = tuple(results.named(int(number)) for number in kept)
    hint = Text("A row is a label that holds; its columns say how often each label was predicted for these samples.")
    view = Heat(tuple(tuple(row) for row in together.tolist()), names, names)
    return make("co_occurrence", results, Text("Labels together"), view, hint)
