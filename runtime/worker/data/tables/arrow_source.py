"""Columns of Arrow, whatever file they lie in: which are columns of samples, and their values, read when asked for."""

from __future__ import annotations

import math
import time
from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar, Final

from resources.text import Text
from runtime.lazy import LazyModule
from runtime.spec import ColumnKind
from runtime.worker.data.columns import left_out_note
from runtime.worker.data.pictures.reading import PictureError, thumbnail, verify
from runtime.worker.data.source import Array, DataError, Source, Unreadable
from runtime.worker.data.tables.arrow_pictures import LOOKED_AT, PictureColumn, bytes_in, file_of, may_be_pictures
from runtime.worker.data.thumbnails import thumbnail_of

if TYPE_CHECKING:
    import numpy as np

    from resources.python_code.in_scripts import arrow, cells
else:
    np = LazyModule("numpy")
    arrow = LazyModule("resources.python_code.in_scripts.arrow")
    cells = LazyModule("resources.python_code.in_scripts.cells")

WORD_BYTES: Final = 64 * 2**20  # of a column of words; more are texts, which are read when they are wanted
_KEPT_BYTES: Final = 256 * 2**20  # of pieces that were read last
_NESTED: Final = Text("it holds lists of different lengths, or named fields")
_BYTES: Final = Text("it holds bytes that are no pictures: store them as files, or as lists of numbers of one length")
_LOOK_SECONDS: Final = 3.0  # for pictures that cannot be read
_TOO_LONG: Final = Text("one sample of it is larger than 1 GB")
_LARGEST_SAMPLE: Final = 2**30


class ArrowSource(Source):
    """A table in pieces (row groups, record batches), `starts` of which are the rows that they begin at."""

    is_mapped: ClassVar[bool] = False  # values are copied: a file that is cut off takes along who looks at it

    def __init__(self, title: str, schema: Any, starts: list[int], rows: int) -> None:
        self._title, self._starts, self._rows = title, [*starts, rows], rows
        self._types: dict[str, Any] = {}
        self._words: dict[str, cells.Cells | None] = {}
        self._pieces: OrderedDict[tuple[str, int], Any] = OrderedDict()
        self._kept = 0
        self._pictures: dict[str, PictureColumn] = {}
        self._unreadable: list[Unreadable] | None = None
        self._looked_at_all = False
        left_out: dict[str, Text] = {}
        for field in schema:
            name = field.name
            if name in self._types or name in left_out:
                raise DataError(Text("{file} has two columns called {name}.", {"file": title, "name": name}))
            kind = storage_type(field.type)
            reason = _reason(kind)
            if reason is not None and may_be_pictures(kind):
                found, reason = PictureColumn.of(self.head(name)), _BYTES
                if found is not None:
                    self._pictures[name], reason = found, None
            if reason is None:
                self._types[name] = kind
            else:
                left_out[name] = reason
        self.left_out, self.note = left_out, left_out_note(left_out)

    @abstractmethod
    def piece(self, name: str, number: int) -> Any:
        """The values of a column in piece `number`, as Arrow has them. Raises DataError."""

    def head(self, name: str) -> Any:
        """A few values from the beginning of a column. Raises DataError."""
        first = next(number for number in range(len(self._starts) - 1) if self._starts[number + 1])
        return self.piece(name, first).slice(0, LOOKED_AT)

    @abstractmethod
    def text_bytes(self, name: str) -> int:
        """About how much a column of texts takes."""

    @property
    def title(self) -> str:
        return self._title

    def names(self) -> tuple[str, ...]:
        return tuple(self._types)

    def has(self, name: str) -> bool:
        return name in self._types

    def in_memory(self) -> bool:
        return False

    def run_rows(self, name: str) -> int:
        """Pieces are read whole: the largest one says it."""
        longest = max((last - first for first, last in zip(self._starts, self._starts[1:], strict=False)), default=1)
        return max(1, longest)

    def place(self, row: int) -> Text:
        return Text("row {row}", {"row": row + 1})

    def shape(self, name: str) -> tuple[int, ...]:
        import pyarrow as pa

        kind = self._types[name]
        if name in self._pictures:
            return (self._rows, *self._pictures[name].format.shape)
        return (self._rows, kind.list_size) if pa.types.is_fixed_size_list(kind) else (self._rows,)

    def dtype(self, name: str) -> np.dtype[Any]:
        if name in self._pictures:
            return self._pictures[name].format.dtype
        if self._is_text(name):
            read = self._cells(name)
            return np.dtype(object) if read is None else read.values.dtype
        return _dtype(self._types[name], self.has_gaps(name))

    def has_gaps(self, name: str) -> bool:
        """Whether a value may be missing in a column of whole numbers."""
        return True

    def categories(self, name: str) -> tuple[str, ...]:
        read = self._cells(name) if self._is_text(name) else None
        return tuple(read.words) if read is not None else ()

    def sample_kind(self, name: str) -> ColumnKind | None:
        import pyarrow as pa

        if self._is_text(name):
            read = self._cells(name)
            return "text" if read is None else "date" if read.dates else None
        if name in self._pictures:
            return "image"
        kind = self._types[name]
        return "date" if pa.types.is_timestamp(kind) or pa.types.is_date(kind) else None

    def written(self, name: str, row: int) -> str | None:
        read = self._cells(name) if self._is_text(name) else None
        return read.odd.get(row) if read is not None else None

    def number_among_words(self, name: str) -> int | None:
        read = self._cells(name) if self._is_text(name) else None
        return read.number_row if read is not None else None

    def read(self, name: str, rows: slice) -> Array:
        self.require(name)
        if self._is_text(name) and (read := self._cells(name)) is not None:
            values: Array = read.values[rows]
            return values
        first, last, _ = rows.indices(self._rows)
        if name in self._pictures:
            return self.take(name, np.arange(first, last))
        parts = [self._values(name, number)[start:stop] for number, start, stop in self._within(first, last)]
        if not parts:
            return np.zeros((0, *self.shape(name)[1:]), self.dtype(name))
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def take(self, name: str, rows: Array) -> Array:
        if name not in self._pictures:
            return super().take(name, rows)
        self.require(name)
        pictures = self._pictures[name]
        taken = np.empty((len(rows), *pictures.format.shape), pictures.format.dtype)
        numbers = np.searchsorted(self._starts, rows, "right") - 1
        for number in np.unique(numbers):
            places = np.flatnonzero(numbers == number)
            held = self._held(name, int(number))
            files = [held[int(rows[place]) - self._starts[number]] for place in places]
            try:
                taken[places] = pictures.read(files)
            except PictureError:
                for place, file in zip(places, files, strict=True):
                    self._require_readable(name, int(rows[place]), file)
                raise
        return taken

    def _require_readable(self, name: str, row: int, file: Any) -> None:
        """Raises DataError, which names the picture."""
        try:
            self._pictures[name].read([file])
        except PictureError as error:
            reason, place = Text.of("{reason}", reason=error.reason), self.place(row)
            text = Text.of("{file}: {name} cannot be read: {reason}.", file=self._title, name=place, reason=reason)
            raise DataError(text, error.detail) from error

    def file_format(self, name: str) -> dict[str, Any]:
        found = self._pictures.get(name)
        return {} if found is None else {"kind": "picture", **asdict(found.format)}

    def thumbnail(self, name: str, row: int, size: int) -> Array | None:
        if name not in self._pictures:
            return super().thumbnail(name, row, size)
        number = int(np.searchsorted(self._starts, row, "right")) - 1
        file = self._held(name, number)[row - self._starts[number]]
        self._require_readable(name, row, file)
        return thumbnail_of(thumbnail(file_of(file), size), size)

    def unreadable(self) -> Sequence[Unreadable]:
        """Pictures, after a look into each, or as many as there is time for."""
        if self._unreadable is None:
            self._unreadable, until = [], time.monotonic() + _LOOK_SECONDS
            for name in self._pictures:
                for number, start in enumerate(self._starts[:-1]):
                    if time.monotonic() > until:
                        break
                    self._unreadable += self._bad_ones(name, number, start, until)
            self._looked_at_all = time.monotonic() <= until
        return self._unreadable

    def read_through(self, name: str, tell: Callable[[float], None]) -> None:
        bad: Iterable[Unreadable] = self.unreadable()
        if name not in self._pictures:
            return
        if not bad and not self._looked_at_all:
            bad = self._all_bad_ones(name, tell)
        for one in bad:
            raise DataError(
                Text.of("{file}: {name} cannot be read: {reason}.", file=self._title, name=one.name, reason=one.reason)
            )

    def _all_bad_ones(self, name: str, tell: Callable[[float], None]) -> Iterator[Unreadable]:
        for number, start in enumerate(self._starts[:-1]):
            tell(number / (len(self._starts) - 1))
            yield from self._bad_ones(name, number, start, math.inf)

    def _bad_ones(self, name: str, number: int, start: int, until: float) -> Iterator[Unreadable]:
        for place, file in enumerate(self._held(name, number)):
            try:
                verify(file_of(file))
            except PictureError as error:
                row = start + place
                yield Unreadable(row, str(self.place(row)), Text.of("{reason}", reason=error.reason))
            if time.monotonic() > until:
                return

    def _described_rows(self, name: str) -> Array | None:
        return np.arange(min(self._rows, LOOKED_AT)) if name in self._pictures else super()._described_rows(name)

    def _described_values(self, name: str, rows: Array | None) -> Array:
        if name not in self._pictures or rows is None:
            return super()._described_values(name, rows)
        values = [np.zeros((0, *self.shape(name)[1:]), self.dtype(name))]
        for row in rows.tolist():
            try:
                values.append(self.take(name, np.array([row])))
            except DataError:
                continue  # the check names it; what the column holds is told by the others
        return np.concatenate(values)

    def _held(self, name: str, number: int) -> Any:
        """The files of pictures of a piece, as Arrow has them."""
        key = (name, number)
        if key not in self._pieces:
            self._keep(key, bytes_in(self.piece(name, number)))
        self._pieces.move_to_end(key)
        return self._pieces[key]

    def close(self) -> None:
        for pictures in self._pictures.values():
            pictures.close()

    def _within(self, first: int, last: int) -> Iterator[tuple[int, int, int]]:
        """The pieces that hold these rows, each with the rows of its own."""
        number = max(0, int(np.searchsorted(self._starts, first, "right")) - 1)
        while number < len(self._starts) - 1 and self._starts[number] < last:
            start, stop = self._starts[number], self._starts[number + 1]
            if stop > start:
                yield number, max(first - start, 0), min(last, stop) - start
            number += 1

    def _values(self, name: str, number: int) -> Array:
        key = (name, number)
        if key in self._pieces:
            self._pieces.move_to_end(key)
            known: Array = self._pieces[key]
            return known
        column = self.piece(name, number)
        if self._is_text(name):
            values = np.array(["" if text is None else text for text in _texts(column)], dtype=object)
        else:
            values = np.asarray(arrow.arrow_values(column)).astype(self.dtype(name), copy=self.is_mapped)
        self._keep(key, values)
        return values

    def _keep(self, key: tuple[str, int], values: Any) -> None:
        self._pieces[key] = values
        self._kept += values.nbytes
        while self._kept > _KEPT_BYTES and len(self._pieces) > 1:
            self._kept -= self._pieces.popitem(last=False)[1].nbytes

    def _is_text(self, name: str) -> bool:
        import pyarrow as pa

        if name in self._pictures:
            return False
        kind = self._types[name]
        return bool(arrow.is_words(kind.value_type if pa.types.is_dictionary(kind) else kind))

    def _cells(self, name: str) -> cells.Cells | None:
        """A column of words, read whole; None for one that holds too much, which is one of texts."""
        if name not in self._words:
            found = None
            if self.text_bytes(name) <= WORD_BYTES:
                texts = [text for number in range(len(self._starts) - 1) for text in _texts(self.piece(name, number))]
                found = cells.read_cells(texts)
                found = None if found.values.dtype.kind == "O" else found  # they are read when they are wanted
            self._words[name] = found
        return self._words[name]


def _texts(column: Any) -> list[str | None]:
    """Of a dictionary each text once: a small file may name one that is long in each of its rows."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        found: list[str | None] = column.to_pylist()
        return found
    texts: list[str | None] = []
    for chunk in column.chunks if isinstance(column, pa.ChunkedArray) else (column,):
        words = [*chunk.dictionary.to_pylist(), None]
        texts += [words[-1 if place is None else place] for place in chunk.indices.to_pylist()]
    return texts


def storage_type(kind: Any) -> Any:
    """The type that an extension type stores."""
    return storage_type(kind.storage_type) if hasattr(kind, "storage_type") else kind


def _reason(kind: Any) -> Text | None:
    """Why values of this type of Arrow are no samples; None if they are."""
    import pyarrow as pa

    types = pa.types
    if types.is_dictionary(kind):
        return _reason(kind.value_type)
    if types.is_fixed_size_list(kind):
        inner = storage_type(kind.value_type)
        if kind.list_size == 0 or not (types.is_integer(inner) or types.is_floating(inner) or types.is_boolean(inner)):
            return _NESTED
        return _TOO_LONG if kind.list_size * 8 > _LARGEST_SAMPLE else None
    if types.is_nested(kind):
        return _NESTED
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return _BYTES
    plain = types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind) or types.is_decimal(kind)
    if plain or arrow.is_words(kind) or (types.is_temporal(kind) and not types.is_interval(kind)):
        return None
    return Text("its type is {dtype}", {"dtype": str(kind)})


def _dtype(kind: Any, has_gaps: bool) -> np.dtype[Any]:
    """Of the values that `arrow_values` gives."""
    import pyarrow as pa

    types = pa.types
    if types.is_dictionary(kind):
        return _dtype(kind.value_type, has_gaps)
    if types.is_fixed_size_list(kind):
        return _dtype(storage_type(kind.value_type), has_gaps)
    whole = types.is_integer(kind) or types.is_boolean(kind)
    if (whole and has_gaps) or types.is_decimal(kind) or types.is_temporal(kind):
        return np.dtype(np.float64)
    dtype: np.dtype[Any] = np.dtype(kind.to_pandas_dtype())
    return dtype
