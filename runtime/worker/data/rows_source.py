"""Some samples of a source, as a source: those that a step leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from resources.text import Text
from runtime.lazy import LazyModule
from runtime.messages.checking import DataProblem, ProposedMend
from runtime.spec import ColumnKind, Step
from runtime.worker.data.source import Array, Part, Source, Unreadable

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")


class RowsSource(Source):
    """The samples `rows` of `base`, which rise. `base` is closed by whoever has opened it."""

    def __init__(self, base: Source, rows: Array, note: Text | None) -> None:
        self._base, self._rows = base, rows
        self.note = base.note if note is None else note
        self.left_out = base.left_out

    @property
    def title(self) -> str:
        return self._base.title

    def names(self) -> tuple[str, ...]:
        return self._base.names()

    def has(self, name: str) -> bool:
        return self._base.has(name)

    def shape(self, name: str) -> tuple[int, ...]:
        return (len(self._rows), *self._base.shape(name)[1:])

    def dtype(self, name: str) -> np.dtype[Any]:
        return self._base.dtype(name)

    def read(self, name: str, rows: slice) -> Array:
        chosen = self._rows[rows]
        if len(chosen) and chosen[-1] - chosen[0] == len(chosen) - 1:
            return self._base.read(name, slice(int(chosen[0]), int(chosen[-1]) + 1))
        return self._base.take(name, chosen)

    def take(self, name: str, rows: Array) -> Array:
        return self._base.take(name, self._rows[rows])

    def run_rows(self, name: str) -> int:
        return self._base.run_rows(name)

    @property
    def decodes_in_threads(self) -> bool:
        return self._base.decodes_in_threads

    def parts(self) -> Mapping[Part, tuple[slice, ...]]:
        def mine(part: slice) -> slice:
            first, last = np.searchsorted(self._rows, (part.start, part.stop))
            return slice(int(first), int(last))

        return {name: tuple(map(mine, parts)) for name, parts in self._base.parts().items()}

    def unreadable(self) -> Sequence[Unreadable]:
        places = {int(row): place for place, row in enumerate(self._rows.tolist())}
        return [Unreadable(places[row], name, reason) for row, name, reason in self._base.unreadable() if row in places]

    def same_samples(self) -> Sequence[tuple[int, ...]]:
        places = {int(row): place for place, row in enumerate(self._rows.tolist())}
        kept = (tuple(places[row] for row in group if row in places) for group in self._base.same_samples())
        return [group for group in kept if len(group) > 1]

    def reshaping(self, name: str, shape: Sequence[int | None]) -> ProposedMend | None:
        return self._base.reshaping(name, shape)

    def sample_kind(self, name: str) -> ColumnKind | None:
        return self._base.sample_kind(name)

    def steps(self, name: str) -> Sequence[Step]:
        return self._base.steps(name)

    def file_format(self, name: str) -> dict[str, Any]:
        return self._base.file_format(name)

    def thumbnail(self, name: str, row: int, size: int) -> Array | None:
        return self._base.thumbnail(name, int(self._rows[row]), size)

    def categories(self, name: str) -> tuple[str, ...]:
        return self._base.categories(name)

    def written(self, name: str, row: int) -> str | None:
        return self._base.written(name, int(self._rows[row]))

    def doubts(self, name: str) -> Iterable[DataProblem]:
        return self._base.doubts(name)

    def problems(self) -> Iterable[DataProblem]:
        return self._base.problems()

    def read_through(self, name: str, tell: Callable[[float], None]) -> None:
        self._base.read_through(name, tell)

    def number_among_words(self, name: str) -> int | None:
        row = self._base.number_among_words(name)
        if row is None:
            return None
        place = int(np.searchsorted(self._rows, row))
        return place if place < len(self._rows) and self._rows[place] == row else None

    def in_memory(self) -> bool:
        return self._base.in_memory()

    def origin(self, row: int) -> int:
        return self._base.origin(int(self._rows[row]))

    def place(self, row: int) -> Text:
        return self._base.place(int(self._rows[row]))
