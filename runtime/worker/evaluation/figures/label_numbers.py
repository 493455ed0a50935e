"""Several labels at once, in numbers, by scikit-learn."""

from __future__ import annotations

from resources.text import Text
from runtime.messages.views import Figure, Numbers
from runtime.worker.evaluation.measuring.making import make, number
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("labels",)
ORDER = 10


def figure(results: Results) -> Figure:
    from sklearn import metrics

    truth, predicted = results.true_labels, results.scores >= 0.5
    found = (
        number(
            "exact", Text("All labels right"), metrics.accuracy_score(truth, predicted), share=True,
            hint=Text("The share of samples of which every label is right."),
        ),
        number("hamming", Text("Labels wrong"), metrics.hamming_loss(truth, predicted), share=True),
        number("f1_macro", Text("F1, mean of labels"),
               metrics.f1_score(truth, predicted, average="macro", zero_division=0), share=True),
        number("f1_micro", Text("F1 of all labels together"),
               metrics.f1_score(truth, predicted, average="micro", zero_division=0), share=True),
        number("jaccard", Text("Overlap of labels (Jaccard)"),
               metrics.jaccard_score(truth, predicted, average="samples", zero_division=1), share=True),
    )  # fmt: skip
    return make("label_numbers", results, Text("In numbers"), Numbers(found))
