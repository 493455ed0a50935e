"""How columns become the array that an input or an output of the model takes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from resources.plain import listed
from resources.text import Text
from resources.training.class_numbers import takes_class_numbers
from runtime.messages.checking import Endpoint
from runtime.messages.parts import Shape
from runtime.worker.data.source import Array, DataError, Rows, Source
from runtime.worker.data.values import WORDS, Column, numpy_dtype, require_usable


@dataclass(frozen=True, slots=True)
class Fit:
    """`columns` side by side, reshaped to `shape` (without the sample axis), as `dtype`; `note` says what changed.

    `endpoint` is what they feed, or are the truth of.
    """

    columns: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: str
    endpoint: Endpoint
    is_output: bool
    note: Text | None = None

    @property
    def sample_bytes(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64)) * numpy_dtype(self.dtype).itemsize

    def read(self, source: Source, rows: slice, *, check: bool = False) -> Array:
        """Shape (samples in rows, *shape), contiguous. Raises DataError; `check` looks at each value first."""
        parts = [source.read(column, rows) for column in self.columns]
        for name, values in zip(self.columns, parts, strict=True) if check else ():
            require_usable(self.way(source, name), values, rows.start)
        return self._side_by_side(source, parts)

    def take(self, source: Source, rows: Rows, *, check: bool = False) -> Array:
        """The same of samples that do not lie in a row."""
        if isinstance(rows, range):
            return self.read(source, slice(rows.start, rows.stop), check=check)
        parts = [source.take(column, rows) for column in self.columns]
        for name, values in zip(self.columns, parts, strict=True) if check else ():
            require_usable(replace(self.way(source, name), rows=rows), values, 0)
        return self._side_by_side(source, parts)

    def read_into(self, source: Source, rows: Rows, out: Array, *, check: bool = False) -> None:
        """The same into an array of so many samples, of `dtype` or of `stored_dtype`: that spares copies."""
        name = self.columns[0]
        if out.dtype != self.stored_dtype(source) or out.dtype.hasobject or len(self.columns) > 1:
            out[...] = self.take(source, rows, check=check)
            return
        values, way = out.reshape(len(rows), *source.shape(name)[1:]), self.way(source, name)  # the same memory
        if isinstance(rows, range):
            source.read_into(name, slice(rows.start, rows.stop), values)
        else:
            values[...] = source.take(name, rows)
            way = replace(way, rows=rows)
        if check:
            require_usable(way, values, rows.start if isinstance(rows, range) else 0)

    def stored_dtype(self, source: Source) -> np.dtype[Any]:
        """The type of the values where they come from, if they take less room so; that of the model otherwise."""
        taken, stored = numpy_dtype(self.dtype), source.dtype(self.columns[0])
        smaller = len(self.columns) == 1 and stored.kind in "biuf" and stored.itemsize <= taken.itemsize
        return stored if smaller and not taken.hasobject else taken

    def _side_by_side(self, source: Source, parts: list[Array]) -> Array:
        if self.dtype == WORDS:
            parts = [_as_words(source, name, values) for name, values in zip(self.columns, parts, strict=True)]
        if len(parts) > 1 and _are_windows(source, self.columns):
            values = np.concatenate([_by_time(part) for part in parts], axis=2)
        else:
            values = parts[0] if len(parts) == 1 else np.concatenate([flat(part) for part in parts], axis=1)
        return np.ascontiguousarray(values.reshape(len(values), *self.shape), dtype=numpy_dtype(self.dtype))

    def way(self, source: Source, name: str) -> Column:
        """What is asked of the values of one of the columns."""
        return Column(source, name, self.endpoint, self.dtype, self.is_output)


def _as_words(source: Source, column: str, values: Array) -> Array:
    """Texts as they are, or the words that numbers stand for; "" for a missing one, which is -1: the last of them."""
    return values if values.dtype.kind == "O" else np.array([*source.categories(column), ""], dtype=object)[values]


def require_words(source: Source, column: str) -> None:
    """Raises DataError for a column of numbers."""
    if source.dtype(column).kind != "O" and not source.categories(column):
        raise DataError(Text("{file}: {column} holds numbers, not words.", {"file": source.title, "column": column}))


def loss_key(class_name: str) -> str:
    """The same for a loss' class name and its snake_case identifier."""
    return class_name.replace("_", "").lower()


def is_sparse(endpoint: Endpoint) -> bool:
    """Whether the truth of this output is the number of a class, not a vector with a place for each class."""
    return endpoint.training is not None and takes_class_numbers(endpoint.training.loss.class_name)


def wanted_shape(endpoint: Endpoint) -> Shape:
    """Return what a sample must look like to feed this input, or to be the truth of this output."""
    return endpoint.shape[1:-1] if is_sparse(endpoint) else endpoint.shape[1:]


def fit(source: Source, columns: Sequence[str], endpoint: Endpoint, *, is_output: bool = False) -> Fit:
    """Return how `columns` feed `endpoint`. Raises DataError with the reason why they cannot.

    While an output has no loss, class numbers and whole vectors are both right.
    """
    for column in columns:
        source.require(column)
    if is_output:
        columns = [source.truth_of(column) for column in columns]
    have = sample_shape(source, columns)
    shape = reshaped(have, wanted_shape(endpoint))
    if shape is None and is_output and endpoint.training is None:
        shape = reshaped(have, endpoint.shape[1:-1])
    if shape is None and not is_output and len(columns) > 1:
        shape = _filled(have[0], wanted_shape(endpoint))
    if shape is None:
        raise DataError(_misfit(columns, have, endpoint, is_output))
    note = None
    if shape_text(shape) != shape_text(have):
        if len(columns) > 1:
            note = Text.of(
                "{count} columns are taken as {shape}, row by row: {column}.",
                count=len(columns),
                shape=shape_text(shape),
                column=listed(columns),
            )
        else:
            note = Text.of(
                "{column} of shape {have} is taken as {shape}.",
                column=columns[0],
                have=shape_text(have),
                shape=shape_text(shape),
            )
    return Fit(tuple(columns), shape, _dtype(endpoint), endpoint, is_output, note)


def sample_shape(source: Source, columns: Sequence[str]) -> tuple[int, ...]:
    """Of one column, or of the vector that the numbers of several columns make."""
    if len(columns) == 1:
        return source.shape(columns[0])[1:]
    if _are_windows(source, columns):
        return (source.shape(columns[0])[1], sum(math.prod(source.shape(column)[2:]) for column in columns))
    return (sum(math.prod(source.shape(column)[1:]) for column in columns),)


def flat(values: Array) -> Array:
    """The numbers of each sample in a row."""
    return values.reshape(len(values), math.prod(values.shape[1:]))


def _are_windows(source: Source, columns: Sequence[str]) -> bool:
    """Whether the columns hold windows, and not what lies behind them."""
    return source.windowed and not any(column == source.truth_of(column) for column in columns)


def reshaped(have: Sequence[int], target: Shape) -> tuple[int, ...] | None:
    """`have` with axes of size 1 added or dropped so that it matches `target`; None where that is impossible."""
    if len(have) == len(target) and all(w is None or w == h for h, w in zip(have, target, strict=True)):
        return tuple(have)
    left = [size for size in have if size != 1]
    shape: list[int] = []
    for size in target:
        if size == 1:
            shape.append(1)
        elif left and (size is None or size == left[0]):
            shape.append(left.pop(0))
        else:
            return None
    return None if left else tuple(shape)


def shape_text(shape: Sequence[int | None]) -> str:
    """(8, 8, 1) is "8×8×1"; a single number is "1"."""
    return "×".join("?" if size is None else str(size) for size in shape) or "1"


def _by_time(windows: Array) -> Array:
    """The numbers of each time of each window in a row."""
    return windows.reshape(*windows.shape[:2], math.prod(windows.shape[2:]))


def _filled(count: int, shape: Shape) -> tuple[int, ...] | None:
    """`shape` if so many numbers fill it."""
    sizes = tuple(size for size in shape if size is not None)
    return sizes if len(sizes) == len(shape) and int(np.prod(sizes, dtype=np.int64)) == count else None


def _dtype(endpoint: Endpoint) -> str:
    if endpoint.training is None:
        return endpoint.dtype
    return "int32" if is_sparse(endpoint) else "float32"


def _misfit(columns: Sequence[str], have: Sequence[int], endpoint: Endpoint, is_output: bool) -> Text:
    if not is_output:
        return _input_misfit(columns, have, endpoint)
    column, target = listed(columns), endpoint.name
    have_text, need_text = shape_text(have), shape_text(wanted_shape(endpoint))
    if is_sparse(endpoint) and have and have[-1] == endpoint.shape[-1]:
        return Text.of(
            "The output {target} takes class numbers with this loss, but {column} has {have}: "
            "for one-hot columns choose CategoricalCrossentropy.",
            target=target,
            column=column,
            have=have_text,
        )
    if not is_sparse(endpoint) and reshaped(have, endpoint.shape[1:-1]) is not None:
        return Text.of(
            "The output {target} has the shape {wanted}, but {column} has {have}: "
            "for class numbers choose SparseCategoricalCrossentropy.",
            target=target,
            wanted=need_text,
            column=column,
            have=have_text,
        )
    return Text.of(
        "The output {target} has the shape {wanted}, but {column} has {have}.",
        target=target,
        wanted=need_text,
        column=column,
        have=have_text,
    )


def _input_misfit(columns: Sequence[str], have: Sequence[int], endpoint: Endpoint) -> Text:
    shape = wanted_shape(endpoint)
    if len(columns) > 1 and have[0] != len(columns):
        return Text.of(
            "The input {target} takes samples of shape {wanted}, but the {count} columns that are bound make {have} "
            "numbers: {column}.",
            target=endpoint.name,
            wanted=shape_text(shape),
            count=len(columns),
            have=have[0],
            column=listed(columns),
        )
    if len(columns) > 1:
        return Text.of(
            "The input {target} takes samples of shape {wanted}, but {count} columns are bound: {column}.",
            target=endpoint.name,
            wanted=shape_text(shape),
            count=len(columns),
            column=listed(columns),
        )
    if _filled(int(np.prod(have, dtype=np.int64)), shape) is not None:
        return Text.of(
            "The input {target} takes samples of shape {wanted}, but {column} has {have}: as many numbers. "
            "Give the input the shape {have}, and put a Reshape behind it.",
            target=endpoint.name,
            wanted=shape_text(shape),
            column=columns[0],
            have=shape_text(have),
        )
    return Text.of(
        "The input {target} takes samples of shape {wanted}, but {column} has {have}.",
        target=endpoint.name,
        wanted=shape_text(shape),
        column=columns[0],
        have=shape_text(have),
    )
