"""Data whose words are coded as those of the training were: other files have other words, in another order."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from resources.plain import listed
from resources.text import Text
from runtime.worker.data.rows_source import RowsSource
from runtime.worker.data.source import Array, DataError, Source


class RecodedSource(RowsSource):
    """`base` with the words of columns at the places that `words` gives them.

    Words that training did not know come behind the known ones; with `strict` a sample that has one is refused, as no
    class of the model stands for it.
    """

    def __init__(self, base: Source, words: Mapping[str, tuple[str, ...]], *, strict: bool) -> None:
        """Raises DataError where a column of words is one of numbers here, or the other way about."""
        count = base.shape(base.names()[0])[0] if base.names() else 0
        super().__init__(base, np.arange(count), None)
        self._strict = strict
        self._words: dict[str, tuple[str, ...]] = {}
        self._codes: dict[str, Array] = {}
        for name, known in words.items():
            if known and base.has(name):
                self._learn(base, name, known)

    def _learn(self, base: Source, name: str, known: tuple[str, ...]) -> None:
        here = base.categories(name)
        if not here:
            raise DataError(
                Text.of(
                    "{file}: {column} holds numbers, but words in training: {names}.",
                    file=base.title, column=name, names=listed(known),
                )
            )  # fmt: skip
        new = () if self._strict else tuple(word for word in here if word not in set(known))
        places = {word: place for place, word in enumerate((*known, *new))}
        self._words[name] = (*known, *new)
        self._codes[name] = np.array([*(places.get(word, -2) for word in here), -1], np.int64)

    def shape(self, name: str) -> tuple[int, ...]:
        return self._base.shape(name)

    def raw(self) -> Source:
        return self._base.raw()

    def categories(self, name: str) -> tuple[str, ...]:
        return self._words[name] if name in self._words else self._base.categories(name)

    def read(self, name: str, rows: slice) -> Array:
        return self._coded(name, self._base.read(name, rows))

    def take(self, name: str, rows: Array) -> Array:
        return self._coded(name, self._base.take(name, rows))

    def _coded(self, name: str, values: Array) -> Array:
        if name not in self._codes:
            return values
        coded: Array = self._codes[name][values]
        if self._strict and (coded == -2).any():
            word = self._base.categories(name)[int(values.reshape(-1)[int(np.argmax(coded.reshape(-1) == -2))])]
            raise DataError(
                Text.of(
                    "{file}: {column} has the class {word}, which training did not know.",
                    file=self.title, column=name, word=word,
                )
            )  # fmt: skip
        return coded
