"""Errors against predictions, and how they spread."""

from __future__ import annotations

import numpy as np

from resources.text import Text
from runtime.messages.views import Figure, Label, Points
from runtime.worker.evaluation.measuring.making import MOST_POINTS, drawn, floats, make
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("numbers",)
ORDER = 30


def figure(results: Results) -> Figure:
    count = len(results.predictions)
    places = drawn(count)
    predicted = np.asarray(results.predictions, np.float64).reshape(count, -1)
    values = predicted.shape[1]
    view = Points(
        Label(text=Text("Predicted")), Label(text=Text("Error")), floats(predicted[places].ravel()),
        floats(results.errors[places].ravel()), tuple(np.repeat(results.places[places], values).tolist()), zero=True,
        shown_of=count if count > MOST_POINTS else None,
    )  # fmt: skip
    hint = Text("Errors are prediction minus truth. A pattern in them is something the model could still learn.")
    return make("residuals", results, Text("Errors by prediction"), view, hint)
