"""The confusion matrix, by scikit-learn; of many classes the most confused ones."""

from __future__ import annotations

from typing import Final

import numpy as np

from resources.text import Text
from runtime.messages.views import Figure, Label, Matrix
from runtime.worker.evaluation.measuring.making import make
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("classes", "binary")
ORDER = 30
MOST: Final = 60  # classes that stay readable; of more, those with the most mistakes


def figure(results: Results) -> Figure:
    from sklearn.metrics import confusion_matrix

    truth, predicted = results.true_classes, results.predicted_classes
    labels = np.union1d(truth, predicted) if len(results.classes) > MOST else np.arange(results.scores.shape[-1])
    labels = np.union1d(labels, np.union1d(truth, predicted))
    counts = confusion_matrix(truth, predicted, labels=labels)
    hint = Text("A row is a true class, a column what the model took its samples for. A cell opens its samples.")
    view = _matrix(results, counts, labels) if len(labels) <= MOST else _folded(results, counts, labels)
    return make("confusion", results, Text("Confusion matrix"), view, hint)


def _matrix(results: Results, counts: np.ndarray, labels: np.ndarray) -> Matrix:
    names = tuple(results.named(int(label)) for label in labels)
    return Matrix(names, tuple(tuple(row) for row in counts.tolist()), tuple(labels.tolist()))


def _folded(results: Results, counts: np.ndarray, labels: np.ndarray) -> Matrix:
    """The classes with the most mistakes, and all others as one."""
    mistakes = counts.sum(axis=0) + counts.sum(axis=1) - 2 * np.diag(counts)
    kept = np.sort(np.argsort(-mistakes, kind="stable")[: MOST - 1])
    rest = np.setdiff1d(np.arange(len(labels)), kept)
    order = np.concatenate([kept, rest])
    moved = counts[np.ix_(order, order)]
    ends = np.arange(len(kept) + 1)
    folded = np.add.reduceat(np.add.reduceat(moved, ends, axis=0), ends, axis=1)
    text = Text.of("{count} other classes", count=len(rest))
    names = (*(results.named(int(labels[i])) for i in kept), str(text))
    places = (*(int(labels[i]) for i in kept), -1)
    return Matrix(names, tuple(tuple(row) for row in folded.tolist()), places, Label(text=text))
