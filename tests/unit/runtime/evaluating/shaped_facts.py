"""Runs whose samples are windows of rows, or come from several files, and what an evaluator makes of them.

`python -m tests.unit.runtime.evaluating.shaped_facts FOLDER` writes it as JSON; test_shaped.py says what must be true.
"""

from __future__ import annotations

import json
import sys
import tracemalloc
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import h5py
import keras
import msgspec
import numpy as np

from runtime.evaluation.folder import EVALUATIONS, read_evaluation
from runtime.messages.evaluating import CompareEvaluations, Evaluate, ListSamples, Predict, Slice
from runtime.messages.trained import On, OneSample, Trained
from runtime.messages.trying import AskForm, ShowSample
from runtime.spec import DataSpec, RunSpec
from runtime.store import MODEL_FILE, RunStore
from runtime.worker.data.feed.feed import Feed
from runtime.worker.evaluation import evaluator as evaluators
from runtime.worker.evaluation import predicting
from runtime.worker.evaluation import samples as evaluated_samples
from runtime.worker.evaluation.evaluator import Evaluator
from runtime.worker.evaluation.loaded import Loaded
from runtime.worker.process.control import CancelledError, Control
from runtime.worker.process.waiting import waiting
from runtime.worker.training.train import train
from tests.unit.runtime.evaluating.listed_facts import arrays_of, refused, told
from tests.unit.runtime.evaluating.tried_facts import trainers_validation
from tests.unit.runtime.training.scenario_specs import make_spec

Json = Any
REGULAR = {"epochs": 1, "batch_size": 16, "optimizer": "SGD"}


def trained(folder: Path, spec: RunSpec) -> Trained:
    run = RunStore(folder / "runs").new_run(spec, b"{}")
    train(spec, run, Control(), lambda _event: None)
    assert (run / MODEL_FILE).is_file(), "the run failed"
    return Trained(str(run), str(run / MODEL_FILE), batch_size=16)


def plant_spec(folder: Path, length: int = 4) -> RunSpec:
    """Rows of two places, mixed up, that are ordered by time; the next value of a place is what is to be told."""
    path = folder / "plants.csv"
    rng = np.random.default_rng(3)
    rows = [(place, time, round(float(rng.normal()), 3)) for place in ("east", "west") for time in range(60)]
    lines = [",".join(map(str, rows[place])) for place in rng.permutation(len(rows))]
    path.write_text("\n".join(["place,time,value", *lines]) + "\n", "utf-8")
    inputs = keras.Input((length, 1), name="value")
    model = keras.Model(inputs, keras.layers.Dense(1, name="next")(keras.layers.SimpleRNN(3)(inputs)))
    data = {
        "sources": [{"kind": "csv", "path": str(path)}],
        "windows": {"length": length, "horizon": 1, "order_by": "time", "group_by": "place"},
        "columns": {"value": {"steps": [{"step": "normalize"}]}},
        "bindings": {"value": ["value"], "next": ["value"]},
        "validation_percent": 30,
    }  # fmt: skip
    return make_spec(data, REGULAR | {"outputs": {"next": {"loss": "MeanSquaredError"}}}, json.loads(model.to_json()))


def house_spec(folder: Path) -> RunSpec:
    """Two files that are joined by a key, the second in another order; of some houses it knows nothing."""
    rng = np.random.default_rng(4)
    first = [f"h{number},{rng.integers(30, 200)},{rng.integers(100, 900)}" for number in range(120)]
    second = [f"h{number},{rng.integers(0, 9)}" for number in rng.permutation(120) if number % 10]
    (folder / "houses.csv").write_text("\n".join(["id,area,price", *first]) + "\n", "utf-8")
    (folder / "gardens.csv").write_text("\n".join(["house,trees", *second]) + "\n", "utf-8")
    area, trees = keras.Input((1,), name="area"), keras.Input((1,), name="trees")
    both = keras.layers.Concatenate()([area, trees])
    dense = keras.layers.Dense(4, "relu", activity_regularizer=keras.regularizers.L2(0.01))(both)
    model = keras.Model([area, trees], keras.layers.Dense(1, name="price")(dense))
    join = {"by": "key", "column": "house", "to": "id", "missing": "leave_out"}
    data = {
        "sources": [
            {"kind": "csv", "path": str(folder / "houses.csv")},
            {"kind": "csv", "path": str(folder / "gardens.csv"), "name": "gardens", "join": join},
        ],
        "columns": {"area": {"steps": [{"step": "normalize"}]}, "price": {"steps": [{"step": "normalize"}]}},
        "bindings": {"area": ["area"], "trees": ["gardens/trees"], "price": ["price"]},
        "split": "random", "validation_percent": 25, "test_percent": 10,
    }  # fmt: skip
    return make_spec(data, REGULAR | {"outputs": {"price": {"loss": "MeanSquaredError"}}}, json.loads(model.to_json()))


def facts(evaluator: Evaluator, asked: Trained, output: str, folder: Path) -> Json:
    """Against what the trainer feeds and validates with, and what Keras predicts of that."""
    loaded = evaluator.loaded(asked)
    fed = trainers_validation(loaded)
    evaluation = told(evaluator, Evaluate(1, asked))
    kept = arrays_of(evaluation.folder)
    samples = evaluator.samples(loaded, On())
    inputs = samples.inputs()
    given = [inputs[one.name] for one in loaded.inputs]
    predicted = np.asarray(loaded.model.predict(given if len(given) > 1 else given[0], verbose=0))
    listed = told(evaluator, ListSamples(1, evaluation.folder, output, "worst", count=5))
    sliced = told(evaluator, Slice(1, evaluation.folder, output))
    written = told(evaluator, Predict(1, asked, On(), str(folder / f"{output}.csv")))
    errors = np.abs(kept["p0"] - kept["t0"]).mean(axis=1)
    same = told(evaluator, CompareEvaluations(1, evaluation.folder, told(evaluator, Evaluate(1, asked)).folder, output))
    one = evaluator.one(loaded, OneSample(On(), 3))
    elsewhere = evaluator.samples(loaded, On(other=loaded.spec.data))
    everything = evaluator.samples(loaded, On("all"))
    return {
        "as the trainer feeds": [bool(np.array_equal(a, b)) for a, b in zip(given, fed, strict=True)],
        "as predicted": float(np.abs(kept["p0"] - predicted).max()),
        "count": samples.count,
        "all": everything.count,
        "marks": sorted(evaluation.evaluation.marks),
        "metrics": evaluation.evaluation.metrics,
        "keras": keras_own(loaded, given, samples.truths()[output]),
        "worst": [view.row for view in listed.samples.samples] == np.argsort(-errors, kind="stable")[:5].tolist(),
        "cells": [list(map(list, view.cells)) for view in listed.samples.samples[:1]],
        "notes": [str(note) for note in listed.notes],
        "slices": sorted({where.column for row in sliced.rows for where in row.where}),
        "written": written.samples,
        "head": (folder / f"{output}.csv").read_text("utf-8").splitlines()[0],
        "compared": [same.p is None, same.judged, [str(note) for note in same.notes]],
        "one": all(np.array_equal(one[name][0], inputs[name][3]) for name in one),
        "elsewhere": all(np.array_equal(elsewhere.inputs()[name], everything.inputs()[name]) for name in inputs),
        "shown": [
            value.text for value in told(evaluator, ShowSample(1, asked, On(), 3)).values if not value.truth
        ],
        "form": len(told(evaluator, AskForm(1, asked)).fields),
        "streamed": streamed(evaluator, asked, evaluation.folder),
    }  # fmt: skip


def keras_own(loaded: Loaded, given: list[Any], truth: Any) -> Json:
    found = loaded.model.evaluate(given if len(given) > 1 else given[0], truth, 16, verbose=0, return_dict=True)
    return {name: float(value) for name, value in found.items()}


def streamed(evaluator: Evaluator, asked: Trained, folder: str) -> Json:
    """The same where the inputs do not fit into memory."""
    with patch.object(predicting, "budget", lambda: 0):
        evaluation = told(evaluator, Evaluate(1, asked))
    here, there = arrays_of(folder), arrays_of(evaluation.folder)
    return [
        float(np.abs(here["p0"] - there["p0"]).max()),
        bool(np.array_equal(here["t0"], there["t0"])),
        evaluation.evaluation.metrics,
    ]


def large(folder: Path) -> Json:
    """A file of 96 MB, not much of which may be in memory. A layer adds to the loss: it is gone through twice."""
    path, count, width = folder / "large.h5", 12_000, 2_000
    with h5py.File(path, "w") as file:
        values = file.create_dataset("x", (count, width), "float32")
        for first in range(0, count, 1000):
            values[first : first + 1000] = (np.arange(first, first + 1000) % 7)[:, None] / 1000
        file["y"] = (np.arange(count) % 7).astype("float32")
    inputs = keras.Input((width,), name="x")
    dense = keras.layers.Dense(1, name="y", activity_regularizer=keras.regularizers.L2(0.01))(inputs)
    data = {
        "sources": [{"kind": "hdf5", "path": str(path)}], "bindings": {"x": ["x"], "y": ["y"]},
        "validation_percent": 90, "split": "random",
    }  # fmt: skip
    outputs = {"outputs": {"y": {"loss": "MeanSquaredError"}}}
    settings = REGULAR | outputs | {"batch_size": 256}
    asked = trained(folder, make_spec(data, settings, json.loads(keras.Model(inputs, dense).to_json())))
    asked = msgspec.structs.replace(asked, batch_size=256)
    evaluator, small = Evaluator(), partial(Feed, buffer_bytes=1 << 20)
    with patch.object(predicting, "budget", lambda: 0), patch.object(evaluated_samples, "Feed", small):
        told(evaluator, Predict(1, asked, On(), str(folder / "large.npz")))
        tracemalloc.start()
        evaluation = told(evaluator, Evaluate(1, asked)).evaluation
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    whole = told(evaluator, Evaluate(1, asked)).evaluation
    path.unlink()
    return {"peak": peak, "bytes": count * width * 4, "metrics": evaluation.metrics, "whole": whole.metrics}


def lists_without_the_model(asked: Trained, folder: str, output: str) -> Json:
    """An evaluator that has just started, and may load no model."""
    evaluator = Evaluator()
    with patch.object(evaluators, "Loaded", side_effect=AssertionError("the model was loaded")):
        listed = told(evaluator, ListSamples(1, folder, output, count=3))
        sliced = told(evaluator, Slice(1, folder, output))
    return [len(listed.samples.samples), len(listed.samples.samples[0].cells) > 0, len(sliced.rows) > 0]


def without_memory(evaluator: Evaluator, asked: Trained) -> Json:
    """What is said when the memory is full as metrics are worked out: the predictions were small enough."""
    with patch.object(keras.Model, "evaluate", side_effect=MemoryError):
        return refused(evaluator, Evaluate(1, asked))


def cancelled(evaluator: Evaluator, asked: Trained) -> Json:
    """Nobody waits any more in the middle of an evaluation, in memory and streamed: what is left in its folder."""
    into = Path(asked.folder, EVALUATIONS)
    before = sorted(path.name for path in into.iterdir())
    found = []
    for memory in (1 << 40, 0):
        waits = partial(next, iter([True] * 3), False)
        with patch.object(predicting, "budget", lambda memory=memory: memory), waiting(waits):
            try:
                told(evaluator, Evaluate(1, msgspec.structs.replace(asked, batch_size=4)))
            except CancelledError:
                found.append(sorted(path.name for path in into.iterdir()) == before)
    return found


def of_no_numbers(asked: Trained, folder: Path) -> Json:
    """A model whose weights are NaN: all that it says is none."""
    evaluator = Evaluator()
    loaded = evaluator.loaded(asked)
    loaded.model.set_weights([np.full(values.shape, np.nan) for values in loaded.model.get_weights()])
    weights = folder / "astray.weights.h5"
    loaded.model.save_weights(weights)
    astray = msgspec.structs.replace(asked, weights=str(weights))
    evaluation = told(evaluator, Evaluate(1, astray))
    stored = read_evaluation(Path(evaluation.folder))
    listed = told(evaluator, ListSamples(1, evaluation.folder, "price", "worst", count=2))
    return {
        "stored": stored.file == evaluation.evaluation,
        "metrics": evaluation.evaluation.metrics,
        "figures": [figure.key for figure in evaluation.evaluation.outputs[0].figures],
        "notes": [str(note) for note in evaluation.evaluation.outputs[0].notes],
        "listed": [view.predicted for view in listed.samples.samples],
        "sliced": refused(evaluator, Slice(1, evaluation.folder, "price")),
    }


def keys(evaluator: Evaluator, asked: Trained) -> Json:
    """What is loaded once, and what is another model."""
    spec = evaluator.loaded(asked).spec
    first = evaluator.loaded(asked)
    alone = [Trained("", asked.weights, msgspec.structs.replace(spec, name=name)) for name in ("one", "other")]
    changed = msgspec.structs.replace(spec, data=DataSpec(spec.data.sources))
    return {
        "again": evaluator.loaded(Trained(asked.folder, asked.weights)) is first,
        "batch size": evaluator.loaded(msgspec.structs.replace(asked, batch_size=5)) is first,
        "other spec": evaluator.loaded(alone[0]) is not evaluator.loaded(alone[1]),
        "other data": evaluator.loaded(Trained("", asked.weights, changed)).spec.data.columns == {},
        "equal": evaluator.loaded(alone[0]) is evaluator.loaded(Trained("", asked.weights, alone[0].spec)),
    }


def main(folder: Path) -> None:
    evaluator = Evaluator()
    plants, houses = trained(folder, plant_spec(folder)), trained(folder, house_spec(folder))
    longer = trained(folder, plant_spec(folder, 5))
    found = {"plants": facts(evaluator, plants, "next", folder), "houses": facts(evaluator, houses, "price", folder)}
    first, second = (told(evaluator, Evaluate(1, asked)).folder for asked in (plants, longer))
    found["other windows"] = refused(evaluator, CompareEvaluations(1, first, second, "next"))
    found["without memory"] = without_memory(evaluator, houses)
    found["cancelled"] = cancelled(evaluator, houses)
    found["astray"] = of_no_numbers(houses, folder)
    found["keys"] = keys(evaluator, houses)
    found["without the model"] = lists_without_the_model(plants, first, "next")
    before = told(evaluator, Evaluate(1, houses)).folder
    lines = (folder / "gardens.csv").read_text("utf-8").splitlines()
    place = next(place for place, line in enumerate(lines) if line.startswith("h1,"))
    lines[place] = "h1,77"
    (folder / "gardens.csv").write_text("\n".join(lines) + "\n", "utf-8")
    after = told(evaluator, Evaluate(1, houses))
    found["changed"] = [str(note) for note in after.evaluation.notes]
    found["other values"] = refused(evaluator, CompareEvaluations(1, before, after.folder, "price"))
    found["large"] = large(folder)
    (folder / "facts.json").write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
