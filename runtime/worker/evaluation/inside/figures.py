"""Numbers about a tensor: its range, mean, share of zeros, and how its values are spread."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from resources.text import Text
from runtime.messages.views import Bars, Label

Array = NDArray[Any]
_BINS: Final = 40


class Figures(NamedTuple):
    """Of the finite values; None where there are none. `zeros` is the share of exact zeros among all values."""

    low: float | None = None
    high: float | None = None
    mean: float | None = None
    zeros: float | None = None
    nans: int = 0


def figures_of(values: Array) -> Figures:
    """`values` of any shape; words have no figures."""
    if not values.size or values.dtype.kind not in "biuf":
        return Figures()
    zeros = 1.0 - float(np.count_nonzero(values)) / values.size
    low, high = float(values.min()), float(values.max())
    if np.isfinite(low) and np.isfinite(high):
        return Figures(low, high, float(values.mean(dtype=np.float64)), zeros)
    finite = values[np.isfinite(values)]
    nans = int(np.isnan(values).sum())
    if not finite.size:
        return Figures(zeros=zeros, nans=nans)
    return Figures(float(finite.min()), float(finite.max()), float(finite.mean(dtype=np.float64)), zeros, nans)


def histogram_of(values: Array, bins: int = _BINS) -> Bars:
    """Counts of finite values in bins of equal width; of one value alone a single bin."""
    x, y = Label(text=Text("Value")), Label(text=Text("Count"))
    if values.dtype.kind not in "biuf":
        return Bars(x, y, ())
    numbers = values.astype(np.float64).ravel()
    finite = numbers[np.isfinite(numbers)]
    if not finite.size:
        return Bars(x, y, ())
    if finite.min() == finite.max() or not np.isfinite(finite.max() - finite.min()):
        low, high = float(finite.min()), float(finite.max())
        return Bars(x, y, (float(finite.size),), edges=(low, high if high > low else low + 1.0))
    counts, edges = np.histogram(finite, bins)
    return Bars(x, y, tuple(map(float, counts)), edges=tuple(map(float, edges)))
