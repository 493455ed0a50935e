"""Numbers made up by a random generator, for templates that show a model before there is data.

`options`: {"samples": 1000, "seed": 0, "columns": {name: column}}, where a column is {"shape": [28, 28, 1],
"kind": "float" or "integer", "minimum": 0, "maximum": 1}. `shape` is that of one sample, [] for a single number;
the maximum of whole numbers is included.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from resources.python_code.parts import Loading
from resources.python_code.pieces import (
    TRUE,
    CallCode,
    Code,
    SourceError,
    arithmetic,
    attribute,
    call,
    dict_of,
    library,
    list_of,
    number,
    tuple_of,
)
from resources.text import Text
from runtime.data_kinds import DataKind
from runtime.lazy import LazyModule
from runtime.python_code import IMPORT_NUMPY
from runtime.spec import DataSource
from runtime.worker.data.source import Array, DataError, Source

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

KIND = DataKind(
    "random",
    Text("Random data"),
    (),
    Text("This data is made up at random, so that the model can be tried."),
)
_MADE_UP: Final = Text("These numbers are random: the model trains, but there is nothing to be learnt from them.")
_FARTHEST: Final = sys.float_info.max / 4  # so that a range is a number, too
_LARGEST = 2**28  # numbers in one column


class RandomColumn(msgspec.Struct, frozen=True):
    shape: tuple[int, ...] = ()
    kind: str = "float"
    minimum: float = 0.0
    maximum: float = 1.0


class RandomOptions(msgspec.Struct, frozen=True):
    samples: int = 1000
    seed: int = 0
    columns: dict[str, RandomColumn] = {}


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    return RandomSource(_options(source))


def _options(source: DataSource) -> RandomOptions:
    try:
        options = msgspec.convert(source.options, RandomOptions)
    except (msgspec.ValidationError, OverflowError, UnicodeError) as error:
        raise DataError(Text("The random data is described wrongly: {reason}", {"reason": str(error)})) from error
    for name, column in options.columns.items():
        sizes = [options.samples, *column.shape]
        in_range = -_FARTHEST <= column.minimum <= column.maximum <= _FARTHEST
        if min(sizes) < 1 or math.prod(sizes) > _LARGEST or not in_range:
            raise DataError(Text("The random column {column} has an impossible size or range.", {"column": name}))
    return options


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    """The same numbers that are made up here. Raises SourceError."""
    try:
        options = _options(source)
        random_source = RandomSource(options)
        for name in columns:
            random_source.require(name)
    except DataError as error:
        raise SourceError(error.text) from error
    names = list(options.columns)
    codes = {name: _column_code(options, names.index(name), options.columns[name]) for name in columns}
    return Loading((IMPORT_NUMPY,), columns=dict_of(codes), about=_MADE_UP)


def _column_code(options: RandomOptions, place: int, column: RandomColumn) -> Code:
    generator = call(library("np.random.default_rng"), list_of([number(options.seed), number(place)]))
    shape = tuple_of([number(size) for size in (options.samples, *column.shape)])
    if column.kind == "integer":
        limits = (number(int(column.minimum)), number(int(column.maximum)))
        return CallCode(attribute(generator, "integers"), (*limits, shape), {"endpoint": TRUE})
    values: Code = call(attribute(generator, "random"), shape, library("np.float32"))
    width = column.maximum - column.minimum
    if width != 1:
        values = arithmetic(values, "*", _short(width))
    return values if column.minimum == 0 else arithmetic(values, "+", _short(column.minimum))


def _short(value: float) -> Code:
    return number(int(value) if value.is_integer() else value)


class RandomSource(Source):
    note = _MADE_UP

    def __init__(self, options: RandomOptions) -> None:
        self._options = options
        self._made: dict[str, Array] = {}

    @property
    def title(self) -> str:
        return str(KIND.title)

    def names(self) -> tuple[str, ...]:
        return tuple(self._options.columns)

    def shape(self, name: str) -> tuple[int, ...]:
        return (self._options.samples, *self._options.columns[name].shape)

    def dtype(self, name: str) -> np.dtype[Any]:
        return np.dtype(np.int64 if self._options.columns[name].kind == "integer" else np.float32)

    def read(self, name: str, rows: slice) -> Array:
        self.require(name)
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name][rows]

    def _make(self, name: str) -> Array:
        column = self._options.columns[name]
        generator = np.random.default_rng([self._options.seed, self.names().index(name)])
        if column.kind == "integer":
            return generator.integers(int(column.minimum), int(column.maximum), self.shape(name), endpoint=True)
        values = generator.random(self.shape(name), np.float32)
        return (values * (column.maximum - column.minimum) + column.minimum).astype(np.float32)
