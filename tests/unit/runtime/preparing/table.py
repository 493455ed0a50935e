"""A small source for tests of preparation, which counts what is read of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from runtime.worker.data.source import Array, Source


class Table(Source):
    """Columns of numbers, or of words as places in their categories; counts what is read."""

    title = "people.csv"

    def __init__(self, words: Mapping[str, tuple[str, ...]] | None = None, **columns: Array) -> None:
        self._columns, self._words = columns, words or {}
        self.reads: list[tuple[str, int]] = []

    def names(self) -> tuple[str, ...]:
        return tuple(self._columns)

    def shape(self, name: str) -> tuple[int, ...]:
        return self._columns[name].shape

    def dtype(self, name: str) -> np.dtype[Any]:
        return self._columns[name].dtype

    def categories(self, name: str) -> tuple[str, ...]:
        return self._words.get(name, ())

    def read(self, name: str, rows: slice) -> Array:
        values = self._columns[name][rows]
        self.reads.append((name, len(values)))
        return values

    def in_memory(self) -> bool:
        return False
