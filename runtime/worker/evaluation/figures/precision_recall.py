"""Precision against recall, one class against the others, by scikit-learn."""

from __future__ import annotations

import numpy as np

from resources.text import Text
from runtime.messages.views import Curve, Curves, Figure, Label
from runtime.worker.evaluation.measuring.making import floats, make, thinned
from runtime.worker.evaluation.measuring.one_against_rest import chosen
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("classes", "binary", "labels")
ORDER = 50


def figure(results: Results) -> Figure | None:
    from sklearn.metrics import average_precision_score, precision_recall_curve

    curves = []
    for name, truth, score in chosen(results, average_precision_score):
        precision, recall, threshold = precision_recall_curve(truth, score, drop_intermediate=True)
        mean = mean_precision(precision, recall)
        precision, recall, threshold = thinned(precision, recall, np.append(threshold, 1.0))
        text = Text.of("{name} (mean precision {value})", name=name, value=f"{mean:.3f}")
        curves.append(Curve(Label(name, text), floats(recall), floats(precision), floats(threshold)))
    if not curves:
        return None
    view = Curves(Label(text=Text("Recall")), Label(text=Text("Precision")), tuple(curves), False, True)
    hint = Text("For rare classes this tells more than the ROC curve.")
    return make("precision_recall", results, Text("Precision and recall"), view, hint)


def mean_precision(precision: np.ndarray, recall: np.ndarray) -> float:
    """Of a curve that is there, what `average_precision_score` makes a second curve for: the sum of (Rn - Rn-1) Pn.

    Points that were dropped have the recall of the one before them, and so no share in it.
    """
    return float(max(0.0, -np.sum(np.diff(recall) * precision[:-1])))
