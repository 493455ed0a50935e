"""Outlines: how far the pixels of each class overlap with the true ones, by scikit-learn."""

from __future__ import annotations

import numpy as np

from resources.text import Text
from runtime.messages.views import Figure, Label, Table
from runtime.worker.evaluation.measuring.making import make
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("mask",)
ORDER = 20


def figure(results: Results) -> Figure:
    from sklearn.metrics import f1_score, jaccard_score

    truth, predicted = results.true_classes.ravel(), results.predicted_classes.ravel()
    labels = np.union1d(np.unique(truth), np.unique(predicted))
    iou = jaccard_score(truth, predicted, labels=labels, average=None, zero_division=0)
    dice = f1_score(truth, predicted, labels=labels, average=None, zero_division=0)
    rows = tuple(
        (results.named(int(label)), float(iou[i]), float(dice[i]), int((truth == label).sum()))
        for i, label in enumerate(labels)
    )
    columns = (
        Label(text=Text("Class")),
        Label(text=Text("IoU")),
        Label(text=Text("Dice")),
        Label(text=Text("Pixels")),
    )
    hint = Text("IoU: the pixels that both say, of those that one of them says. Dice counts the common ones twice.")
    return make("overlap", results, Text("Overlap by class"), Table(columns, rows, (1, 2)), hint)
