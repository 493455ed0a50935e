"""An axis for one fact of several runs: numbers from low to high, or words one beside the other. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.panels.plots.formats import duration_text, value_text
from app.panels.runs.comparing.facts import UNKNOWN, Row
from graph_editor.document.comparing.graph_diff import NOTHING

Floats = NDArray[np.float64]
MOST_WORDS: Final = 24  # that are told apart on an axis
_LOG_FROM: Final = 50.0  # times the lowest: values that differ by more are shown by their order of magnitude
_TICKS: Final = 4
_LINE: Final = 14.0  # pixels from one word to the next
_FEW: Final = 5  # different values: each is written
_DURATION: Final = "seconds"


@dataclass(frozen=True, slots=True)
class Scale:
    """`places` are where the runs lie, 0 to 1, NaN for one of which nothing is known; `ticks` where what is written."""

    row: Row
    places: Floats
    ticks: tuple[tuple[float, str], ...]
    log: bool = False
    words: bool = False


def scale_of(row: Row) -> Scale | None:
    """None for what cannot be an axis: nothing is known, or there are too many words."""
    known = [text for text in row.texts if text not in (NOTHING, UNKNOWN)]
    numbers = np.array([math.nan if number is None else number for number in row.numbers], np.float64)
    finite = numbers[np.isfinite(numbers)]
    if known and finite.size and sum(number is not None for number in row.numbers) == len(known):
        return _of_numbers(row, numbers, finite)
    words = sorted(set(known))
    if not 0 < len(words) <= MOST_WORDS:
        return None
    steps = {word: 0.5 if len(words) == 1 else place / (len(words) - 1) for place, word in enumerate(words)}
    places = np.array([steps.get(text, math.nan) for text in row.texts], np.float64)
    return Scale(row, places, tuple((place, word) for word, place in steps.items()), words=True)


def _of_numbers(row: Row, numbers: Floats, finite: Floats) -> Scale:
    low, high = float(finite.min()), float(finite.max())
    log = low > 0 and high / low >= _LOG_FROM
    values = np.where(np.isfinite(numbers), numbers, math.nan)
    if low == high:
        return Scale(row, np.where(np.isnan(values), math.nan, 0.5), ((0.5, _text(row, low)),))
    if log:
        values, first, last = np.log10(values), math.log10(low), math.log10(high)
    else:
        first, last = low, high
    if (distinct := np.unique(finite)).size <= _FEW:
        places = (np.log10(distinct) if log else distinct) - first
        shares = [float(place) for place in places / (last - first)]
    else:
        shares = [step / (_TICKS - 1) for step in range(_TICKS)]
    ticks = tuple((share, _text(row, _back(first + (last - first) * share, log))) for share in shares)
    return Scale(row, (values - first) / (last - first), ticks, log)


def _back(value: float, log: bool) -> float:
    return 10**value if log else value


def _text(row: Row, value: float) -> str:
    if row.key == _DURATION:
        return duration_text(value)
    return f"{value:g}" if value == round(value) and abs(value) < 1e6 else value_text(value)


def spread(ticks: Sequence[tuple[float, str]], room: float) -> list[tuple[float, str]]:
    """The ticks whose words do not lie on those of another one, on an axis of `room` pixels; the ends come first."""
    shown: list[tuple[float, str]] = []
    for tick in (*ticks[:1], *ticks[:0:-1]):
        if all(abs(tick[0] - other[0]) * room >= _LINE for other in shown):
            shown.append(tick)
    return shown


def rank_correlation(first: Sequence[float | None], second: Sequence[float | None]) -> float | None:
    """Spearman's coefficient of the runs that have both; None for fewer than three, or where one does not vary.

    It is Pearson's correlation of the ranks, equal values sharing the mean of theirs (Spearman 1904).
    """
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    pairs = [(a, b) for a, b in pairs if math.isfinite(a) and math.isfinite(b)]
    if len(pairs) < 3:
        return None
    x, y = (_ranks(np.array(values, np.float64)) for values in zip(*pairs, strict=True))
    x, y = x - x.mean(), y - y.mean()
    size = float(np.sqrt((x * x).sum() * (y * y).sum()))
    return float((x * y).sum() / size) if size > 0 else None


def _ranks(values: Floats) -> Floats:
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: Floats = ((ends - counts + 1 + ends) / 2.0)[places]
    return ranks
