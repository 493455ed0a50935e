"""A sample of the data, before any step, as a person could have given it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from runtime.messages.trying import SampleShown, ShownValue, ShowSample
from runtime.worker.data.source import Source
from runtime.worker.data.split import as_array
from runtime.worker.data.windowed import WindowedSource
from runtime.worker.evaluation.trying.shown import Array, numbers_text, shown_value

if TYPE_CHECKING:
    from runtime.worker.evaluation.evaluator import Evaluator
    from runtime.worker.evaluation.loaded import Loaded

REQUEST = ShowSample


def answer(evaluator: Evaluator, request: ShowSample) -> SampleShown:
    """Raises WorkerError, and DataError for a sample that is not there, or cannot be read."""
    loaded = evaluator.loaded(request.trained)
    samples = evaluator.samples(loaded, request.on)
    samples.require(request.row)
    row = int(as_array(samples.rows)[request.row])
    source: Source = samples.source
    if isinstance(source, WindowedSource):
        return SampleShown(request.id, request.row, "", _truths(loaded, samples.take([request.row])[1]))
    raw, columns = source.raw(), evaluator.kept(loaded).columns
    inputs = {name for one in loaded.inputs for name in _bound(loaded, one.name)}
    values = tuple(
        shown_value(raw, name, column, row, request.size, truth=name not in inputs)
        for name, column in columns.items()
        if raw.has(name)
    )
    values = _as_fed(loaded, values, samples.take([request.row])[1])
    file = raw.place(row).args.get("file", "")
    return SampleShown(request.id, request.row, str(file), values)


def _as_fed(loaded: Loaded, values: tuple[ShownValue, ...], truths: Mapping[str, Array]) -> tuple[ShownValue, ...]:
    """Numbers that are the truth are told behind their steps: a model speaks of those."""
    fed = {
        _bound(loaded, name)[0]: numbers_text(array[0])
        for name, array in truths.items()
        if loaded.kinds[name] == "numbers" and len(_bound(loaded, name)) == 1
    }
    return tuple(
        replace(value, text=fed[value.column]) if value.truth and value.column in fed else value for value in values
    )


def _truths(loaded: Loaded, truths: Mapping[str, Array]) -> tuple[ShownValue, ...]:
    """What lies behind a window, which nobody can give: it is only shown."""
    return tuple(
        ShownValue(_bound(loaded, name)[0], "number", numbers_text(values[0]), truth=True)
        for name, values in truths.items()
    )


def _bound(loaded: Loaded, target: str) -> tuple[str, ...]:
    binding = loaded.spec.binding(target)
    return () if binding is None else binding.columns
