"""What models say of one sample, each for itself: one that cannot be asked keeps none of the others silent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from runtime.evaluation.kept_data import KeptColumn
from runtime.messages.trained import OneSample, Trained
from runtime.messages.trying import ModelTried, SampleTried, TrySample
from runtime.worker.data.source import DataError
from runtime.worker.evaluation.measuring.scales import scale_of
from runtime.worker.evaluation.trying.said import said
from runtime.worker.evaluation.trying.shown import seen
from runtime.worker.process.control import WorkerError
from runtime.worker.process.waiting import require_waiting

if TYPE_CHECKING:
    from runtime.worker.evaluation.evaluator import Evaluator
    from runtime.worker.evaluation.loaded import Loaded

REQUEST = TrySample


def answer(evaluator: Evaluator, request: TrySample) -> SampleTried:
    """Raises CancelledError when a newer one has overtaken it."""
    tried = []
    for trained in request.models:
        require_waiting()
        tried.append(_tried(evaluator, trained, request.sample, request.seen))
    return SampleTried(request.id, tuple(tried))


def _tried(evaluator: Evaluator, trained: Trained, sample: OneSample, size: int) -> ModelTried:
    try:
        loaded = evaluator.loaded(trained)
        since = time.perf_counter()
        arrays = evaluator.one(loaded, sample)
        values = loaded.call(arrays)
        milliseconds = (time.perf_counter() - since) * 1000
        pictures = seen(arrays, _columns(evaluator, loaded), size) if size else ()
    except (WorkerError, DataError) as error:
        return ModelTried(error=error.text)
    outputs = tuple(
        said(
            output,
            loaded.title(output.name),
            loaded.kinds[output.name],
            loaded.classes[output.name],
            _bound(loaded, output.name),
            values[output.name],
            scale_of(loaded.spec, output.name),
        )
        for output in loaded.outputs
    )
    return ModelTried(outputs, pictures, milliseconds)


def _bound(loaded: Loaded, target: str) -> tuple[str, ...]:
    binding = loaded.spec.binding(target)
    return () if binding is None else binding.columns


def _columns(evaluator: Evaluator, loaded: Loaded) -> dict[str, tuple[KeptColumn, ...]]:
    known = evaluator.kept(loaded).columns
    return {one.name: tuple(known[name] for name in _bound(loaded, one.name) if name in known) for one in loaded.inputs}
