"""What all tables have in common whose columns are held in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from runtime.spec import ColumnKind
from runtime.worker.data.source import Array, Source

if TYPE_CHECKING:
    import numpy as np


class HeldColumn(Protocol):
    """What a column was read as; `Cells` and `Reading` of `resources/python_code/in_scripts` say what each means."""

    values: Any
    words: list[str]
    odd: dict[int, str]
    number_row: int | None
    dates: bool


C = TypeVar("C", bound=HeldColumn)


class HeldTable(Source, Generic[C]):
    def __init__(self, title: str, columns: dict[str, C]) -> None:
        self._title, self._columns = title, columns

    @property
    def title(self) -> str:
        return self._title

    def names(self) -> tuple[str, ...]:
        return tuple(self._columns)

    def has(self, name: str) -> bool:
        return name in self._columns

    def shape(self, name: str) -> tuple[int, ...]:
        shape: tuple[int, ...] = self._columns[name].values.shape
        return shape

    def dtype(self, name: str) -> np.dtype[Any]:
        dtype: np.dtype[Any] = self._columns[name].values.dtype
        return dtype

    def categories(self, name: str) -> tuple[str, ...]:
        return tuple(self._columns[name].words)

    def sample_kind(self, name: str) -> ColumnKind | None:
        column = self._columns[name]
        return "date" if column.dates else "text" if column.values.dtype.kind == "O" else None

    def read(self, name: str, rows: slice) -> Array:
        self.require(name)
        values: Array = self._columns[name].values[rows]
        return values

    def written(self, name: str, row: int) -> str | None:
        return self._columns[name].odd.get(row)

    def number_among_words(self, name: str) -> int | None:
        return self._columns[name].number_row
