"""How many letters have to be changed to make one text of another. Free of Keras."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from runtime.worker.evaluation.measuring.results import Array
from runtime.worker.process.waiting import require_waiting

_AT_ONCE = 4096  # pairs


def edit_distances(truths: Sequence[Sequence[int]], readings: Sequence[Sequence[int]]) -> Array:
    """Of each pair the fewest letters that are put in, left out or changed to make one of the other; int64.

    Levenshtein's distance by the table of Wagner and Fischer: The String-to-String Correction Problem (1974), row by
    row for many pairs at once. Raises CancelledError.
    """
    parts = [np.zeros(0, np.int64)]
    for first in range(0, len(truths), _AT_ONCE):
        require_waiting()
        parts.append(_distances(truths[first : first + _AT_ONCE], readings[first : first + _AT_ONCE]))
    return np.concatenate(parts)


def _distances(truths: Sequence[Sequence[int]], readings: Sequence[Sequence[int]]) -> Array:
    """What fills up shorter ones changes nothing: a place of the table follows from those above and left of it."""
    goal, made = _filled(truths), _filled(readings)
    lengths, ends = (np.array([len(one) for one in texts], np.int64) for texts in (truths, readings))
    steps = np.arange(made.shape[1] + 1)
    row = np.broadcast_to(steps, (len(made), len(steps))).copy()  # nothing becomes so many letters
    found = np.where(lengths == 0, ends, 0)
    for number in range(goal.shape[1]):
        changed = row[:, :-1] + (made != goal[:, number : number + 1])
        row[:, 1:] = np.minimum(row[:, 1:] + 1, changed)
        row[:, 0] = number + 1
        row = np.minimum.accumulate(row - steps, axis=1) + steps  # letters that are put in, however many
        over = lengths == number + 1
        found[over] = row[over, ends[over]]
    return found


def _filled(texts: Sequence[Sequence[int]]) -> Array:
    """Shape (texts, letters of the longest)."""
    filled = np.full((len(texts), max(map(len, texts), default=0)), -1, np.int64)
    for place, text in enumerate(texts):
        filled[place, : len(text)] = text
    return filled
