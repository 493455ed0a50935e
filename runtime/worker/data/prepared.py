"""Data behind the steps of its columns: what a model is trained with. Free of Keras until a step needs it."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from resources.text import Text
from runtime.lazy import LazyModule
from runtime.messages.checking import DataProblem, ProposedMend
from runtime.messages.describing import Column
from runtime.messages.preparing import Preparing
from runtime.spec import ColumnKind, ColumnSpec, DataSpec, Step
from runtime.step_samples import Sample, State
from runtime.worker.data.pipeline import Pipeline, first_sample, words_array
from runtime.worker.data.preparing.known_states import FORMAT, KnownStates
from runtime.worker.data.remembered import remembered
from runtime.worker.data.rows_source import RowsSource
from runtime.worker.data.source import Array, Part, Rows, Source, Unreadable
from runtime.worker.data.split import in_a_row, split_rows
from runtime.worker.data.steps import drop_missing
from runtime.worker.data.windowed import WindowedSource, windowed

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

_BLOCK_BYTES: Final = 32 * 2**20
_KEPT_BYTES: Final = 128 * 2**20  # a training part up to this size is read once for all steps of a column
Progress = Callable[[Text, float], None]  # what is done, and how much of it; may raise to end it


def _silent(_what: Text, _part: float) -> None:
    return


class PreparedSource(Source):
    """`base` with the kinds and steps of `columns`. Columns without any come as they are.

    What steps learn, they learn of the samples that `training` names, when it is needed first. `stamp` stands for the
    files of `base` as they are now, None where nothing does. `base` is closed by whoever has opened it.
    """

    def __init__(
        self,
        base: Source,
        columns: Mapping[str, ColumnSpec],
        training: Callable[[Source], Rows],
        states: KnownStates,
        stamp: bytes | None = None,
        progress: Progress = _silent,
    ) -> None:
        """Raises DataError for steps that do not hold together, and for a column that samples are dropped by."""
        self._columns = {name: spec for name, spec in columns.items() if base.has(name)}
        self._training, self._states, self._stamp, self._progress = training, states, stamp, progress
        self._token: bytes = base.__dict__.setdefault("_token_of_states", os.urandom(16))
        self._lock = threading.RLock()
        self._base = base
        self._base = self._without_missing(base)  # which asks for the columns of all samples
        self._pipelines = {name: self._pipeline(name) for name, spec in self._columns.items() if spec.steps}
        self._rows: Rows | None = None
        self._recoded: dict[str, tuple[tuple[str, ...], Array]] = {}
        self.note, self.left_out = self._base.note, base.left_out

    def raw(self) -> Source:
        """The same samples before any step."""
        return self._base

    def steps(self, name: str) -> Sequence[Step]:
        spec = self._columns.get(name)
        return spec.steps if spec is not None else ()

    def pipeline(self, name: str) -> Pipeline | None:
        """The steps of a column, with what they have learnt. Raises DataError."""
        return self._learnt(name)

    def _pipeline(self, name: str) -> Pipeline:
        return Pipeline(name, self._first(name), self._columns[name].steps)

    def _first(self, name: str) -> Sample:
        base = self._base
        kind = self._columns[name].kind or base.sample_kind(name) or "number"
        return first_sample(base.shape(name)[1:], base.dtype(name), kind, base.categories(name))

    def _present(self, before: Pipeline, name: str) -> Array:
        """Which samples have a value behind the steps `before`, none of which learns."""
        before.learn(tuple, lambda _key, learn: learn(), b"")
        count = self._base.shape(name)[0]
        parts = [np.zeros(0, bool)]
        for first, last in _spans(count, self._base, name):
            values = self._words(self._base, name, self._base.read(name, slice(first, last)))
            parts.append(drop_missing.kept(before.apply(values)))
        return np.concatenate(parts)

    def _without_missing(self, base: Source) -> Source:
        """Without the samples that have no value in a column from which missing ones are dropped."""
        kept: Array | None = None
        for name, spec in self._columns.items():
            place = self._pipeline(name).drop() if spec.steps else None
            if place is not None:
                one = self._present(Pipeline(name, self._first(name), spec.steps[:place]), name)
                kept = one if kept is None else kept[: len(one)] & one[: len(kept)]
        if kept is None:
            return base
        rows = np.flatnonzero(kept)
        if len(rows) == len(kept):
            return base
        note = Text.of(
            "{file}: {count} of {samples} samples are left out, since values are missing.",
            file=base.title, count=len(kept) - len(rows), samples=len(kept),
        )  # fmt: skip
        return RowsSource(base, rows, note)

    def _learnt(self, name: str) -> Pipeline | None:
        """Raises DataError."""
        pipeline = self._pipelines.get(name)
        if pipeline is None or pipeline.learnt:
            return pipeline
        with self._lock:
            if not pipeline.learnt:
                key = self._key() if pipeline.learns else b""
                pipeline.learn(_Once(self._blocks, name), self._learn, key)
        return pipeline

    def _learn(self, key: bytes, learn: Callable[[], State]) -> State:
        return self._states.get(key, learn, lasting=self._stamp is not None)

    def _key(self) -> bytes:
        """Stands for the files and the samples that train."""
        rows = self._training_rows()
        encoded = repr(rows).encode() if isinstance(rows, range) else rows.astype("<i8").tobytes()
        files = self._stamp if self._stamp is not None else self._token
        return hashlib.sha256(b"\0".join((FORMAT, files, encoded))).digest()

    def _training_rows(self) -> Rows:
        with self._lock:
            if self._rows is None:
                self._rows = self._training(self._base)
            return self._rows

    def _blocks(self, name: str) -> Iterator[Array]:
        rows = self._training_rows()
        text = Text.of("Reading {column} to learn from it", column=name)
        count = len(rows)
        for first, last in _spans(count, self._base, name):
            self._progress(text, first / count)
            if isinstance(rows, range):
                values = self._base.read(name, slice(rows.start + first, rows.start + last))
            else:
                values = self._base.take(name, rows[first:last])
            yield self._words(self._base, name, values)
        self._progress(text, 1.0)

    @staticmethod
    def _words(base: Source, name: str, values: Array) -> Array:
        categories = base.categories(name)
        return words_array(categories, values) if categories else values

    def _through(self, name: str, values: Array) -> Array:
        pipeline = self._learnt(name)
        if pipeline is None:
            return values
        if pipeline.last.words and self._base.categories(name):
            return self._recoding(name)[1][values]
        return pipeline.apply(self._words(self._base, name, values))

    def _recoding(self, name: str) -> tuple[tuple[str, ...], Array]:
        """The words of a column that stays one of words, and what each place in the words before becomes."""
        if name not in self._recoded:
            pipeline = self._pipelines[name]
            made = pipeline.apply(np.array([*self._base.categories(name), ""], dtype=object))
            new = sorted({str(word) for word in made} - {""})
            places = {word: place for place, word in enumerate(new)}
            self._recoded[name] = (tuple(new), np.array([places.get(str(word), -1) for word in made], np.int64))
        return self._recoded[name]

    def _sample(self, name: str) -> Sample | None:
        pipeline = self._learnt(name)
        return None if pipeline is None else pipeline.last

    # What a source is asked

    @property
    def title(self) -> str:
        return self._base.title

    def names(self) -> tuple[str, ...]:
        return self._base.names()

    def has(self, name: str) -> bool:
        return self._base.has(name)

    def shape(self, name: str) -> tuple[int, ...]:
        sample = self._sample(name)
        return self._base.shape(name) if sample is None else (self._base.shape(name)[0], *sample.shape)

    def dtype(self, name: str) -> np.dtype[Any]:
        sample = self._sample(name)
        if sample is None or sample.words:
            return self._base.dtype(name)
        return np.dtype(sample.dtype)

    def read(self, name: str, rows: slice) -> Array:
        return self._through(name, self._base.read(name, rows))

    def take(self, name: str, rows: Array) -> Array:
        return self._through(name, self._base.take(name, rows))

    def run_rows(self, name: str) -> int:
        return self._base.run_rows(name)

    @property
    def decodes_in_threads(self) -> bool:
        return self._base.decodes_in_threads

    def parts(self) -> Mapping[Part, tuple[slice, ...]]:
        return self._base.parts()

    def unreadable(self) -> Sequence[Unreadable]:
        return self._base.unreadable()

    def same_samples(self) -> Sequence[tuple[int, ...]]:
        return self._base.same_samples()

    def reshaping(self, name: str, shape: Sequence[int | None]) -> ProposedMend | None:
        return self._base.reshaping(name, shape) if self._sample(name) is None else None

    def sample_kind(self, name: str) -> ColumnKind | None:
        sample = self._sample(name)
        if sample is not None:
            kind: Any = sample.kind
            return kind  # type: ignore[no-any-return]
        spec = self._columns.get(name)
        return self._base.sample_kind(name) if spec is None or spec.kind is None else spec.kind

    def file_format(self, name: str) -> dict[str, Any]:
        return self._base.file_format(name)

    def thumbnail(self, name: str, row: int, size: int) -> Array | None:
        return self._base.thumbnail(name, row, size)

    def column(self, name: str) -> Column:
        """Only what steps change is looked at anew: another kind is no reason to read a column again."""
        spec = self._columns.get(name)
        if spec is not None and spec.steps:
            return super().column(name)
        known = self._base.column(name)
        if spec is None or spec.kind is None:
            return known
        words = () if spec.kind == "text" else self._base.categories(name)
        return msgspec.structs.replace(known, kind=spec.kind, categories=words)

    def categories(self, name: str) -> tuple[str, ...]:
        words = self._base.categories(name)
        pipeline = self._learnt(name) if words else None
        if pipeline is None:
            return words
        return self._recoding(name)[0] if pipeline.last.words else ()

    def written(self, name: str, row: int) -> str | None:
        return self._base.written(name, row)

    def doubts(self, name: str) -> Iterable[DataProblem]:
        return self._base.doubts(name)

    def problems(self) -> Iterable[DataProblem]:
        return self._base.problems()

    def read_through(self, name: str, tell: Callable[[float], None]) -> None:
        self._base.read_through(name, tell)

    def number_among_words(self, name: str) -> int | None:
        return self._base.number_among_words(name) if self.categories(name) else None

    def in_memory(self) -> bool:
        return self._base.in_memory()

    def origin(self, row: int) -> int:
        return self._base.origin(row)

    def place(self, row: int) -> Text:
        return self._base.place(row)


class _Once:
    """The blocks of a column; a training part that is small is read for the first of them only."""

    def __init__(self, read: Callable[[str], Iterator[Array]], name: str) -> None:
        self._read, self._name = read, name
        self._kept: list[Array] | None = None

    def __call__(self) -> Iterable[Array]:
        return self._reading() if self._kept is None else self._kept

    def _reading(self) -> Iterator[Array]:
        kept: list[Array] | None = []
        size = 0
        for block in self._read(self._name):
            if kept is not None:
                size += block.nbytes
                kept = [*kept, block] if size <= _KEPT_BYTES else None
            yield block
        self._kept = kept


def _spans(count: int, base: Source, name: str) -> Iterator[tuple[int, int]]:
    """Where each block of `count` samples begins and ends."""
    each = max(1, int(np.prod(base.shape(name)[1:], dtype=np.int64)) * base.dtype(name).itemsize)
    size = max(1, _BLOCK_BYTES // each)
    for first in range(0, count, size):
        yield first, min(first + size, count)


def prepared(
    base: Source,
    spec: DataSpec,
    how: Preparing,
    states: KnownStates,
    progress: Progress = _silent,
) -> Source:
    """`base`, the sources of `spec`, behind the steps of its columns; `base` itself where none apply.

    Raises DataError for steps that do not hold together; what they have to learn, they learn when it is needed.
    """
    changed = any(base.has(name) and (column.steps or column.kind) for name, column in spec.columns.items())
    if base.fed_as_it_is or not changed:
        return base

    def training(rows: Source) -> Rows:
        for name in how.truths:
            rows.require(name)
        samples = min(rows.shape(name)[0] for name in how.truths or rows.names())
        taken = windowed(rows, spec.windows)  # rows that no window for training holds are not learnt from
        training = split_rows(taken, how.split, samples, how.truths).training
        return in_a_row(taken.rows_of(training)) if isinstance(taken, WindowedSource) else training

    stamp = base.identity.encode() or None
    source = PreparedSource(base, spec.columns, training, states, stamp, progress)
    if stamp is not None:
        what = repr((spec.columns, spec.windows, how)).encode("utf-8", "surrogatepass")
        source.identity = hashlib.sha256(stamp + what).hexdigest()
    return source


def of_chosen_kinds(base: Source, columns: Mapping[str, ColumnSpec]) -> Source:
    """`base` before all steps, with the kinds of columns that people have chosen; itself where there are none."""
    chosen = {name: ColumnSpec(spec.kind) for name, spec in columns.items() if spec.kind and base.has(name)}
    if base.fed_as_it_is or not chosen:
        return base
    key = ("kinds", *sorted((name, str(spec.kind)) for name, spec in chosen.items()))
    return remembered(base, key, lambda: PreparedSource(base, chosen, lambda _rows: range(0), KnownStates()))
