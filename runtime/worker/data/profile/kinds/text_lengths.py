"""How long texts are, in words."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from resources.text import Text
from runtime.messages.profiling import Fact, Histogram, ProfilePart
from runtime.worker.data.profile.looked import Looked

ORDER: Final = 25
_BINS: Final = 30


def _text_lengths(looked: Looked) -> Iterator[ProfilePart]:
    if looked.column.kind != "text" or not looked.texts:
        return
    lengths = np.array([len(text.split()) for text in looked.texts])
    low, high = int(lengths.min()), int(lengths.max())
    if high > 1 and high > low:
        width = max(1, -(-(high - low + 1) // _BINS))
        edges = np.arange(low - 0.5, high + width, width)
        counts, _ = np.histogram(lengths, edges)
        yield Histogram(Text("Words in a text"), tuple(edges.tolist()), tuple(counts.tolist()))
        usual, most = (int(value) for value in np.quantile(lengths, (0.5, 0.95)))
        value = Text.of("{usual} usually, {most} or fewer in 95 %", usual=usual, most=most)
        yield Fact(Text("words"), value)


PROFILE = _text_lengths
