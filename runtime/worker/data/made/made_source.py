"""Batches of a project's own code as columns: what is looked at is the first batch; what trains is all, as it comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from resources.text import Text
from runtime.lazy import LazyModule
from runtime.messages.checking import DataProblem
from runtime.spec import Binding
from runtime.worker.data.columns import unusable_dtype
from runtime.worker.data.made.feeds import Feed, Made
from runtime.worker.data.source import Array, DataError, Source

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

_TARGETS: Final = ("x", "y")


class MadeSource(Source):
    """`validation` is what validates, None where nothing does. Neither split nor steps nor shuffling apply."""

    fed_as_it_is = True

    def __init__(self, title: str, training: Made, validation: Made | None, samples: int | None) -> None:
        """Raises DataError."""
        self._title, self._training, self._validation, self._samples = title, training, validation, samples
        batch = training.first_batch()
        if not isinstance(batch, (tuple, list)) or not 2 <= len(batch) <= 3:
            raise DataError(Text.of("{file}: a batch of {name} is no pair (x, y).", file=title, name=training.name))
        self._single: dict[str, bool] = {}
        self._arrays: dict[str, Array] = {}
        for target, values in zip(_TARGETS, batch, strict=False):
            self._add(target, values)
        self.note = Text.of(
            "{name} of {file} gives the batches, and is fed as it is: what is shown is its first one, of {count} "
            "samples. Split, shuffling, batch size and steps do not apply.",
            name=training.name,
            file=title,
            count=self.batch,
        )

    def _add(self, target: str, values: Any) -> None:
        """Columns of inputs or truths: x; by their names; or x_1, x_2 in their order."""
        if isinstance(values, Mapping):
            named = {str(key): value for key, value in values.items()}
            if self._arrays.keys() & named.keys():
                named = {f"{target}/{key}": value for key, value in named.items()}
        elif isinstance(values, (tuple, list)) and not np.isscalar(values[0] if values else 0):
            named = {f"{target}_{number}": value for number, value in enumerate(values, 1)}
        else:
            named = {target: values}
        for name, value in named.items():
            self._arrays[name] = self._array(name, value)
            self._single[name] = target == "x"

    def _array(self, name: str, value: Any) -> Array:
        """Raises DataError for what is no array of numbers with a sample axis."""
        import keras

        array: Array = np.asarray(value if isinstance(value, np.ndarray) else keras.ops.convert_to_numpy(value))
        reason = unusable_dtype(array.dtype) if array.ndim else Text("it is one number, not one a sample")
        if reason is not None:
            raise DataError(
                Text.of("{column} of {file} cannot be used: {reason}.", column=name, file=self._title, reason=reason)
            )
        return array

    @property
    def batch(self) -> int:
        """Samples of the first batch."""
        return len(next(iter(self._arrays.values())))

    @property
    def title(self) -> str:
        return self._title

    def names(self) -> tuple[str, ...]:
        return tuple(self._arrays)

    def shape(self, name: str) -> tuple[int, ...]:
        return self._arrays[name].shape

    def dtype(self, name: str) -> np.dtype[Any]:
        return self._arrays[name].dtype

    def read(self, name: str, rows: slice) -> Array:
        self.require(name)
        return self._arrays[name][rows]

    def order_problems(
        self, bindings: Sequence[Binding], inputs: Sequence[str], outputs: Sequence[str]
    ) -> Iterator[DataProblem]:
        """What is bound otherwise than the code gives it, since it is fed as it is. `inputs` in Keras' order."""
        bound = {binding.target: binding.columns for binding in bindings}
        for names, is_input in ((inputs, True), (outputs, False)):
            columns = [name for name, of_input in self._single.items() if of_input == is_input]
            for place, name in enumerate(names):
                column = name if name in columns else columns[place] if place < len(columns) else None
                if column is not None and name in bound and bound[name] != (column,):
                    text = Text.of(
                        "{file} gives {target} the column {column}, as it is: bind that one.",
                        file=self._title,
                        target=name,
                        column=column,
                    )
                    yield DataProblem("error", text, name, kind="made_order")

    def feeds(self) -> tuple[Feed, Feed | None]:
        """What trains, and what validates. Raises DataError."""
        training = self._training.feed(self._samples, self.batch)
        return training, None if self._validation is None else self._validation.feed(None, self.batch)
