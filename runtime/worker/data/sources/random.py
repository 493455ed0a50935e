"""Numbers made up by a random generator, for templates that show a model before there is data.

`options`: {"samples": 1000, "seed": 0, "columns": {name: column}}, where a column is {"shape": [28, 28, 1],
"kind": "float" or "integer", "minimum": 0, "maximum": 1}. `shape` is that of one sample, [] for a single number;
the maximum of whole numbers is included.
"""

from typing import Any

import msgspec
import numpy as np

from resources.text import Text
from runtime.data_kinds import DataKind
from runtime.spec import DataSource
from runtime.worker.data.source import Array, DataError, Source

KIND = DataKind("random", Text("Random numbers"), ())
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
    try:
        options = msgspec.convert(source.options, RandomOptions)
    except msgspec.ValidationError as error:
        raise DataError(Text("The random data is described wrongly: {reason}", {"reason": str(error)})) from error
    for name, column in options.columns.items():
        size = np.prod([options.samples, *column.shape], dtype=float)
        if not 1 <= size <= _LARGEST or min([options.samples, *column.shape]) < 1 or column.minimum > column.maximum:
            raise DataError(Text("The random column {column} has an impossible size or range.", {"column": name}))
    return RandomSource(options)


class RandomSource(Source):
    note = Text("These numbers are random: the model trains, but there is nothing to be learnt from them.")

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
