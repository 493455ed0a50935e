"""How alike two pictures are. Free of Keras."""

from __future__ import annotations

from typing import Final

import numpy as np

from runtime.worker.evaluation.measuring.results import Array

_SIDE: Final = 11  # pixels of the window of SSIM
_SIGMA: Final = 1.5


def psnr(truth: Array, predicted: Array, largest: float) -> Array:
    """Peak signal-to-noise ratio of each picture in dB: 10·log10(largest² / MSE); infinite for equal ones.

    Shape (samples, height, width, channels) to (samples,).
    """
    error = ((truth - predicted) ** 2).reshape(len(truth), -1).mean(axis=1)
    with np.errstate(divide="ignore"):
        return np.asarray(10.0 * np.log10(largest**2 / error))


def ssim(truth: Array, predicted: Array, largest: float) -> Array | None:
    """The mean structural similarity of each picture over windows of 11 pixels; None for smaller pictures.

    Wang, Bovik, Sheikh, Simoncelli: Image Quality Assessment: From Error Visibility to Structural Similarity (2004),
    formula 13 with K1 = 0.01, K2 = 0.03 and a Gaussian window of deviation 1.5.
    """
    if truth.ndim != 4 or min(truth.shape[1:3]) < _SIDE:
        return None
    c1, c2 = (0.01 * largest) ** 2, (0.03 * largest) ** 2
    mean_t, mean_p = _blurred(truth), _blurred(predicted)
    var_t, var_p = _blurred(truth**2) - mean_t**2, _blurred(predicted**2) - mean_p**2
    both = _blurred(truth * predicted) - mean_t * mean_p
    found = (2 * mean_t * mean_p + c1) * (2 * both + c2) / ((mean_t**2 + mean_p**2 + c1) * (var_t + var_p + c2))
    return np.asarray(found.reshape(len(truth), -1).mean(axis=1))


def _blurred(pictures: Array) -> Array:
    """By the Gaussian window, where it lies within the picture."""
    from scipy.ndimage import correlate1d

    places = np.arange(_SIDE) - _SIDE // 2
    weights = np.exp(-(places**2) / (2 * _SIGMA**2))
    weights /= weights.sum()
    blurred = correlate1d(correlate1d(pictures, weights, axis=1), weights, axis=2)
    edge = _SIDE // 2
    return np.asarray(blurred[:, edge:-edge, edge:-edge])
