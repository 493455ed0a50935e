"""Whether probabilities can be believed: the reliability diagram, by scikit-learn."""

from __future__ import annotations

import numpy as np

from resources.text import Text
from runtime.messages.views import Curve, Curves, Figure, Label
from runtime.worker.evaluation.measuring.making import floats, make
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("classes", "binary")
ORDER = 60
BINS = 10


def figure(results: Results) -> Figure | None:
    """Of a binary output the score of its second class; of several, that of the class which was predicted."""
    from sklearn.calibration import calibration_curve

    if results.scale == "margins":
        return None
    if results.kind == "binary":
        truth, score = results.true_classes == 1, results.scores[:, 1]
    else:
        truth, score = results.true_classes == results.predicted_classes, results.scores.max(axis=-1)
    score = np.clip(score, 0.0, 1.0)
    share, mean = calibration_curve(truth, score, n_bins=BINS)
    label = Label(text=Text.of("Expected calibration error {value}", value=f"{expected_error(truth, score):.3f}"))
    view = Curves(
        Label(text=Text("Predicted probability")), Label(text=Text("Share that is true")),
        (Curve(label, floats(mean), floats(share)),), True, True,
    )  # fmt: skip
    hint = Text("On the diagonal, of what the model calls 80 % likely, 80 % is true. Below it, the model is too sure.")
    return make("calibration", results, Text("Calibration"), view, hint)


def expected_error(truth: np.ndarray, score: np.ndarray) -> float:
    """The mean distance of probability and share over bins of equal width, weighted by their samples.

    Naeini, Cooper, Hauskrecht: Obtaining Well Calibrated Probabilities Using Bayesian Binning (AAAI 2015).
    """
    places = np.minimum((score * BINS).astype(np.int64), BINS - 1)
    counts = np.bincount(places, minlength=BINS)
    gaps = np.abs(np.bincount(places, score, BINS) - np.bincount(places, truth.astype(np.float64), BINS))
    return float(gaps[counts > 0].sum() / max(len(score), 1))
