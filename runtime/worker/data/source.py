"""Columns of samples, wherever they come from. Free of Keras.

Every error is one sentence that names the file, the column and the place.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from resources.regular_files import reason, require_regular, shown_path
from resources.text import Text
from runtime.data_kinds import kind_module, unknown_kind
from runtime.lazy import LazyModule
from runtime.protocol import Column, ColumnKind
from runtime.spec import NO_FILE, DataSource
from runtime.worker.process.control import WorkerError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[Any]
else:
    np = LazyModule("numpy")
    Array = Any

STATISTICS_BYTES: Final = (
    256 * 2**20
)  # larger columns are described without minimum and maximum: reading them takes too long
CATEGORY_LIMIT: Final = 20  # so few different whole numbers look like classes
WORDS_LIMIT: Final = 50  # so few different words are always classes; more only if words repeat
SMALLEST_IMAGE: Final = 4


class DataError(WorkerError):
    """Data that cannot be used."""


class Source(ABC):
    """An open data source. The first axis of every column is the sample."""

    note: Text | None = None  # what people should know about the data as a whole

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
        """Samples `rows` (step 1) as numbers. Words come as positions in `categories`. Raises DataError."""

    def categories(self, name: str) -> tuple[str, ...]:
        """The different words of a column of words, sorted; empty for numbers."""
        return ()

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
        if name not in self.names():
            raise DataError(Text("{file} has no column {column}.", {"file": self.title, "column": name}))

    def columns(self) -> tuple[Column, ...]:
        return tuple(self.column(name) for name in self.names())

    def column(self, name: str) -> Column:
        """Return what the column holds; columns of up to STATISTICS_BYTES are read for it. Raises DataError."""
        self.require(name)
        shape, dtype, words = self.shape(name), self.dtype(name), self.categories(name)
        facts: dict[str, Any] = {}
        if not words and np.prod(shape, dtype=float) * dtype.itemsize <= STATISTICS_BYTES:
            facts = statistics(self.read(name, slice(0, shape[0])))
        kind = column_kind(shape, dtype, words, facts.get("distinct"), facts.get("minimum"))
        return Column(
            name, shape[1:], str(dtype), shape[0], kind, categories=words if kind == "category" else (), **facts
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
    shape: Sequence[int], dtype: np.dtype[Any], words: tuple[str, ...], distinct: int | None, minimum: float | None
) -> ColumnKind:
    """`shape` is with the sample axis."""
    if words:
        return "category" if len(words) <= max(WORDS_LIMIT, shape[0] // 2) else "text"
    sample = tuple(shape[1:])
    if len(sample) == 2 or (len(sample) == 3 and sample[2] in (1, 3)):
        return "image" if min(sample[:2]) >= SMALLEST_IMAGE else "number"
    few = distinct is not None and distinct <= CATEGORY_LIMIT
    return "category" if few and not sample and dtype.kind in "iub" and (minimum or 0) >= 0 else "number"


def words_to_ids(texts: Array) -> tuple[Array, tuple[str, ...]]:
    """Positions in the sorted different words, and these words."""
    words, ids = np.unique(texts, return_inverse=True)
    return ids.reshape(texts.shape).astype(np.int64), tuple(str(word) for word in words)


def require_file(path: str) -> Path:
    """Raises DataError when the file is not there, or no regular file."""
    file = Path(path)
    try:
        require_regular(file)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DataError(Text("The data file {file} is not there any more.", {"file": path})) from error
    except OSError as error:
        raise DataError(
            Text.of("{file} could not be read: {reason}.", file=shown_path(path), reason=reason(error))
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
    opened: Source = module.open_source(source)
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
