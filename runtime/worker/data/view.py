"""What the Data workspace shows of a data source."""

from collections.abc import Sequence
from typing import Final

from resources.text import Text
from runtime.protocol import Column, ColumnPreview
from runtime.worker.data.source import Array, Source

PREVIEW_BYTES: Final = 4 * 2**20  # of one column


def describe(source: Source) -> tuple[tuple[Column, ...], int, Text | None]:
    """Columns, the number of samples of the longest one, and what people should know. Raises DataError."""
    columns = source.columns()
    return columns, max((column.samples for column in columns), default=0), source.note


def preview(source: Source, columns: Sequence[str], count: int, first: int = 0) -> tuple[ColumnPreview, ...]:
    """Up to `count` samples from `first` on, fewer of large samples. Raises DataError."""
    return tuple(_preview(source, name, count, first) for name in columns)


def _preview(source: Source, name: str, count: int, first: int) -> ColumnPreview:
    column = source.column(name)
    sample_bytes = 1
    for size in (*column.shape, source.dtype(name).itemsize):
        sample_bytes *= size
    count = max(0, min(count, column.samples - first, max(1, PREVIEW_BYTES // max(1, sample_bytes))))
    values = source.read(name, slice(first, first + count))
    texts = _texts(source, name, values)
    little = values.astype(values.dtype.newbyteorder("<"))
    return ColumnPreview(name, column.kind, column.shape, str(values.dtype), len(values), little.tobytes(), texts)


def _texts(source: Source, name: str, values: Array) -> tuple[str, ...]:
    words = source.categories(name)
    return tuple(words[index] if index >= 0 else "" for index in values) if words else ()
