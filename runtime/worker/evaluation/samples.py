"""The samples that a trained model is asked about, as it takes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from resources.text import Text
from runtime.messages.trained import On
from runtime.worker.data.feed.feed import Feed
from runtime.worker.data.feed.reading import Reader
from runtime.worker.data.fitting import Fit, fit
from runtime.worker.data.keeping.kept_facts import parts_of
from runtime.worker.data.source import Array, DataError, Rows, Source
from runtime.worker.data.split import as_array
from runtime.worker.evaluation.loaded import Arrays, Loaded


class Samples:
    """Samples `rows` of `source`, which is behind all steps. `labelled` are the outputs whose truth is there."""

    def __init__(self, loaded: Loaded, source: Source, on: On) -> None:
        """Raises DataError for columns that do not fit, and a part that is empty."""
        self.source = source
        self.notes: tuple[Text, ...] = ()
        self._inputs = {one.name: self._fitted(loaded, one.name, output=False) for one in loaded.inputs}
        self._truths: dict[str, Fit] = {}
        for one in loaded.outputs:
            if self._has_truth(loaded, one.name):
                self._truths[one.name] = self._fitted(loaded, one.name, output=True)
        self.labelled = tuple(self._truths)
        self.rows: Rows = self._chosen(loaded, on)
        if not len(self.rows):
            raise DataError(_EMPTY[on.part])

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def fits(self) -> dict[str, Fit]:
        """How columns feed inputs, and are truths, by name."""
        return {**self._inputs, **self._truths}

    def take(self, indices: Sequence[int] | Array, *, check: bool = True) -> tuple[Arrays, Arrays]:
        """Inputs and truths of samples, counted from 0 within these, in this order. Raises DataError."""
        rows = as_array(self.rows)[np.asarray(indices, np.int64)]
        inputs = {name: fitted.take(self.source, rows, check=check) for name, fitted in self._inputs.items()}
        truths = {name: fitted.take(self.source, rows, check=check) for name, fitted in self._truths.items()}
        return inputs, truths

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

    def feed(self, batch_size: int) -> Feed:
        """Inputs and truths in their order; whoever asks for it closes it."""
        return Feed(self.source, self.fits, self.rows, batch_size, None)

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
        binding = loaded.spec.binding(name)
        if binding is None:
            raise DataError(Text("The input {name} has no data.", {"name": loaded.title(name)}))
        return fit(self.source, binding.columns, endpoint, is_output=output)

    def _has_truth(self, loaded: Loaded, name: str) -> bool:
        binding = loaded.spec.binding(name)
        return binding is not None and all(self.source.has(column) for column in binding.columns)

    def _chosen(self, loaded: Loaded, on: On) -> Rows:
        columns = [name for fitted in self.fits.values() for name in fitted.columns]
        everything = range(min(self.source.shape(name)[0] for name in columns))
        if on.other is not None or on.part == "all":
            return everything
        return parts_of(self.source, loaded.spec).rows(on.part)


_EMPTY = {
    "training": Text("There is no sample to train with."),
    "validation": Text("The run has no validation part: choose another part, or another file."),
    "test": Text("The run has no test part: keep one back in Data, or choose another file."),
    "all": Text("There are no samples."),
}
