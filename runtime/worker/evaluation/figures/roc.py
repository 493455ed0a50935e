"""ROC curves, one class against the others, by scikit-learn."""

from __future__ import annotations

from resources.text import Text
from runtime.messages.views import Curve, Curves, Figure, Label
from runtime.worker.evaluation.measuring.making import floats, make, thinned
from runtime.worker.evaluation.measuring.one_against_rest import chosen
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("classes", "binary", "labels")
ORDER = 40


def figure(results: Results) -> Figure | None:
    from sklearn.metrics import auc, roc_auc_score, roc_curve

    curves = []
    for name, truth, score in chosen(results, roc_auc_score):
        whole = roc_curve(truth, score, drop_intermediate=True)
        text = Text.of("{name} (area {area})", name=name, area=f"{auc(whole[0], whole[1]):.3f}")
        false, true, threshold = thinned(*whole)
        curves.append(Curve(Label(name, text), floats(false), floats(true), floats(threshold.clip(0, 1))))
    if not curves:
        return None
    view = Curves(
        Label(text=Text("False positive rate")), Label(text=Text("True positive rate")), tuple(curves), True, True
    )
    hint = Text("How many of a class are found, against how many others are taken for it, for every threshold.")
    return make("roc", results, Text("ROC curves"), view, hint)
