"""What the Data workspace shows of a data source."""

import math
from typing import Final

import numpy as np

from resources.text import Text
from runtime.messages.describing import Column
from runtime.messages.looking import ColumnPreview, PreviewData, SmallWave, Thumbnail
from runtime.worker.data.looking.thumbnails import small_picture
from runtime.worker.data.looking.waves import small_wave
from runtime.worker.data.source import Array, DataError, Source

PREVIEW_BYTES: Final = 4 * 2**20  # of one column
_FIRST_NUMBERS: Final = 8  # of a long sample that is only looked at
_LONGEST_TEXT: Final = 400


def describe(source: Source) -> tuple[tuple[Column, ...], int, Text | None]:
    """Columns, the number of samples of the longest one, and what people should know. Raises DataError."""
    columns = source.columns()
    return columns, max((column.samples for column in columns), default=0), source.note


def preview(source: Source, asked: PreviewData) -> tuple[ColumnPreview, ...]:
    """The samples that are asked for, fewer of large samples unless they are only looked at. Raises DataError."""
    return tuple(_preview(source, source.column(name), asked) for name in asked.columns)


def _preview(source: Source, column: Column, asked: PreviewData) -> ColumnPreview:
    rows = _rows(column, asked)
    if asked.thumbnails and column.kind in ("image", "mask"):
        return _pictures(source, column, rows, asked)
    if asked.thumbnails and column.kind == "audio":
        return _waves(source, column, rows, asked)
    values = _values(source, column, rows, bool(asked.thumbnails))
    if values.dtype.kind == "O":
        texts = tuple(str(text)[:_LONGEST_TEXT] for text in values.reshape(len(values), -1)[:, 0])
        return ColumnPreview(column.name, column.kind, column.shape, str(values.dtype), len(values), b"", texts)
    texts = _texts(source, column.name, values)
    little = values.astype(values.dtype.newbyteorder("<"))
    return ColumnPreview(
        column.name, column.kind, values.shape[1:], str(values.dtype), len(values), little.tobytes(), texts
    )


def _rows(column: Column, asked: PreviewData) -> Array:
    if asked.rows:
        return np.array([row for row in asked.rows if 0 <= row < column.samples], np.int64)
    count = asked.count
    if not asked.thumbnails:
        count = min(count, max(1, PREVIEW_BYTES // max(1, _sample_bytes(column))))
    first = min(max(0, asked.first), column.samples)
    return np.arange(first, min(first + max(0, count), column.samples), dtype=np.int64)


def _sample_bytes(column: Column) -> int:
    return math.prod(column.shape) * np.dtype(column.dtype).itemsize


def _values(source: Source, column: Column, rows: Array, cut: bool) -> Array:
    """`cut`: of long samples the first numbers only, read in pieces that fit into memory."""
    if not cut or math.prod(column.shape) <= _FIRST_NUMBERS:
        return source.take(column.name, rows)
    most = max(1, PREVIEW_BYTES // max(1, _sample_bytes(column)))
    pieces = [source.take(column.name, rows[first : first + most]) for first in range(0, max(1, len(rows)), most)]
    return np.concatenate([piece.reshape(len(piece), -1)[:, :_FIRST_NUMBERS] for piece in pieces])


def _pictures(source: Source, column: Column, rows: Array, asked: PreviewData) -> ColumnPreview:
    pictures: list[Thumbnail | None] = []
    unreadable: dict[int, Text] = {}
    for place, row in enumerate(rows.tolist()):
        try:
            pictures.append(small_picture(source, column, row, asked.thumbnails))
        except DataError as error:
            unreadable[place] = error.text
            pictures.append(None)
    return ColumnPreview(
        column.name,
        column.kind,
        column.shape,
        column.dtype,
        len(rows),
        pictures=tuple(pictures),
        unreadable=unreadable,
        places=tuple(source.place(row) for row in rows.tolist()) if asked.rows else (),
    )


def _waves(source: Source, column: Column, rows: Array, asked: PreviewData) -> ColumnPreview:
    """One sound after the other: one that cannot be read takes no others along."""
    waves: list[SmallWave | None] = []
    unreadable: dict[int, Text] = {}
    for place, row in enumerate(rows.tolist()):
        try:
            waves.append(small_wave(source.take(column.name, np.array([row], np.int64))[0]))
        except DataError as error:
            unreadable[place] = error.text
            waves.append(None)
    return ColumnPreview(
        column.name,
        column.kind,
        column.shape,
        column.dtype,
        len(rows),
        waves=tuple(waves),
        unreadable=unreadable,
        places=tuple(source.place(row) for row in rows.tolist()) if asked.rows else (),
    )


def _texts(source: Source, name: str, values: Array) -> tuple[str, ...]:
    words = source.categories(name)
    return tuple(words[index][:_LONGEST_TEXT] if index >= 0 else "" for index in values) if words else ()
