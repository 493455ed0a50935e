"""MAE, RMSE, R² and more of outputs that are numbers, by scikit-learn."""

from __future__ import annotations

import numpy as np

from resources.text import Text
from runtime.messages.views import Figure, Numbers
from runtime.worker.evaluation.measuring.making import make, number
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("numbers",)
ORDER = 10


def figure(results: Results) -> Figure:
    from sklearn import metrics

    assert results.truth is not None
    count = len(results.predictions)
    truth, predicted = (np.asarray(v, np.float64).reshape(count, -1) for v in (results.truth, results.predictions))
    varies = count > 1 and bool((truth.std(axis=0) > 0).all())
    found = (
        number("mae", Text("Mean absolute error (MAE)"), metrics.mean_absolute_error(truth, predicted)),
        number("rmse", Text("Root mean squared error (RMSE)"), metrics.root_mean_squared_error(truth, predicted)),
        number(
            "r2", Text("R²"), metrics.r2_score(truth, predicted) if varies else None,
            hint=Text("The share of the variance that is explained: 1 is perfect, 0 is no better than the mean."),
        ),
        number("median_error", Text("Median absolute error"), metrics.median_absolute_error(truth, predicted)),
        number("max_error", Text("Largest error"), float(np.abs(results.errors).max())),
        number("bias", Text("Mean error"), float(results.errors.mean()),
               hint=Text("Above 0 the model says too much, below 0 too little.")),
    )  # fmt: skip
    return make("error_numbers", results, Text("In numbers"), Numbers(found))
