"""How errors spread."""

from __future__ import annotations

import numpy as np

from resources.text import Text
from runtime.messages.views import Bars, Figure, Label
from runtime.worker.evaluation.measuring.making import floats, make
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("numbers",)
ORDER = 25


def figure(results: Results) -> Figure:
    errors = results.errors.ravel()
    try:
        counts, edges = np.histogram(errors, bins=min(40, max(5, int(len(results.errors) ** 0.5))))
    except ValueError:  # errors so large and so near each other that there are not as many numbers between them
        counts, edges = np.histogram(errors, bins=1)
    view = Bars(Label(text=Text("Error")), Label(text=Text("Samples")), floats(counts), edges=floats(edges))
    return make("error_histogram", results, Text("How errors spread"), view)
