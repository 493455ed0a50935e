"""Precision, recall and F1 of each class, by scikit-learn."""

from __future__ import annotations

import numpy as np

from resources.text import Text
from runtime.messages.views import Figure, Label, Table
from runtime.worker.evaluation.measuring.making import make
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("classes", "binary")
ORDER = 20


def figure(results: Results) -> Figure:
    from sklearn.metrics import precision_recall_fscore_support as scores

    truth, predicted = results.true_classes, results.predicted_classes
    labels = np.union1d(truth, predicted)
    precision, recall, f1, support = scores(truth, predicted, labels=labels, zero_division=0)
    taken = [int((predicted == label).sum()) for label in labels]
    rows = tuple(
        (
            results.named(int(label)),
            float(precision[i]) if taken[i] else None,
            float(recall[i]) if support[i] else None,
            float(f1[i]),
            int(support[i]),
            taken[i],
        )
        for i, label in enumerate(labels)
    )
    columns = (
        Label(text=Text("Class")),
        Label(text=Text("Precision")),
        Label(text=Text("Recall")),
        Label(text=Text("F1")),
        Label(text=Text("Samples")),
        Label(text=Text("Predicted")),
    )
    hint = Text(
        "Precision: of what was taken for the class, the share that is of it. Recall: of the class, the share found."
    )
    return make("per_class", results, Text("By class"), Table(columns, rows, (1, 2, 3)), hint)
