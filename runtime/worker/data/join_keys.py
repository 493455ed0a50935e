"""Which sample of a second source belongs to each of the first, by the values of a column in each. Free of Keras.

Numbers are compared as numbers. Words are compared as they are; where that finds little, as names of files: with "/"
for "\\\\" and without "./", then by their last part alone, then by that without its suffix.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from runtime.lazy import LazyModule
from runtime.worker.data.columns import number_text
from runtime.worker.data.source import Array, Source

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

_ROWS_AT_ONCE: Final = 1 << 20
MISSING: Final = -1


class Keys(NamedTuple):
    """Of each row the place of its key in `values` (words, or an array of numbers), MISSING where it has none."""

    places: Array
    values: Sequence[str] | Array

    @property
    def are_words(self) -> bool:
        return isinstance(self.values, list | tuple)

    def text(self, row: int) -> str:
        """The key of a row, for people; empty where it has none."""
        place = int(self.places[row])
        if place == MISSING:
            return ""
        value = self.values[place]
        return value if isinstance(value, str) else number_text(float(value))


class Matches(NamedTuple):
    """Of each row of the first source a row of the second, MISSING where none has its key.

    `double` are the rows of the second that other rows have the key of, and that belong to a row of the first.
    """

    rows: Array
    double: Array


def keys_of(source: Source, name: str) -> Keys:
    """The keys in a column of single values. Raises DataError."""
    count = source.shape(name)[0]
    words = source.categories(name)
    parts = [
        source.read(name, slice(first, min(first + _ROWS_AT_ONCE, count))).reshape(-1)
        for first in range(0, count, _ROWS_AT_ONCE)
    ]
    values: Array = np.concatenate(parts) if parts else np.zeros(0)
    if words:
        return Keys(values.astype(np.int64), words)
    if values.dtype.kind == "O":
        known: dict[str, int] = {}
        found = np.array([known.setdefault(text, len(known)) if text else MISSING for text in values], np.int64)
        return Keys(found, list(known))
    different, places = np.unique(values, return_inverse=True)
    found = places.astype(np.int64)
    if values.dtype.kind == "f":
        found[np.isnan(values)] = MISSING
    return Keys(found, different)


def matched(first: Keys, second: Keys) -> Matches:
    """Where several rows of the second have a key, its first row is the one."""
    row_of = np.full(len(second.values), MISSING, np.int64)
    present = np.flatnonzero(second.places != MISSING)
    row_of[second.places[present][::-1]] = present[::-1]
    places = _same_values(first, second)
    rows_by_key = np.where(places == MISSING, MISSING, row_of[places]) if len(row_of) else np.full_like(places, MISSING)
    known = first.places != MISSING
    rows = np.full(len(first.places), MISSING, np.int64)
    rows[known] = rows_by_key[first.places[known]]
    used = np.zeros(len(second.values), bool)
    used[second.places[rows[rows != MISSING]]] = True
    counts = np.bincount(second.places[present], minlength=len(second.values))
    repeated = used & (counts > 1)
    double = np.flatnonzero(repeated[second.places] & (second.places != MISSING)) if len(repeated) else rows[:0]
    return Matches(rows, double)


def _same_values(first: Keys, second: Keys) -> Array:
    """Of each value of the first its place among those of the second, MISSING where it is none of them."""
    if not first.are_words and not second.are_words:
        return _same_numbers(np.asarray(first.values), np.asarray(second.values))
    first_words, second_words = _words(first), _words(second)
    used = set(first.places.tolist()) - {MISSING}
    best, most = np.full(len(first_words), MISSING, np.int64), -1
    for form in _FORMS:
        places: dict[str, int] = {}
        for place, word in enumerate(second_words):
            written = form(word)
            places[written] = MISSING if written in places else place  # what two of them are called tells neither
        found = np.array([places.get(form(word), MISSING) for word in first_words], np.int64)
        count = sum(1 for place in used if found[place] != MISSING)
        if count > most:
            best, most = found, count
        if most == len(used):
            break
    return best


def _same_numbers(first_words: Array, second_words: Array) -> Array:
    if len(second_words) == 0 or len(first_words) == 0:
        return np.full(len(first_words), MISSING, np.int64)
    places = np.searchsorted(second_words, first_words).clip(max=len(second_words) - 1)
    found: Array = np.where(second_words[places] == first_words, places, MISSING).astype(np.int64)
    return found


def _words(keys: Keys) -> Sequence[str]:
    if keys.are_words:
        return [str(value) for value in keys.values]
    return [number_text(value) for value in np.asarray(keys.values).tolist()]


def _as_it_is(word: str) -> str:
    return word


def _path(word: str) -> str:
    return unicodedata.normalize("NFC", word).strip().replace("\\", "/").removeprefix("./")


def _file_name(word: str) -> str:
    return _path(word).rpartition("/")[2]


def _stem(word: str) -> str:
    name = _file_name(word)
    return name.rpartition(".")[0] or name


_FORMS: Final[tuple[Callable[[str], Any], ...]] = (_as_it_is, _path, _file_name, _stem)
