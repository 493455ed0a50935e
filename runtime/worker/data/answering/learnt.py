"""What the steps of a column have learnt, as people are shown it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from runtime.messages.preparing import LearntStep, PreparedColumn
from runtime.spec import ColumnKind
from runtime.worker.data.pipeline import Pipeline
from runtime.worker.data.prepared import PreparedSource
from runtime.worker.data.source import DataError, Source

_MOST_NUMBERS: Final = 32
_MOST_WORDS: Final = 200
_NO_NUMBERS: Final = ("vocabulary", "counts", "count", "idf_weights", "distinct")


def learnt_column(source: Source, name: str) -> PreparedColumn:
    """What is wrong with a column is said of it alone."""
    try:
        source.require(name)
        pipeline = source.pipeline(name) if isinstance(source, PreparedSource) else None
        kind: ColumnKind = source.sample_kind(name) or source.column(name).kind
        steps = () if pipeline is None else _steps(pipeline)
        samples, *shape = source.shape(name)
        words = () if kind == "text" else source.categories(name)
        return PreparedColumn(name, tuple(shape), str(source.dtype(name)), kind, samples, words, steps)
    except DataError as error:
        return PreparedColumn(name, error=error.text)


def _steps(pipeline: Pipeline) -> tuple[LearntStep, ...]:
    return tuple(
        _learnt(stage.kind.key, state or {}) for stage, state in zip(pipeline.stages, pipeline.states, strict=True)
    )


def _learnt(step: str, state: Mapping[str, Any]) -> LearntStep:
    vocabulary, counts = state.get("vocabulary") or (), state.get("counts") or ()
    numbers = {
        key: tuple(float(number) for number in values[:_MOST_NUMBERS])
        for key, values in state.items()
        if key not in _NO_NUMBERS and _are_numbers(values)
    }
    if "variance" in numbers:
        numbers["deviation"] = tuple(number**0.5 for number in numbers.pop("variance"))
    words = tuple(str(word) for word in vocabulary[:_MOST_WORDS])
    if "fill" in state and "fill" not in numbers:
        words = tuple(map(str, state["fill"]))
    found = tuple(sorted(numbers.items()))
    return LearntStep(step, found, words, tuple(counts[:_MOST_WORDS]), len(vocabulary), int(state.get("distinct", 0)))


def _are_numbers(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, int | float) for value in values)
