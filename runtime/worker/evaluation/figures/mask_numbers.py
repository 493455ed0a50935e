"""Outlines in numbers, by scikit-learn."""

from __future__ import annotations

import numpy as np

from resources.text import Text
from runtime.messages.views import Figure, Numbers
from runtime.worker.evaluation.measuring.making import make, number
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("mask",)
ORDER = 10


def figure(results: Results) -> Figure:
    from sklearn.metrics import f1_score, jaccard_score

    truth, predicted = results.true_classes.ravel(), results.predicted_classes.ravel()
    labels = np.union1d(np.unique(truth), np.unique(predicted))
    found = (
        number("pixel_accuracy", Text("Pixels right"), float((truth == predicted).mean()), share=True),
        number("mean_iou", Text("IoU, mean of classes"),
               jaccard_score(truth, predicted, labels=labels, average="macro", zero_division=0), share=True),
        number("mean_dice", Text("Dice, mean of classes"),
               f1_score(truth, predicted, labels=labels, average="macro", zero_division=0), share=True),
    )  # fmt: skip
    return make("mask_numbers", results, Text("In numbers"), Numbers(found))
