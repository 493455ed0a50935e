"""Columns of words as numbers that know their words. Scripts hold this word by word.

(`resources/python_code/shared.py`)
"""

import typing

import numpy as np


class Places(np.ndarray[typing.Any, typing.Any]):
    """A column of words: places in `words`, which are sorted, and -1 where there is none."""

    words: typing.Sequence[str] = ()

    def __array_finalize__(self, other: typing.Any) -> None:
        self.words = getattr(other, "words", ())


def with_words(places: typing.Any, words: typing.Sequence[str]) -> typing.Any:
    """Places in `words`, which they know from now on; numbers, for which there are none, stay."""
    if len(words) == 0:
        return places
    known = np.asarray(places).view(Places)
    known.words = [str(word) for word in words]
    return known


def words_in(column: typing.Any) -> typing.Any:
    """The words of a column, "" where there is none; texts and numbers stay."""
    words = getattr(column, "words", ())
    return np.array([*words, ""], object)[np.asarray(column)] if len(words) else column
