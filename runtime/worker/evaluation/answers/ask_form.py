"""Which columns a sample of a model has: asked of what its run kept, so that it is known when the data is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from resources.text import Text
from runtime.evaluation.kept_data import KeptColumn
from runtime.messages.trained import GivenValue, On
from runtime.messages.trying import AskForm, FormAsked, FormField
from runtime.worker.data.keeping.kept_facts import parts_of
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.split import PARTS
from runtime.worker.data.windowed import WindowedSource
from runtime.worker.evaluation.trying.shown import tensor_of

if TYPE_CHECKING:
    from runtime.worker.evaluation.evaluator import Evaluator
    from runtime.worker.evaluation.loaded import Loaded

REQUEST = AskForm
_MOST_BYTES: Final = 4 << 20  # of an example that is sent


def answer(evaluator: Evaluator, request: AskForm) -> FormAsked:
    """Raises WorkerError, and DataError for an older run whose data is gone."""
    loaded = evaluator.loaded(request.trained)
    columns = evaluator.kept(loaded).columns
    parts: dict[str, int] = {}
    note: Text | None = None
    source, first = None, 0
    try:
        samples = evaluator.samples(loaded, On("all"))
        found = parts_of(samples.source, loaded.spec)
        parts = {part: len(found.rows(part)) for part in PARTS} | {"all": samples.count}
        note = next(iter(samples.notes), None)
        source = samples.source
        first = int(found.training[0]) if len(found.training) else 0
    except DataError as error:
        note = error.text
    if loaded.spec.data.windows is not None:  # a window of rows is typed by nobody
        return FormAsked(request.id, (), parts, note)
    fields = tuple(
        _field(name, column, _inputs(loaded, name), source, first)
        for name, column in columns.items()
        if _inputs(loaded, name)
    )
    return FormAsked(request.id, fields, parts, note)


def _inputs(loaded: Loaded, column: str) -> tuple[str, ...]:
    bindings = ((one.name, loaded.spec.binding(one.name)) for one in loaded.inputs)
    return tuple(name for name, binding in bindings if binding is not None and column in binding.columns)


def _field(name: str, column: KeptColumn, inputs: tuple[str, ...], source: Source | None, first: int) -> FormField:
    low, high = column.low, column.high
    if column.file is not None and column.kind in ("image", "mask"):
        low, high = 0.0, 255.0 if column.dtype == "uint8" else 65535.0
    example = _example(name, column, source, first)
    files = column.file is not None
    return FormField(name, column.kind, column.shape, inputs, column.categories, low, high, example, files)


def _example(name: str, column: KeptColumn, source: Source | None, first: int) -> GivenValue:
    """The middle of numbers, else what the first sample that trains has, as far as that is known."""
    if isinstance(column.example, str):
        return GivenValue(text=column.example)
    if column.example is not None or (column.mean is not None and not column.categories and not column.shape):
        middle = column.mean if column.mean is not None else column.example
        whole = np.dtype(column.dtype).kind in "iub"
        return GivenValue(number=float(round(middle or 0.0)) if whole else float(middle or 0.0))
    if source is None or not column.shape or isinstance(source, WindowedSource):
        return GivenValue()
    if column.file is not None or int(np.prod(column.shape)) * np.dtype(column.dtype).itemsize > _MOST_BYTES:
        return GivenValue()
    return GivenValue(tensor=tensor_of(np.asarray(source.raw().take(name, np.array([first], np.int64))[0])))
