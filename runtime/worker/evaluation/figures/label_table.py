"""Several labels at once: precision, recall and F1 of each at 0.5, by scikit-learn."""

from __future__ import annotations

from resources.text import Text
from runtime.messages.views import Figure, Label, Table
from runtime.worker.evaluation.measuring.making import make
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("labels",)
ORDER = 20


def figure(results: Results) -> Figure:
    from sklearn.metrics import precision_recall_fscore_support as scores

    truth, predicted = results.true_labels, results.scores >= 0.5
    precision, recall, f1, support = scores(truth, predicted, average=None, zero_division=0)
    rows = tuple(
        (
            results.named(number),
            float(precision[number]) if predicted[:, number].any() else None,
            float(recall[number]) if support[number] else None,
            float(f1[number]),
            float((truth[:, number] == predicted[:, number]).mean()),
            int(support[number]),
        )
        for number in range(truth.shape[1])
    )
    columns = (
        Label(text=Text("Label")),
        Label(text=Text("Precision")),
        Label(text=Text("Recall")),
        Label(text=Text("F1")),
        Label(text=Text("Accuracy")),
        Label(text=Text("Samples")),
    )
    return make("label_table", results, Text("By label"), Table(columns, rows, (1, 2, 3, 4)))
