"""Accuracy and what else is one number for classes, by scikit-learn."""

from __future__ import annotations

import numpy as np

from resources.text import Text
from runtime.messages.views import Figure, Number, Numbers
from runtime.worker.evaluation.measuring.making import make, number
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("classes", "binary")
ORDER = 10


def figure(results: Results) -> Figure:
    from sklearn import metrics

    truth, predicted = results.true_classes, results.predicted_classes
    labels = np.union1d(truth, predicted)
    several = len(results.present) > 1
    found = [
        number("accuracy", Text("Accuracy"), metrics.accuracy_score(truth, predicted), share=True),
        number(
            "balanced_accuracy", Text("Balanced accuracy"),
            _balanced(truth, predicted) if several else None, share=True,
            hint=Text("The mean recall of the classes: each class counts the same, however rare it is."),
        ),
        *_averages(truth, predicted, labels),
        *_top(results),
        number("log_loss", Text("Log loss"), _log_loss(results)),
    ]  # fmt: skip
    return make("class_numbers", results, Text("In numbers"), Numbers(tuple(found)))


def _balanced(truth: np.ndarray, predicted: np.ndarray) -> float:
    from sklearn import metrics

    return float(metrics.recall_score(truth, predicted, average="macro", labels=np.unique(truth), zero_division=0))


def _averages(truth: np.ndarray, predicted: np.ndarray, labels: np.ndarray) -> list[Number]:
    from sklearn.metrics import precision_recall_fscore_support as scores

    macro = scores(truth, predicted, labels=labels, average="macro", zero_division=0)
    weighted = scores(truth, predicted, labels=labels, average="weighted", zero_division=0)
    return [
        number("precision_macro", Text("Precision, mean of classes"), macro[0], share=True),
        number("recall_macro", Text("Recall, mean of classes"), macro[1], share=True),
        number("f1_macro", Text("F1, mean of classes"), macro[2], share=True),
        number("f1_weighted", Text("F1, weighted by class size"), weighted[2], share=True),
    ]


def _top(results: Results) -> list[Number]:
    """The share of samples whose class is among the k most likely."""
    classes = results.scores.shape[-1]
    if results.kind != "classes":
        return []
    better = (results.scores > np.take_along_axis(results.scores, results.true_classes[:, None], 1)).sum(axis=1)
    return [
        number(f"top_{k}", Text.of("Top {k} accuracy", k=k), float((better < k).mean()), share=True)
        for k in (3, 5)
        if k < classes
    ]


def _log_loss(results: Results) -> float | None:
    if results.scale == "margins":
        return None  # there are no probabilities
    own = np.take_along_axis(results.scores, results.true_classes[:, None], 1)[:, 0]
    return float(-np.log(np.clip(own, np.finfo(np.float64).eps, 1.0)).mean())
