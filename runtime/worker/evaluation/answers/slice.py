"""The leading figures of an evaluation for parts of its samples, the worst first."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Final

from resources.text import Text
from runtime.messages.evaluating import Slice, Sliced, SliceRow
from runtime.messages.views import Number
from runtime.worker.evaluation.known import Known
from runtime.worker.evaluation.listing.leading import leading
from runtime.worker.evaluation.listing.opened import opened_columns
from runtime.worker.evaluation.listing.proposing import Where, proposed
from runtime.worker.evaluation.listing.raw_columns import RawColumns
from runtime.worker.evaluation.measuring.results import Array, Results
from runtime.worker.process.control import WorkerError
from runtime.worker.process.waiting import got_on

if TYPE_CHECKING:
    from runtime.worker.evaluation.evaluator import Evaluator

REQUEST: Final = Slice
_FEWEST: Final = 10  # samples of a slice that is proposed: fewer say little


def answer(evaluator: Evaluator, request: Slice) -> Sliced:
    """Raises WorkerError: no truth, data that is gone, a condition on a column that is not there."""
    kept = evaluator.evaluations.output(Path(request.folder), request.output)
    if kept.truth is None:
        raise WorkerError(Text("There are no labels: nothing tells how well a slice was met."))
    known, columns = opened_columns(evaluator, kept)
    results = kept.results(known.spec)
    whole = leading(results)
    if not whole:
        raise WorkerError(Text("This output has no figures that slices could be compared by."))
    asked = request.slices or tuple(proposed(columns, _without(known, results)))
    rows, small = _rows(results, columns, asked, whole, _fewest(results) if not request.slices else 0)
    notes = []
    if small:
        notes.append(Text.of("Slices of fewer than {count} samples are left out.", count=_fewest(results)))
    if columns.windowed:
        notes.append(Text("A sample is a window of rows: its first row says to which slice it belongs."))
    return Sliced(
        request.id, tuple(number.key for number in whole), whole[0].key, _values(whole, whole), rows, tuple(notes)
    )


def _fewest(results: Results) -> int:
    return min(_FEWEST, math.ceil(len(results.predictions) / 10))


def _without(known: Known, results: Results) -> frozenset[str]:
    """Slices by the true class say what the figures by class say."""
    return frozenset(known.columns_of(results.name) if results.classes else ())


def _rows(
    results: Results, columns: RawColumns, asked: tuple[Where, ...], whole: tuple[Number, ...], fewest: int
) -> tuple[tuple[SliceRow, ...], int]:
    """The slices with their figures, and how many were too small to be told."""
    rows, small = list[SliceRow](), 0
    for place, where in enumerate(asked):
        got_on(place, len(asked), "rows")
        chosen: Array = columns.holds(where)
        count = int(chosen.sum())
        if count < fewest:
            small += 1
            continue
        found = leading(results.only(chosen)) if count else ()
        rows.append(SliceRow(where, count, _values(whole, found)))
    worst = -1.0 if not whole[0].share else 1.0  # of errors the largest is the worst

    def key(row: SliceRow) -> tuple[bool, float, int]:
        value = row.values[0]
        return value is None, worst * (value or 0.0), -row.samples

    return tuple(sorted(rows, key=key)), small


def _values(whole: tuple[Number, ...], found: tuple[Number, ...]) -> tuple[float | None, ...]:
    by_key = {number.key: number.value for number in found}
    return tuple(by_key.get(number.key) for number in whole)
