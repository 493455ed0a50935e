"""What is known of a column of a large table, and its values block by block, on their way into the cache."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec

from runtime.lazy import LazyModule
from runtime.worker.data.source import Array
from runtime.worker.data.tables.kept_columns import Writer

if TYPE_CHECKING:
    import numpy as np

    from resources.python_code.in_scripts import words
else:
    np = LazyModule("numpy")
    words = LazyModule("resources.python_code.in_scripts.words")

FEW: Final = 1000  # different whole numbers that are counted
EMPTY: Final = (-1, -1)  # the part of a block without any value
DIRECT: Final = -2  # as the second number of a part: its values are in no table
_MOST_BYTES: Final = 64 * 2**20  # of the different texts that are held


class Facts(msgspec.Struct, forbid_unknown_fields=True):
    """What is known of a column. `parts` says of each block where values are: (array, 0), or (ends, bytes) of texts.

    With `table`, values are places in that array, or in `words` where the column holds free texts.
    """

    parts: list[tuple[int, int]] = []
    table: int = -1
    is_float: bool = False
    is_text: bool = False
    words: list[str] = []
    odd: dict[int, str] = {}
    example: tuple[int, str, float] | None = None
    decimal: str = ""
    number_row: int | None = None
    mixed: int | None = None
    mark: str = ""
    other: float | None = None
    sure: bool = True
    dates: bool = False
    zones: int | None = None
    minimum: float = math.inf
    maximum: float = -math.inf
    missing: int = 0
    distinct: int | None = None


class Texts:
    """Different texts in the order in which they come, with how often and where first."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self.first: list[int] = []
        self.counts: Array = np.zeros(0, np.int64)
        self._characters = 0

    def add(self, fields: list[str], codes: Array, row: int) -> Array:
        """The places of the fields of a block, whose different ones are `fields`, by `codes`."""
        counts = np.bincount(codes, minlength=len(fields))
        firsts = np.zeros(len(fields), np.int64)
        firsts[codes[::-1]] = np.arange(len(codes))[::-1]
        mapped = np.zeros(len(fields), np.int64)
        for number, field in enumerate(fields):
            place = self.places.setdefault(field, len(self.places))
            if place == len(self.first):
                self.first.append(row + int(firsts[number]))
                self._characters += len(field)
            mapped[number] = place
        if len(self.places) > len(self.counts):
            self.counts = np.append(self.counts, np.zeros(len(self.places) - len(self.counts), np.int64))
        np.add.at(self.counts, mapped, counts)
        return mapped[codes]

    @property
    def are_too_many(self) -> bool:
        """For classes: they are free texts."""
        return len(self.places) > words.MOST_CLASSES or self._characters > _MOST_BYTES


class KeptColumn:
    """Values of a column, block by block."""

    def __init__(self, writer: Writer) -> None:
        self.facts = Facts()
        self._writer = writer
        self._texts = Texts()
        self._few: set[int] | None = set()

    def forget(self) -> None:
        """What was found out and kept."""
        self.facts, self._texts, self._few = Facts(), Texts(), set()

    def put_values(self, values: Array, row: int, written: Callable[[int], str], second: int = 0) -> None:
        """int64 or float64 from `row` on; `written` is what stands where there is no value. Raises NoRoomError."""
        facts = self.facts
        facts.parts.append((self._writer.put(values), second))
        finite = values
        if values.dtype.kind == "f":
            facts.is_float = True
            gaps = np.isnan(values)
            missing = int(gaps.sum())
            if missing:
                first = int(np.argmax(gaps))
                if not facts.odd:
                    facts.odd[row + first] = written(first)
                facts.missing += missing
            finite = values[np.isfinite(values)]
        if len(finite):
            facts.minimum = min(facts.minimum, float(finite.min()))
            facts.maximum = max(facts.maximum, float(finite.max()))
        self.count(values)

    def put_places(self, fields: list[str], codes: Array, row: int) -> None:
        """A block of texts as places among all different ones."""
        places = self._texts.add(fields, codes, row)
        self.facts.parts.append((self._writer.put(places.astype(np.int32)), 0))

    def put_texts(self, texts: list[str]) -> None:
        written = [text.encode("utf-8", "replace") for text in texts]
        ends = np.cumsum([len(text) for text in written], dtype=np.int64)
        first = self._writer.put(ends)
        self.facts.parts.append((first, self._writer.put(np.frombuffer(b"".join(written), np.uint8))))

    def count(self, values: Array) -> None:
        """The different whole numbers, while they are few."""
        if self._few is None:
            return
        if values.dtype.kind == "f" or len(set(values[: FEW * 4].tolist())) > FEW:
            self._few = None
            return
        self._few |= set(np.unique(values).tolist())
        if len(self._few) > FEW:
            self._few = None

    def summarise(self, values: Array) -> None:
        """`values` are those of the different texts."""
        facts, counts = self.facts, self._texts.counts
        if facts.words:
            facts.missing = int(counts[values < 0].sum())
            return
        facts.is_float = values.dtype.kind == "f"
        facts.missing = int(counts[np.isnan(values)].sum()) if facts.is_float else 0
        finite = values[np.isfinite(values)]
        if len(finite):
            facts.minimum, facts.maximum = float(finite.min()), float(finite.max())
        if not facts.is_float:
            different = len(np.unique(values))
            facts.distinct = different if different <= FEW else None
