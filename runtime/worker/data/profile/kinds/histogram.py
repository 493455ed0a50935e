"""How the values of numbers are spread."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from resources.text import Text
from runtime.messages.profiling import Histogram, ProfilePart
from runtime.worker.data.profile.looked import Looked

ORDER: Final = 20
_BINS: Final = 40
_FEW: Final = 40  # whole numbers that get a bar each
_VALUES: Final = 2_000_000


def _histogram(looked: Looked) -> Iterator[ProfilePart]:
    if looked.column.kind in ("category", "text", "audio") or not looked.numbers.size:
        return
    values = looked.numbers[:: max(1, looked.numbers.size // _VALUES)]
    low, high = float(values.min()), float(values.max())
    if low == high:
        return
    whole = looked.column.dtype.startswith(("int", "uint")) and high - low < _FEW
    edges = np.arange(low - 0.5, high + 1) if whole else np.linspace(low, high, _BINS + 1)
    counts, _ = np.histogram(values, edges)
    title = Text("Values of the pixels") if looked.column.kind in ("image", "mask") else Text("Values")
    dates = looked.column.kind == "date"
    yield Histogram(title, tuple(edges.tolist()), tuple(counts.tolist()), dates=dates)


PROFILE = _histogram
