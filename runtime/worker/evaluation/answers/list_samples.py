"""Samples of an evaluation: the most confident mistakes, those of a cell of the matrix, those of a slice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from resources.text import Text
from runtime.messages.evaluating import ListSamples, SamplesListed
from runtime.messages.views import Samples as SamplesView
from runtime.messages.views import SampleView
from runtime.worker.data.source import DataError
from runtime.worker.evaluation.listing.fed import fed_columns, told_columns
from runtime.worker.evaluation.listing.looks import Looks, sample_view
from runtime.worker.evaluation.listing.opened import opened_columns
from runtime.worker.evaluation.listing.writing import write_list
from runtime.worker.evaluation.measuring.judging import Judged, judged
from runtime.worker.evaluation.measuring.kept import KeptOutput
from runtime.worker.evaluation.measuring.results import Array, Results
from runtime.worker.process.control import WorkerError
from runtime.worker.process.waiting import require_waiting

if TYPE_CHECKING:
    from runtime.worker.evaluation.evaluator import Evaluator

REQUEST: Final = ListSamples


def answer(evaluator: Evaluator, request: ListSamples) -> SamplesListed:
    """Raises WorkerError. Samples whose data is gone are listed without what it had of them, which a note says."""
    kept = evaluator.evaluations.output(Path(request.folder), request.output)
    results = kept.results(evaluator.known(kept.trained()).spec)
    looks, notes = _looks(evaluator, kept, request)
    found = judged(results)
    places = _places(request, results, found, looks)
    score, label = found.scores(request.order)
    if request.path:
        write_list(Path(request.path), results, found, score, places.tolist(), looks)
    shown: list[SampleView] = []
    for place in places[request.first : request.first + request.count].tolist():
        require_waiting()
        right = None if found.right is None else bool(found.right[place])
        view, failure = sample_view(results, place, right, _score(score, place), looks, request.size)
        shown.append(view)
        if failure is not None and failure.text not in notes:
            notes = (*notes, failure.text)
    return SamplesListed(request.id, SamplesView(tuple(shown), len(places), label), notes)


def _looks(evaluator: Evaluator, kept: KeptOutput, request: ListSamples) -> tuple[Looks | None, tuple[Text, ...]]:
    """What samples look like; None, and why, where that cannot be seen any more."""
    try:
        known, columns = opened_columns(evaluator, kept)
        fed = fed_columns(known, evaluator.kept(known).columns)
        return Looks(columns, fed, told_columns(known, columns, request.output), request.size), ()
    except WorkerError as error:
        if request.where:
            raise
        return None, (error.text,)


def _places(request: ListSamples, results: Results, found: Judged, looks: Looks | None) -> Array:
    if request.rows:
        chosen = np.array(request.rows, np.int64)
        return chosen[(chosen >= 0) & (chosen < found.count)]
    keep = np.ones(found.count, bool)
    if request.where:
        assert looks is not None  # else it was refused
        keep &= looks.columns.holds(request.where)
    if request.truth is not None:
        keep &= _is(results, request.truth, truth=True)
    if request.predicted is not None:
        keep &= _is(results, request.predicted, truth=False)
    if request.wrong is not None and found.right is not None:
        keep &= found.right != request.wrong
    places: Any = found.places(request.order)
    return np.asarray(places[keep[places]])


def _is(results: Results, number: int, *, truth: bool) -> Array:
    """Which samples are, or were taken for, a class; of several labels, which have it. Raises DataError."""
    if truth and results.truth is None:
        raise DataError(Text("There are no labels: nobody knows which class a sample is."))
    if results.kind == "labels":
        holds = results.true_labels if truth else results.scores >= 0.5
        return np.asarray(holds[:, number])
    if results.kind not in ("classes", "binary"):
        raise DataError(Text("This output has no classes to choose samples by."))
    classes = results.true_classes if truth else np.where(results.usable, results.predicted_classes, -1)
    return np.asarray(classes == number)


def _score(score: Array | None, place: int) -> float | None:
    return float(score[place]) if score is not None and np.isfinite(score[place]) else None
