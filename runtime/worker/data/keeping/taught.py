"""Samples from elsewhere behind the steps that training took, with what these learnt then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from resources.text import Text
from runtime.evaluation.kept_data import KeptData
from runtime.spec import DataSpec
from runtime.step_samples import Sample, State
from runtime.worker.data.keeping.recoded import RecodedSource
from runtime.worker.data.prepared import PreparedSource
from runtime.worker.data.preparing.known_states import KnownStates
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.windowed import windowed


class TaughtSource(PreparedSource):
    """Nothing is learnt of `base`: every state is one of `states` (`KeptData.states`)."""

    def __init__(
        self, base: Source, spec: DataSpec, states: Mapping[str, Any], words: Mapping[str, tuple[str, ...]]
    ) -> None:
        """`words` are those of columns that training knew: `base` may have more behind them."""
        self._kept, self._known_words = states, words
        super().__init__(base, spec.columns, lambda _rows: range(0), KnownStates())

    def _first(self, name: str) -> Sample:
        sample, words = super()._first(name), self._known_words.get(name, ())
        return Sample(sample.shape, sample.dtype, sample.kind, words) if words else sample

    def _key(self) -> bytes:
        return b""  # column and steps alone: as `kept_facts.state_key` has it

    def _learn(self, key: bytes, learn: Callable[[], State]) -> State:
        state: State | None = self._kept.get(key.hex())
        if state is None:
            raise DataError(
                Text("What the steps of the data learnt in training was not kept: train once more to use other data.")
            )
        return state


def taught(base: Source, spec: DataSpec, kept: KeptData) -> Source:
    """`base` as training would have fed it. Raises DataError."""
    words = {name: column.categories for name, column in kept.columns.items()}
    recoded = RecodedSource(base, words, strict=False)
    prepared = TaughtSource(recoded, spec, kept.states, words)
    classes = {name: column.classes for name, column in kept.columns.items()}
    return windowed(RecodedSource(prepared, classes, strict=True), spec.windows)
