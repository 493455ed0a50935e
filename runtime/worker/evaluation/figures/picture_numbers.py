"""How near pictures come to the true ones: PSNR and SSIM."""

from __future__ import annotations

import numpy as np

from resources.text import Text
from runtime.messages.views import Figure, Numbers
from runtime.worker.evaluation.measuring.making import make, number
from runtime.worker.evaluation.measuring.picture_quality import psnr, ssim
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("pictures",)
ORDER = 10


def figure(results: Results) -> Figure:
    assert results.truth is not None
    truth = np.asarray(results.truth, np.float64).reshape(results.predictions.shape)
    predicted = np.asarray(results.predictions, np.float64)
    largest = 255.0 if max(truth.max(), predicted.max()) > 2.0 else 1.0
    found = (
        number("mae", Text("Mean absolute error (MAE)"), float(np.abs(truth - predicted).mean())),
        number("psnr", Text("PSNR, mean in dB"), _mean(psnr(truth, predicted, largest)),
               hint=Text("The higher, the nearer; above 30 dB the difference is hard to see.")),
        number("ssim", Text("SSIM, mean"), _mean(ssim(truth, predicted, largest)),
               hint=Text("How alike structures are: 1 is the same picture.")),
    )  # fmt: skip
    return make("picture_numbers", results, Text("In numbers"), Numbers(found))


def _mean(values: np.ndarray | None) -> float | None:
    if values is None:
        return None
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else None
