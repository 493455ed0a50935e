"""Columns of samples, wherever they come from. Free of Keras.

Every error is one sentence that names the file, the column and the place.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from sys import getsizeof
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Self

from resources.plain import listed
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.messages.checking import DataProblem, ProposedMend
from runtime.messages.describing import Column
from runtime.spec import Binding, ColumnKind, Step
from runtime.worker.data.columns import column_kind, statistics
from runtime.worker.data.thumbnails import thumbnail_of
from runtime.worker.process.control import WorkerError
from runtime.worker.process.waiting import got_on

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[Any]
else:
    np = LazyModule("numpy")
    Array = Any

STATISTICS_BYTES: Final = 256 * 2**20  # larger columns are described by samples spread over them
_SPREAD_BYTES: Final = 64 * 2**20  # of those samples
_SPREAD_ROWS: Final = 2**20  # of those samples: more of small ones tell no more
_SPREAD_RUNS: Final = 64  # places that they lie at
_LOOKED_AT: Final = 32  # texts that tell how long texts are
_SMALL_GAP: Final = 64 * 2**10  # bytes between two samples that are read along, rather than read for each of them

Rows = range | Array  # samples in rising order, each once; of a range the step is 1
Part = Literal["training", "validation", "test"]


class Unreadable(NamedTuple):
    """A sample that cannot be read: `name` is what people know it by (its file), `reason` a sentence."""

    row: int
    name: str
    reason: Text


class DataError(WorkerError):
    """Data that cannot be used."""


class Source(ABC):
    """An open data source. The first axis of every column is the sample."""

    identity: str = ""  # the same for the same unchanged files, in every process; empty where that is not known
    note: Text | None = None  # what people should know about the data as a whole
    fed_as_it_is: bool = False  # `fit` gets what it gives: nothing is split, shuffled or prepared
    left_out: Mapping[str, Text] = MappingProxyType({})  # what is no column, and why, as an end of a sentence

    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """Columns, in the order of the source."""

    @abstractmethod
    def shape(self, name: str) -> tuple[int, ...]:
        """With the sample axis."""

    @abstractmethod
    def dtype(self, name: str) -> np.dtype[Any]:
        """Of what `read` returns: bool, integers or floats; object where it returns texts (`sample_kind` "text")."""

    @abstractmethod
    def read(self, name: str, rows: slice) -> Array:
        """Samples `rows` (step 1) as numbers. Words come as positions in `categories`, -1 for a missing one.

        A column of texts that has no categories comes as str objects, "" for a missing one. Raises DataError.
        """

    def read_into(self, name: str, rows: slice, out: Array) -> None:
        """The same as `read`, into an array of its shape and type. Who reads from a file may spare a copy."""
        out[...] = self.read(name, rows)

    def take(self, name: str, rows: Array) -> Array:
        """Samples `rows` (int64, in any order, each as often as it stands there). Raises DataError.

        A source in which a sample is a file overrides it; here the runs that the samples lie in are read.
        """
        count = self.shape(name)[0]
        if len(rows) == 0:
            return self.read(name, slice(0, 0))
        if self.in_memory():
            whole: Array = self.read(name, slice(0, count))[rows]
            return whole
        different, places = np.unique(rows, return_inverse=True)
        gap = max(1, min(self.run_rows(name), _SMALL_GAP // self.sample_bytes(name)))
        runs = np.split(different, np.flatnonzero(np.diff(different) > gap) + 1)
        parts = [self.read(name, slice(int(run[0]), int(run[-1]) + 1))[run - run[0]] for run in runs]
        taken: Array = np.concatenate(parts)[places]
        return taken

    def run_rows(self, _name: str) -> int:
        """How many samples in a row are read well at once; 1 where any order is as good (a sample is a file)."""
        return 4096

    def sample_bytes(self, name: str) -> int:
        """About how many bytes of memory a sample takes. Of texts some are looked at, spread over the source."""
        shape, dtype = self.shape(name), self.dtype(name)
        if dtype.kind != "O" or not shape[0]:
            return _sample_bytes(shape, dtype)
        known: dict[str, int] = self.__dict__.setdefault("_text_bytes", {})
        if name not in known:
            rows = np.unique(np.linspace(0, shape[0] - 1, _LOOKED_AT).astype(np.int64))
            texts = [text for row in rows.tolist() for text in self.read(name, slice(row, row + 1)).reshape(-1)]
            known[name] = dtype.itemsize + sum(map(getsizeof, texts)) // len(rows)
        return known[name]

    @property
    def decodes_in_threads(self) -> bool:
        """Whether `take` shares its work among threads by itself, where that pays."""
        return False

    def parts(self) -> Mapping[Part, tuple[slice, ...]]:
        """Which samples the source itself puts into a part (`x_test` beside `x_train`, a folder `test`): often none."""
        return MappingProxyType({})

    def unreadable(self) -> Sequence[Unreadable]:
        """The samples that are known by now not to be readable. Reading one raises DataError, which names it."""
        return ()

    def same_samples(self) -> Sequence[tuple[int, ...]]:
        """The samples that are known to be copies of one another, each group of them in order."""
        return ()

    def sample_kind(self, _name: str) -> ColumnKind | None:
        """What the samples are, where the source knows it; None: told from their shape and values."""
        return None

    def file_format(self, _name: str) -> dict[str, Any]:
        """How files of a column are read: its "kind" and settings by name; empty where samples are no files."""
        return {}

    def thumbnail(self, name: str, row: int, size: int) -> Array | None:
        """Sample `row` as uint8 (height, width, 1, 3 or 4) for people, sides up to `size`; None if it is no picture.

        Raises DataError.
        """
        return thumbnail_of(self.read(name, slice(row, row + 1))[0], size)

    def origin(self, row: int) -> int:
        """Which sample `row` is before steps leave some out and windows are made: the one that people look at."""
        return row

    @property
    def windowed(self) -> bool:
        """Whether a sample is a window of rows."""
        return False

    def truth_of(self, name: str) -> str:
        """The column that holds the truth of an output which `name` is bound to: of windows, what lies behind them."""
        return name

    def steps(self, _name: str) -> Sequence[Step]:
        """The steps of preparation that a column has."""
        return ()

    def categories(self, name: str) -> tuple[str, ...]:
        """The different words of a column of words, sorted; empty for numbers."""
        return ()

    def written(self, _name: str, _row: int) -> str | None:
        """Return what stands in the file where there is no value, if that is known."""
        return None

    def doubts(self, _name: str) -> Iterable[DataProblem]:
        """Return what is wrong or odd with the column itself, and how it was read where that is not plain."""
        return ()

    def problems(self) -> Iterable[DataProblem]:
        """Return what is wrong or odd with the data as a whole."""
        return ()

    def read_through(self, _name: str, _tell: Callable[[float], None]) -> None:  # noqa: B027 - others read no files
        """Read each sample once that nobody has read yet, where each is a file: none stops a training then.

        `_tell` hears how much is done, and may raise to end it. Raises DataError for what cannot be read.
        """

    def reshaping(self, _name: str, _shape: Sequence[int | None]) -> ProposedMend | None:
        """Return what would give the samples of a column this shape, where the source can read them so."""
        return None

    def order_problems(
        self, _bindings: Sequence[Binding], _inputs: Sequence[str], _outputs: Sequence[str]
    ) -> Iterable[DataProblem]:
        """Return what is bound otherwise than it comes, where it is fed as it is. The names are in Keras' order."""
        return ()

    def number_among_words(self, _name: str) -> int | None:
        """The first row of a column of words that holds a number."""
        return None

    def is_stale(self) -> bool:
        """Whether files have come or gone since it was opened, where the path of the data alone does not tell."""
        return False

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

    def raw(self) -> Source:
        """The same samples before any step of preparation."""
        return self

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
        names, found = self.names(), list[Column]()
        for name in names:
            got_on(len(found), len(names), "columns")
            found.append(self.column(name))
        return tuple(found)

    def column(self, name: str) -> Column:
        """Return what the column holds. Of a large one, samples spread over it are read for it. Raises DataError."""
        known: dict[str, Column] = self.__dict__.setdefault("_described", {})
        if name not in known:
            self.require(name)
            known[name] = self._describe(name)
        return known[name]

    def _describe(self, name: str) -> Column:
        shape, dtype, categories = self.shape(name), self.dtype(name), self.categories(name)
        rows = None if dtype.kind == "O" else self._described_rows(name)
        facts: dict[str, Any] = {}
        if dtype.kind != "O":
            values = self._described_values(name, rows)
            facts = {"missing": int((values < 0).sum())} if categories else statistics(values)
        kind = self.sample_kind(name) or column_kind(
            shape, dtype, categories, facts.get("distinct"), facts.get("minimum")
        )
        return Column(
            name,
            shape[1:],
            str(dtype),
            shape[0],
            kind,
            categories=categories if kind == "category" else (),
            sampled=0 if rows is None else len(rows),
            **facts,
        )

    def _described_values(self, name: str, rows: Array | None) -> Array:
        """The samples `rows`, None: all; where each is a file, those of them that can be read."""
        try:
            return self.read(name, slice(0, self.shape(name)[0])) if rows is None else self.take(name, rows)
        except DataError:
            if self.in_memory() or self.run_rows(name) != 1:
                raise
        values = [self.read(name, slice(0, 0))]
        for row in range(self.shape(name)[0]) if rows is None else rows.tolist():
            try:
                values.append(self.take(name, np.array([row], np.int64)))
            except DataError:
                continue  # the check names it; what a column holds is told by the others
        return np.concatenate(values)

    def _described_rows(self, name: str) -> Array | None:
        """The samples that tell what a column holds; None: all of them."""
        shape, dtype = self.shape(name), self.dtype(name)
        each, files = _sample_bytes(shape, dtype), self.run_rows(name) == 1 and not self.in_memory()
        if shape[0] * each <= STATISTICS_BYTES and not (files and shape[0] > _SPREAD_RUNS):
            return None
        most = min(_SPREAD_BYTES // each, _SPREAD_ROWS) // _SPREAD_RUNS
        run = 1 if files else max(1, min(self.run_rows(name), most))
        firsts = np.linspace(0, shape[0] - run, min(_SPREAD_RUNS, shape[0] // run)).astype(np.int64)
        rows: Array = (firsts[:, None] + np.arange(run)).ravel()  # in order, and each once
        return rows


def _sample_bytes(shape: Sequence[int], dtype: np.dtype[Any]) -> int:
    """`shape` is with the sample axis."""
    return max(1, math.prod(shape[1:]) * dtype.itemsize)
