"""Looking inside: what comes out of all boxes, against one forward pass in the same run.

`python -m tests.benchmarks.inside [--rounds N] [--large]`. The digits model is that of the template, EfficientNetB0 has
224x224 pictures and fresh weights. `--large` asks a NASNetLarge of 1,041 layers for a few of its boxes. Everything is
told: activations, figures and small maps. Floors are judged by the median, the ratio by the best of both.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from graph_editor.document.files.file_format import load
from runtime.messages.inside import CallAt
from runtime.worker.evaluation.inside.activations import activations_of
from runtime.worker.evaluation.inside.addresses import all_calls
from runtime.worker.evaluation.inside.looking import Looker
from runtime.worker.evaluation.inside.views import Manner
from tests.benchmarks._report import against_floor, machine, median, milliseconds

ROOT = Path(__file__).parents[2]
FLOOR_DIGITS_MS, FLOOR_B0_S, FLOOR_RATIO = 200.0, 3.0, 1.5


def timed(work: Callable[[], object], rounds: int) -> list[float]:
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return seconds


def samples(model: Any, count: int) -> list[dict[str, Any]]:
    """Different ones: nothing is answered from what is kept."""
    random = np.random.default_rng(0)
    return [
        {x._keras_history.operation.name: random.random((1, *x.shape[1:])).astype(np.float32) for x in model.inputs}
        for _ in range(count)
    ]


def look(model: Any, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds of the first questions, in which the function is compiled, and of those after them."""
    looker, calls, given = Looker(model), all_calls(model), iter(samples(model, rounds + 3))
    first = timed(lambda: activations_of(looker, next(given), calls, Manner()), 3)
    return first, timed(lambda: activations_of(looker, next(given), calls, Manner()), rounds)


def passes(model: Any, rounds: int) -> list[float]:
    """Seconds of `predict` for one sample, the model compiled by Keras as ever."""
    (given,) = samples(model, 1)
    inputs = list(given.values())
    model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
    return timed(lambda: model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0), rounds)


def digits() -> Any:
    from app.project.project_questions import run_spec
    from runtime.worker.keras_models.build import build_model

    path = ROOT / "resources" / "templates" / "digits.lamella"
    return build_model(run_spec(load(path), path, "digits").model)


def judge(name: str, model: Any, rounds: int, floor_s: float) -> None:
    first, after = look(model, rounds)
    one = passes(model, rounds)
    print(f"{name}: {len(all_calls(model))} boxes")
    print("  first questions:      " + ", ".join(f"{part * 1e3:.0f} ms" for part in first))
    print(f"  all boxes of a sample: {milliseconds(after)}")
    print(f"  one predict:           {milliseconds(one)}")
    print("  " + against_floor(median(after) * 1e3, floor_s * 1e3, "ms"))
    print("  slowest of the first questions: " + against_floor(max(first) * 1e3, floor_s * 1e3, "ms"))
    print("  against predict: " + against_floor(min(after) / min(one), FLOOR_RATIO, "times"))


def large(rounds: int) -> None:
    model = keras.applications.NASNetLarge(weights=None)
    calls = all_calls(model)
    looker, given = Looker(model), iter(samples(model, 2 * rounds + 1))
    few = calls[20:60]
    early = timed(lambda: activations_of(looker, next(given), few, Manner()), rounds)
    one = next(given)
    everything = timed(lambda: activations_of(looker, one, calls[:400], Manner()), 1)
    more = timed(lambda: activations_of(looker, one, [CallAt(calls[405].layer)], Manner()), 1)
    print(f"NASNetLarge: {len(calls)} boxes")
    print(f"  40 early boxes: {milliseconds(early)}")
    print(f"  400 boxes: {everything[0] * 1e3:.0f} ms; then one more, from what is known: {more[0] * 1e3:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--large", action="store_true")
    options = parser.parse_args()
    print(machine(), json.dumps(keras.config.backend()))
    judge("digits", digits(), options.rounds, FLOOR_DIGITS_MS / 1e3)
    judge("EfficientNetB0", keras.applications.EfficientNetB0(weights=None), options.rounds, FLOOR_B0_S)
    if options.large:
        large(options.rounds)


if __name__ == "__main__":
    main()
