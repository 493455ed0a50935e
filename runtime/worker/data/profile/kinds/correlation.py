"""How much a column tells of the target."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from resources.text import Text
from runtime.messages.profiling import Fact, ProfilePart
from runtime.worker.data.profile.looked import Looked
from runtime.worker.data.source import Array

ORDER: Final = 70
_FEWEST: Final = 10


def _correlation(looked: Looked) -> Iterator[ProfilePart]:
    target = looked.target
    if target is None or target.name == looked.name or not looked.is_scalar or looked.words:
        return
    if looked.values.dtype.kind not in "biuf":
        return
    values = looked.values.reshape(-1).astype(np.float64)
    if looked.labels is not None:
        places = looked.labels.at(looked.rows)
        kept = np.isfinite(values) & (places >= 0)
        found = _ratio(values[kept], places[kept])
    else:
        if not target.is_scalar or target.words or target.values.dtype.kind not in "biuf":
            return
        truth = looked.source.take(target.name, looked.rows).reshape(-1).astype(np.float64)
        kept = np.isfinite(values) & np.isfinite(truth)
        found = _pearson(values[kept], truth[kept])
    if found is not None:
        title = Text.of("correlation with {target}", target=target.name)
        yield Fact(title, f"{found:.2f}", odd=abs(found) > 0.995)


def _pearson(values: Array, truth: Array) -> float | None:
    if len(values) < _FEWEST or not values.std() or not truth.std():
        return None
    return float(np.corrcoef(values, truth)[0, 1])


def _ratio(values: Array, places: Array) -> float | None:
    """The share of the spread that lies between the classes, as a correlation: its root."""
    if len(values) < _FEWEST or not values.std():
        return None
    counts = np.bincount(places)
    means = np.bincount(places, values) / np.maximum(counts, 1)
    between = float((counts * (means - values.mean()) ** 2).sum())
    return float(np.sqrt(between / ((values - values.mean()) ** 2).sum()))


PROFILE = _correlation
