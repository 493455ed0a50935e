"""Numbers that lie far away from the others."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from resources.text import Text
from runtime.messages.profiling import Fact, ProfilePart
from runtime.worker.data.profile.looked import Looked

ORDER: Final = 60
_FAR: Final = 3.0  # quartile distances outside the quartiles
_FEWEST: Final = 20


def _outliers(looked: Looked) -> Iterator[ProfilePart]:
    if looked.column.kind != "number" or not looked.is_scalar or looked.numbers.size < _FEWEST:
        return
    lower, upper = np.quantile(looked.numbers, (0.25, 0.75))
    distance = (upper - lower) * _FAR
    if not distance:
        return
    outside = looked.numbers[(looked.numbers < lower - distance) | (looked.numbers > upper + distance)]
    if outside.size:
        farthest = outside[int(np.argmax(np.abs(outside - (lower + upper) / 2)))]
        value = Text.of("{count}, such as {value}", count=f"{outside.size:,}", value=f"{float(farthest):.4g}")
        yield Fact(Text("far from the others"), value, odd=True)


PROFILE = _outliers
