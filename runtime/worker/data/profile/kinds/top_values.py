"""How often each class, or each word, comes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from resources.text import Text
from runtime.messages.profiling import Bars, ProfilePart
from runtime.worker.data.profile.looked import Labels, Looked, labels_of

ORDER: Final = 10
_MOST: Final = 60  # bars
_LONGEST: Final = 80
_SHOWN_ROWS: Final = 40  # samples of each class that are told


def _top_values(looked: Looked) -> Iterator[ProfilePart]:
    labels = labels_of(looked.source, looked.column)
    if labels is not None:
        yield _classes(labels)
    elif looked.texts is not None and looked.is_scalar:
        yield _words(looked.texts)


def _classes(labels: Labels) -> Bars:
    counts = np.bincount(labels.places[labels.places >= 0], minlength=len(labels.names))
    shown = np.arange(len(counts))
    if len(counts) > _MOST:  # the most frequent ones, in their order
        shown = np.sort(np.argsort(-counts, kind="stable")[:_MOST])
    rows = tuple(_spread(labels.rows[labels.places == place]) for place in shown.tolist())
    names = tuple(labels.names[place][:_LONGEST] for place in shown.tolist())
    told = tuple(counts[shown].tolist())
    return Bars(Text("Classes"), names, told, int(counts.sum()) - sum(told), rows=rows, seen=len(labels.rows))


def _spread(rows: np.ndarray) -> tuple[int, ...]:
    if len(rows) > _SHOWN_ROWS:
        rows = rows[np.linspace(0, len(rows) - 1, _SHOWN_ROWS).astype(np.int64)]
    return tuple(rows.tolist())


def _words(texts: Sequence[str]) -> Bars:
    most = Counter(text for text in texts if text).most_common(_MOST // 3)
    others = sum(1 for text in texts if text) - sum(count for _, count in most)
    names, counts = tuple(text[:_LONGEST] for text, _ in most), tuple(count for _, count in most)
    return Bars(Text("Most frequent values"), names, counts, others)


PROFILE = _top_values
