"""Predicted against true values."""

from __future__ import annotations

import numpy as np

from resources.text import Text
from runtime.messages.views import Figure, Label, Points
from runtime.worker.evaluation.measuring.making import MOST_POINTS, drawn, floats, make
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("numbers",)
ORDER = 20


def figure(results: Results) -> Figure:
    assert results.truth is not None
    count = len(results.predictions)
    places = drawn(count)
    truth, predicted = (np.asarray(v, np.float64).reshape(count, -1) for v in (results.truth, results.predictions))
    values = predicted.shape[1]
    groups = np.tile(np.arange(values), len(places))
    view = Points(
        Label(text=Text("True")), Label(text=Text("Predicted")), floats(truth[places].ravel()),
        floats(predicted[places].ravel()), tuple(np.repeat(results.places[places], values).tolist()),
        tuple(groups.tolist()) if values > 1 else (),
        tuple(str(i) for i in range(values)) if values > 1 else (), diagonal=True,
        shown_of=count if count > MOST_POINTS else None,
    )  # fmt: skip
    return make("predicted_true", results, Text("Predicted and true"), view, Text("On the diagonal all is right."))
