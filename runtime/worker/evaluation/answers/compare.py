"""Two evaluations of the same samples: where one is right and the other wrong, and whether that is chance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from resources.plain import listed
from resources.text import Text
from runtime.messages.evaluating import CompareEvaluations, EvaluationsCompared
from runtime.messages.views import Cell, Label, Table
from runtime.worker.evaluation.known import spec_of
from runtime.worker.evaluation.listing.leading import leading
from runtime.worker.evaluation.measuring.judging import judged
from runtime.worker.evaluation.measuring.kept import KeptOutput
from runtime.worker.evaluation.measuring.results import Array, Results
from runtime.worker.evaluation.measuring.same_samples import WINDOWS, others_in
from runtime.worker.process.control import WorkerError

if TYPE_CHECKING:
    from runtime.worker.evaluation.evaluator import Evaluator

REQUEST: Final = CompareEvaluations
_CHANGED: Final = Text("The data has changed between the two evaluations: the true values are not the same.")
_OTHER_STEPS: Final = Text("The two runs do other things to the true values: what they say cannot be compared.")


def answer(evaluator: Evaluator, request: CompareEvaluations) -> EvaluationsCompared:
    """Raises WorkerError: evaluations that cannot be read, or are not of the same samples."""
    first = evaluator.evaluations.output(Path(request.first), request.output)
    second = evaluator.evaluations.output(Path(request.second), request.output)
    here, there = _common(first, second)
    one, other = _results(first).only(here), _results(second).only(there)
    _require_same(first, second, one, other)
    metrics = _metrics(first, second, one, other, whole=len(here) == len(first.rows) == len(second.rows))
    notes: tuple[Text, ...] = ()
    if len(here) < max(len(first.rows), len(second.rows)):
        notes = (Text.of("Only the {count} samples that both have are compared.", count=len(here)),)
    mine, others = judged(one).right, judged(other).right
    if mine is None or others is None:
        return EvaluationsCompared(request.id, 0, (), (), 0, None, metrics, judged=False, notes=notes)
    only_first, only_second = here[mine & ~others], here[others & ~mine]
    return EvaluationsCompared(
        request.id,
        int((mine & others).sum()),
        tuple(only_first.tolist()),
        tuple(only_second.tolist()),
        int((~mine & ~others).sum()),
        mcnemar(len(only_first), len(only_second)),
        metrics,
        notes=notes,
    )


def mcnemar(only_first: int, only_second: int) -> float | None:
    """The two-sided p of the exact test: only samples that one alone gets right tell them apart, each like a coin.

    McNemar: Note on the sampling error of the difference between correlated proportions or percentages (1947), with the
    binomial distribution in place of chi-squared. None where there is no such sample.
    """
    from scipy.stats import binomtest

    if not only_first + only_second:
        return None
    return float(binomtest(only_first, only_first + only_second, 0.5).pvalue)


def _results(kept: KeptOutput) -> Results:
    return kept.results(spec_of(kept.trained()))


def _common(first: KeptOutput, second: KeptOutput) -> tuple[Array, Array]:
    """The places of the samples that both have, in each. Raises WorkerError where there are none."""
    same_data = first.file.on.other == second.file.on.other and first.file.data == second.file.data
    _, here, there = np.intersect1d(first.rows, second.rows, assume_unique=True, return_indices=True)
    if not same_data or not len(here):
        raise WorkerError(Text("The two evaluations have no samples in common: evaluate both on the same data."))
    order = np.argsort(here, kind="stable")
    return here[order], there[order]


def _require_same(first: KeptOutput, second: KeptOutput, one: Results, other: Results) -> None:
    if one.truth is None or other.truth is None:
        raise WorkerError(Text("There are no labels: nothing tells which of the two is right."))
    if one.kind != other.kind or first.output.classes != second.output.classes:
        raise WorkerError(Text("The two evaluations look at the output in different ways: they cannot be compared."))
    differ = others_in(first.file.marks, second.file.marks)
    if WINDOWS in differ:
        raise WorkerError(Text("The two runs make other samples of the rows: the windows are not the same."))
    if differ:
        raise WorkerError(
            Text.of(
                "The two evaluations are not of the same samples: {columns} had other values.", columns=listed(differ)
            )
        )
    if not _same_truth(one, other):
        raise WorkerError(_OTHER_STEPS if first.file.marks and second.file.marks else _CHANGED)


def _same_truth(one: Results, other: Results) -> bool:
    """One run may have its classes one-hot, the other as numbers."""
    assert one.truth is not None and other.truth is not None
    if one.kind in ("classes", "binary", "mask", "tokens"):
        return np.array_equal(one.true_classes, other.true_classes)
    return one.truth.shape == other.truth.shape and np.array_equal(one.truth, other.truth, equal_nan=True)


def _metrics(first: KeptOutput, second: KeptOutput, one: Results, other: Results, *, whole: bool) -> Table:
    """Figures of both for the samples that both have, and what Keras told of them where these are all."""
    columns = (Label(), Label(text=Text("First")), Label(text=Text("Second")), Label(text=Text("Difference")))
    found = {number.key: (number.value, None) for number in leading(one)}
    pairs: dict[str, tuple[float | None, float | None]] = {**found}
    for number in leading(other):
        pairs[number.key] = (found.get(number.key, (None, None))[0], number.value)
    if whole:
        for name, value in first.file.metrics.items():
            if name in second.file.metrics:
                pairs.setdefault(name, (value, second.file.metrics[name]))
    rows: list[tuple[Cell, ...]] = [
        (name, mine, others, None if mine is None or others is None else mine - others)
        for name, (mine, others) in pairs.items()
    ]
    return Table(columns, tuple(rows))
