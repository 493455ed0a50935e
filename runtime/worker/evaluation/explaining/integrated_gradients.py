"""Integrated gradients: the way from a baseline to the sample, and what each place adds to the score on it.

Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks" (2017), equation 1: for the input x, the baseline
x' and what the network says F, IG_i(x) = (x_i - x'_i) times the integral over a from 0 to 1 of
dF(x' + a (x - x'))/dx_i. The integral is taken by the midpoint rule with `steps` points, a = (k - 1/2)/steps. By the
axiom of completeness the sum of all IG_i is F(x) - F(x'). The baseline is 0: black, or the vector of no token.
"""

from collections.abc import Callable
from typing import Any, Final

import keras
import numpy as np

from resources.text import Text
from runtime.worker.evaluation.explaining.places import require_gradients, summed, tokens_of
from runtime.worker.evaluation.explaining.question import (
    BATCH,
    Array,
    Attribution,
    Question,
    as_many,
    fixed_batch,
    ordered,
    spot_of,
)
from runtime.worker.process.waiting import got_on

METHOD = "integrated_gradients"
_MOST_STEPS: Final = 2_000


def explain(question: Question) -> Attribution:
    """Raises WorkerError where there is no TensorFlow, or nothing to differentiate; CancelledError."""
    require_gradients()
    spot = spot_of(question)
    at = _on_the_way(question)
    steps = max(1, min(question.steps, _MOST_STEPS))
    alphas = (np.arange(steps) + 0.5) / steps
    size = fixed_batch(question) or BATCH
    start, end = at(np.zeros(1)), at(np.ones(1))
    total = np.zeros(end.values.shape[1:])
    for first in range(0, steps, size):
        got_on(first, steps, "rows")
        part = alphas[first : first + size]
        total += at(part).gradients[: len(part)].astype(np.float64).sum(0)
    values = end.values[0].astype(np.float64) * total / steps
    by_place, whole = summed(question, values), float(values.sum())
    note = _note(float(start.scores[0]), float(end.scores[0]), whole, spot.ids is not None)
    return Attribution(by_place, whole, True, tokens_of(question, spot, end.heard), note)


def _on_the_way(question: Question) -> Callable[[Array], Any]:
    """Gradients at places between the baseline (0) and the sample (1); of a fixed batch, more than are asked for."""
    from runtime.worker.evaluation.explaining.tensorflow_gradients import gradients

    spot, sample, fixed = spot_of(question), ordered(question), fixed_batch(question)

    def at(alphas: Array) -> Any:
        padded = alphas if fixed is None else as_many(alphas, fixed)
        inputs = [np.repeat(array[:1], len(padded), 0) for array in sample]
        return gradients(question, inputs, spot.call, linear=False, change=_scaled(padded))

    return at


def _scaled(alphas: Array) -> Callable[[Any], Any]:
    """Sample k is `alphas[k]` of what it was: the way to the baseline 0."""

    def change(tensor: Any) -> Any:
        factors = alphas.reshape(-1, *[1] * (len(tensor.shape) - 1))
        return tensor * keras.ops.convert_to_tensor(factors, dtype=tensor.dtype)

    return change


def _note(before: float, after: float, total: float, words: bool) -> Text:
    baseline = Text("a text of no words") if words else Text("an input of zeros")
    return Text.of(
        "Compared with {baseline}, of which the model says {before}: the sum of all is {total}, the difference "
        "{difference}.",
        baseline=baseline,
        before=f"{before:.4g}",
        total=f"{total:.4g}",
        difference=f"{after - before:.4g}",
    )
