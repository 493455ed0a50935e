"""A source whose columns are arrays of numbers or words, each read piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from resources.text import Text
from runtime.lazy import LazyModule
from runtime.spec import ColumnKind
from runtime.worker.data.arrays.own_parts import Parts
from runtime.worker.data.arrays.stored import Stored
from runtime.worker.data.columns import EMPTY_SAMPLES, Words, as_texts, left_out_note, unusable_dtype, unusable_shape
from runtime.worker.data.source import Array, DataError, Part, Source

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

MOST_WORDS: Final = 5_000_000  # more are texts, without classes: finding the different ones would read them all
LARGEST_SAMPLE: Final = 2**30  # bytes
_SEVERAL_WORDS: Final = Text("it holds more than one word a sample")
_TOO_LARGE: Final = Text("one sample of it is larger than 1 GB")


def unusable(array: Stored) -> Text | None:
    """Why an array is no column; None if it is one."""
    if reason := unusable_shape(array.shape):
        return reason
    if not array.dtype.itemsize:  # a file of no size may say that it holds any number of them
        return EMPTY_SAMPLES
    if array.is_words:
        return None if len(array.shape) == 1 else _SEVERAL_WORDS
    sample_bytes = float(array.dtype.itemsize)
    for size in array.shape[1:]:
        sample_bytes *= size
    return _TOO_LARGE if sample_bytes > LARGEST_SAMPLE else unusable_dtype(array.dtype)


class ArraySource(Source):
    """`kinds` are those of columns that the source knows; `on_close` lets go of files."""

    def __init__(
        self,
        title: str,
        arrays: Mapping[str, Stored],
        left_out: Mapping[str, Text],
        parts: Parts = MappingProxyType({}),
        *,
        notes: Sequence[Text] = (),
        kinds: Mapping[str, ColumnKind] = MappingProxyType({}),
        on_close: Callable[[], None] | None = None,
    ) -> None:
        """Raises DataError."""
        self._title, self._arrays, self._parts = title, dict(arrays), parts
        self._words: dict[str, Words | None] = {}
        self._kinds, self._on_close = kinds, on_close
        self.left_out = left_out
        note = left_out_note(left_out)
        said = (*notes, note) if note is not None else tuple(notes)
        self.note = together(said) if said else None

    @property
    def title(self) -> str:
        return self._title

    def names(self) -> tuple[str, ...]:
        return tuple(self._arrays)

    def has(self, name: str) -> bool:
        return name in self._arrays

    def in_memory(self) -> bool:
        return all(array.in_memory for array in self._arrays.values())

    def shape(self, name: str) -> tuple[int, ...]:
        return self._arrays[name].shape

    def dtype(self, name: str) -> np.dtype[Any]:
        words = self._words_of(name)
        if words is not None:
            dtype: np.dtype[Any] = words.values.dtype
            return dtype
        return np.dtype(object) if self._arrays[name].is_words else self._arrays[name].dtype

    def run_rows(self, name: str) -> int:
        return self._arrays[name].run_rows

    def parts(self) -> Mapping[Part, tuple[slice, ...]]:
        return self._parts

    def sample_kind(self, name: str) -> ColumnKind | None:
        is_text = self._arrays[name].is_words and self._words_of(name) is None
        return "text" if is_text else self._kinds.get(name)

    def categories(self, name: str) -> tuple[str, ...]:
        words = self._words_of(name)
        return words.words if words is not None else ()

    def written(self, name: str, row: int) -> str | None:
        words = self._words_of(name)
        return words.written(row) if words is not None else None

    def number_among_words(self, name: str) -> int | None:
        words = self._words_of(name)
        return words.number_row if words is not None else None

    def read(self, name: str, rows: slice) -> Array:
        self.require(name)
        words = self._words_of(name)
        if words is not None:
            ids: Array = words.values[rows]
            return ids
        values = self._arrays[name].read(rows)
        return np.array(as_texts(values), object) if self._arrays[name].is_words else values

    def read_into(self, name: str, rows: slice, out: Array) -> None:
        if self._arrays[name].is_words:
            super().read_into(name, rows, out)
        else:
            self._arrays[name].read_into(rows, out)

    def take(self, name: str, rows: Array) -> Array:
        self.require(name)
        words = self._words_of(name)
        if words is not None:
            ids: Array = words.values[rows]
            return ids
        values = self._arrays[name].take(rows)
        if values is None:
            return super().take(name, rows)
        return np.array(as_texts(values), object) if self._arrays[name].is_words else values

    def place(self, row: int) -> Text:
        for array in self._arrays.values():
            part = array.part_at(row) if row < array.shape[0] else None
            if part is not None:
                return Text.of("index {row} of {file}", row=part[1], file=part[0])
        return super().place(row)

    def close(self) -> None:
        if self._on_close is not None:
            self._on_close()

    def _words_of(self, name: str) -> Words | None:
        """The words of a column, read when something is asked of them; None for numbers and texts."""
        array = self._arrays[name]
        if not array.is_words or array.shape[0] > MOST_WORDS:
            return None
        if name not in self._words:
            texts = array.read(slice(0, array.shape[0]))
            try:
                words = Words(texts)
            except (ValueError, SystemError) as error:  # what is no character
                text = Text.of("{file} is damaged: its column {column} cannot be read.", file=self._title, column=name)
                raise DataError(text, str(error)) from error
            self._words[name] = None if words.are_free else words
        return self._words[name]


def sorted_out(arrays: Mapping[str, Stored], left_out: Mapping[str, Text]) -> tuple[dict[str, Stored], dict[str, Text]]:
    """The arrays that are columns, and what is none, with the reasons."""
    reasons = {name: unusable(array) for name, array in arrays.items()}
    refused = {name: reason for name, reason in reasons.items() if reason is not None}
    return {name: array for name, array in arrays.items() if name not in refused}, {**left_out, **refused}


def together(texts: Sequence[Text]) -> Text:
    """Sentences one after the other; at least one."""
    whole = texts[0]
    for text in texts[1:]:
        whole = Text.of("{first} {second}", first=whole, second=text)
    return whole
