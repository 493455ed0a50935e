"""The samples that a trained model is asked about, as it takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from resources.text import Text
from runtime.messages.trained import On
from runtime.worker.data.feed.feed import Feed
from runtime.worker.data.feed.reading import Reader
from runtime.worker.data.fitting import Fit, fit
from runtime.worker.data.source import Array, Source
from runtime.worker.data.split import as_array
from runtime.worker.evaluation.chosen import Chosen, require_columns
from runtime.worker.evaluation.loaded import Arrays, Loaded


class Samples(Chosen):
    """The same as the model takes them. `labelled` are the outputs whose truth is there."""

    def __init__(self, loaded: Loaded, source: Source, on: On, notes: tuple[Text, ...] = ()) -> None:
        """Raises DataError for columns that do not fit, and a part that is empty."""
        self.source = source
        self._inputs = {one.name: self._fitted(loaded, one.name, output=False) for one in loaded.inputs}
        self._truths: dict[str, Fit] = {}
        for one in loaded.outputs:
            if self._has_truth(loaded, one.name):
                self._truths[one.name] = self._fitted(loaded, one.name, output=True)
        self.labelled = tuple(self._truths)
        super().__init__(loaded, source, on, notes)

    @property
    def fits(self) -> dict[str, Fit]:
        """How columns feed inputs, and are truths, by name."""
        return {**self._inputs, **self._truths}

    def take(self, indices: Sequence[int] | Array, *, check: bool = True) -> tuple[Arrays, Arrays]:
        """Inputs and truths of samples, counted from 0 within these, in this order. Raises DataError."""
        return self._taken(self._inputs, indices, check), self._taken(self._truths, indices, check)

    def inputs_at(self, place: int) -> Arrays:
        """The inputs of one sample, with a sample axis of 1. Raises DataError for one that is not there."""
        self.require(place)
        return self._taken(self._inputs, [place], check=True)

    def _taken(self, fits: Mapping[str, Fit], indices: Sequence[int] | Array, check: bool) -> Arrays:
        rows = as_array(self.rows)[np.asarray(indices, np.int64)]
        return {name: fitted.take(self.source, rows, check=check) for name, fitted in fits.items()}

    @property
    def input_bytes(self) -> int:
        """What all inputs take, as the model takes them."""
        return self.count * sum(fitted.sample_bytes for fitted in self._inputs.values())

    def inputs(self) -> Arrays:
        """All of them, by input. Raises DataError."""
        return self._all(self._inputs)

    def truths(self) -> Arrays:
        """All that are there, by output, as the loss takes them. Raises DataError."""
        return self._all(self._truths)

    def _all(self, fits: dict[str, Fit]) -> Arrays:
        reader = Reader(self.source, fits) if fits else None
        if reader is None:
            return {}
        try:
            arrays = reader.room(self.count, as_taken=True)
            reader.read([self.rows], arrays)
            return arrays
        finally:
            reader.close()

    def feed(self, batch_size: int, *, truths: bool = True) -> Feed:
        """Inputs, and truths where they are asked for, in their order; whoever asks for it closes it."""
        return Feed(self.source, self.fits if truths else self._inputs, self.rows, batch_size, None)

    def batches(self, batch_size: int) -> Iterator[tuple[Arrays, Arrays]]:
        """All samples in their order, read ahead by the feed that training has. Raises DataError."""
        feed = self.feed(batch_size)
        try:
            for index in range(feed.batches):
                batch = feed.batch(0, index)
                yield (
                    {name: batch[name] for name in self._inputs},
                    {name: batch[name] for name in self._truths},
                )
        finally:
            feed.close()

    def _fitted(self, loaded: Loaded, name: str, *, output: bool) -> Fit:
        ends = loaded.outputs if output else loaded.inputs
        endpoint = next(one for one in ends if one.name == name)
        return fit(self.source, require_columns(loaded, name), endpoint, is_output=output)

    def _has_truth(self, loaded: Loaded, name: str) -> bool:
        columns = loaded.columns_of(name)
        return bool(columns) and all(self.source.has(column) for column in columns)
