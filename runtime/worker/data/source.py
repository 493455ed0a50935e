"""Columns of samples, wherever they come from. Free of Keras.

Every error is one sentence that names the file, the column and the place.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from resources.os_reasons import os_reason
from resources.plain import listed
from resources.regular_files import require_regular, shown_path
from resources.text import Text
from runtime.data_kinds import kind_module, unknown_kind
from runtime.lazy import LazyModule
from runtime.protocol import Column, ColumnKind, DataProblem
from runtime.spec import NO_FILE, DataSource
from runtime.worker.process.control import WorkerError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from resources.python_code.in_scripts import tables, words

    Array = NDArray[Any]
else:
    np = LazyModule("numpy")
    tables = LazyModule("resources.python_code.in_scripts.tables")
    words = LazyModule("resources.python_code.in_scripts.words")
    Array = Any

STATISTICS_BYTES: Final = (
    256 * 2**20
)  # larger columns are described without minimum and maximum: reading them takes too long
CATEGORY_LIMIT: Final = 20  # so few different whole numbers look like classes
WORDS_LIMIT: Final = 50  # so few different words are always classes; more only if words repeat
SMALLEST_IMAGE: Final = 4
_SHOWN_LEFT_OUT: Final = 8
NO_SAMPLES: Final = Text("it is one number, not one a sample")
OBJECTS: Final = Text("it holds Python objects, which are not read")
_TIMES: Final = Text("it holds times: store them as numbers")


class DataError(WorkerError):
    """Data that cannot be used."""


class Source(ABC):
    """An open data source. The first axis of every column is the sample."""

    note: Text | None = None  # what people should know about the data as a whole
    left_out: Mapping[str, Text] = MappingProxyType({})  # what is no column, and why, as an end of a sentence

    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """Columns, in the order of the source."""

    @abstractmethod
    def shape(self, name: str) -> tuple[int, ...]:
        """With the sample axis."""

    @abstractmethod
    def dtype(self, name: str) -> np.dtype[Any]:
        """Of what `read` returns: bool, integers or floats."""

    @abstractmethod
    def read(self, name: str, rows: slice) -> Array:
        """Samples `rows` (step 1) as numbers. Words come as positions in `categories`, -1 for a missing one.

        Raises DataError.
        """

    def categories(self, name: str) -> tuple[str, ...]:
        """The different words of a column of words, sorted; empty for numbers."""
        return ()

    def written(self, _name: str, _row: int) -> str | None:
        """Return what stands in the file where there is no value, if that is known."""
        return None

    def doubts(self, _name: str) -> Iterable[DataProblem]:
        """Return what is wrong or odd with the column itself, and how it was read where that is not plain."""
        return ()

    def number_among_words(self, _name: str) -> int | None:
        """The first row of a column of words that holds a number."""
        return None

    def in_memory(self) -> bool:
        """Whether reading is free because everything has been read."""
        return True

    def place(self, row: int) -> Text:
        """Return where sample `row` is found, for people."""
        return Text("index {row}", {"row": row})

    @property
    @abstractmethod
    def title(self) -> str:
        """File name for messages."""

    def close(self) -> None:  # noqa: B027 - most sources have nothing to let go of
        """Lets go of the file."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def require(self, name: str) -> None:
        """Raises DataError where there is no such column."""
        if self.has(name):
            return
        if name in self.left_out:
            text = Text.of(
                "{column} of {file} cannot be used: {reason}.",
                column=name,
                file=self.title,
                reason=self.left_out[name],
            )
            raise DataError(text)
        if not self.names():
            raise DataError(self.note or Text("{file} holds no columns.", {"file": self.title}))
        raise DataError(
            Text.of(
                "{file} has no column {column}. It has: {names}.",
                file=self.title,
                column=name,
                names=listed(self.names()),
            )
        )

    def has(self, name: str) -> bool:
        """Whether there is such a column. Asked for each bound one: who may have thousands looks through no list."""
        return name in self.names()

    def columns(self) -> tuple[Column, ...]:
        return tuple(self.column(name) for name in self.names())

    def column(self, name: str) -> Column:
        """Return what the column holds; columns of up to STATISTICS_BYTES are read for it. Raises DataError."""
        self.require(name)
        shape, dtype, categories = self.shape(name), self.dtype(name), self.categories(name)
        facts: dict[str, Any] = {}
        if categories:
            facts["missing"] = int((self.read(name, slice(0, shape[0])) < 0).sum())
        elif np.prod(shape, dtype=float) * dtype.itemsize <= STATISTICS_BYTES:
            facts = statistics(self.read(name, slice(0, shape[0])))
        kind = column_kind(shape, dtype, categories, facts.get("distinct"), facts.get("minimum"))
        return Column(
            name, shape[1:], str(dtype), shape[0], kind, categories=categories if kind == "category" else (), **facts
        )


def statistics(values: Array) -> dict[str, Any]:
    """Minimum and maximum of what is finite, number of NaN, and of different whole numbers up to CATEGORY_LIMIT."""
    if values.size == 0:
        return {}
    missing = 0
    if values.dtype.kind == "f":
        finite = np.isfinite(values)
        missing = int(np.isnan(values).sum())
        values = values if finite.all() else values[finite]
    if values.size == 0:
        return {"missing": missing}
    facts = {"minimum": float(values.min()), "maximum": float(values.max()), "missing": missing}
    if values.ndim == 1 and values.dtype.kind in "iub":
        distinct = len(np.unique(values))
        if distinct <= max(CATEGORY_LIMIT, 1000):
            facts["distinct"] = distinct
    return facts


def column_kind(
    shape: Sequence[int], dtype: np.dtype[Any], categories: tuple[str, ...], distinct: int | None, minimum: float | None
) -> ColumnKind:
    """`shape` is with the sample axis."""
    if categories:
        return "category" if len(categories) <= max(WORDS_LIMIT, shape[0] // 2) else "text"
    sample = tuple(shape[1:])
    if len(sample) == 2 or (len(sample) == 3 and sample[2] in (1, 3)):
        return "image" if min(sample[:2]) >= SMALLEST_IMAGE else "number"
    few = distinct is not None and distinct <= CATEGORY_LIMIT
    return "category" if few and not sample and dtype.kind in "iub" and (minimum or 0) >= 0 else "number"


def number_text(value: float) -> str:
    """A number as people write it: 1000, 0.25, 1e+39."""
    if isinstance(value, int):
        return str(int(value))
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else f"{value:.10g}"


class Words:
    """A column of texts: the numbers that they all are, or places in its `words`, -1 where a word is missing."""

    def __init__(self, texts: Array) -> None:
        """`texts` has the shape (samples,)."""
        written = [text.decode(errors="replace") if isinstance(text, bytes) else str(text) for text in texts]
        values = words.plain_numbers(written)
        self.values, found = words.places_of_words(written) if values is None else (values, ())
        self.words = tuple(found)
        missing = self.values < 0 if self.words else np.isnan(self.values)
        self._missing = {row: written[row] for row in np.flatnonzero(missing)[:1].tolist()}
        numbers = (row for row, text in enumerate(written) if self.words and tables.is_number(text))
        self.number_row = next(numbers, None)

    def written(self, row: int) -> str | None:
        return self._missing.get(row)


def unusable_dtype(dtype: np.dtype[Any]) -> Text | None:
    """Why values of this type are no numbers; None if they are."""
    if dtype.kind in "biuf":
        return None
    if dtype.names is not None:
        return Text("it has named fields: store each field as an array of its own")
    reasons = {"O": OBJECTS, "c": Text("it holds complex numbers"), "M": _TIMES, "m": _TIMES}
    return reasons.get(dtype.kind, Text("its type is {dtype}", {"dtype": str(dtype)}))


def left_out_note(left_out: Mapping[str, Text]) -> Text | None:
    """What is said of a file in which some things are no columns."""
    if not left_out:
        return None
    names, reasons = list(left_out), list(left_out.values())
    if any(reason != reasons[0] for reason in reasons):
        return Text.of(
            "Left out, because they are no columns of numbers: {names}.", names=listed(names, _SHOWN_LEFT_OUT)
        )
    return Text.of("Left out: {names}. Reason: {reason}.", names=listed(names, _SHOWN_LEFT_OUT), reason=reasons[0])


def require_file(path: str) -> Path:
    """Raises DataError when the file is not there, or no regular file."""
    file = Path(path)
    try:
        require_regular(file)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DataError(Text("The data file {file} is not there any more.", {"file": path})) from error
    except OSError as error:
        raise DataError(
            Text.of("{file} could not be read: {reason}.", file=shown_path(path), reason=os_reason(error))
        ) from error
    return file


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    try:
        module = kind_module(source.kind)
    except ModuleNotFoundError as error:
        raise DataError(unknown_kind(source.kind)) from error
    if module.KIND.suffixes and source.made_up:
        raise DataError(NO_FILE)
    try:
        opened: Source = module.open_source(source)
    except MemoryError as error:
        file = Path(source.path).name or str(source.kind)
        raise DataError(Text("{file} does not fit into memory.", {"file": file})) from error
    return opened


class Sources:
    """Keeps the last data source open while its file stays the same: CSV files take long to read."""

    def __init__(self) -> None:
        self._key: tuple[DataSource, object] | None = None
        self._source: Source | None = None

    def open(self, source: DataSource) -> Source:
        """The caller does not close it. Raises DataError."""
        key = (source, _stamp(source))
        if self._source is None or self._key != key:
            self.close()
            self._source, self._key = open_source(source), key
        return self._source

    def close(self) -> None:
        if self._source is not None:
            self._source.close()
        self._source, self._key = None, None


def _stamp(source: DataSource) -> object:
    if not source.path:
        return None
    try:
        status = Path(source.path).stat()
    except OSError:
        return object()  # unlike any other: the file is opened again, which tells what is wrong
    return status.st_mtime_ns, status.st_size, status.st_ino
