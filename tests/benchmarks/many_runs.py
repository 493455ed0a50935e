"""Folders of 10,000 runs, as trainers leave them, for the benchmarks of the list of runs and its tests."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import msgspec

from resources.training.metric_logs import Direction
from runtime.events import EpochEnded, RunEnded, RunStarted
from runtime.model_configs import keras_json
from runtime.spec import Binding, DataSource, DataSpec, KerasObject, OutputTraining, RunSpec, TrainingSettings
from runtime.store import RUN_FILE, RunFile, RunResult, result_bytes

LAYERS = 20
_STATUSES = ("completed", "completed", "completed", "early_stopped", "stopped", "failed")
_KNOWN: dict[str, Direction] = {"loss": "min", "accuracy": "max"}
_DAY = 86_400.0
_EPOCHS = 3


def write_runs(folder: Path, count: int, model_bytes: int = 2_000) -> None:
    """Write `count` runs, each with a model of `LAYERS` layers, one in ten with words of a person."""
    numbers = random.Random(count)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, count + 1):
        run = folder / f"{number:04d}-digits"
        run.mkdir()
        _write(run, number, numbers, model_bytes)
        past = 1_700_000_000 + number
        for name in (*(path.name for path in run.iterdir()), ""):
            os.utime(run / name, (past, past))  # not written this moment: then nothing would be kept of it


def _write(run: Path, number: int, numbers: random.Random, model_bytes: int) -> None:
    status = numbers.choice(_STATUSES)
    value = numbers.random()
    (run / RUN_FILE).write_bytes(keras_json.encode(RunFile("digits", 1_700_000_000 + number * 60, _spec(numbers))))
    (run / "project.lamella").write_bytes(b"{}")
    best: dict[str, float | None] = {"val_loss": value, "val_accuracy": 1 - value / 3, "loss": value / 2}
    last = {name: (number or 0.0) * 1.1 for name, number in best.items()}
    seconds = numbers.uniform(5, 5000)
    result = RunResult(status, _EPOCHS, last, best, seconds, None, "gpu:0", 110_243, _KNOWN)  # type: ignore[arg-type]
    (run / "result.json").write_bytes(result_bytes(result))
    events = [
        RunStarted("gpu:0", 45, _EPOCHS, 1437, 360, 110_243, 110_000),
        *(EpochEnded(epoch, {"loss": value, "val_loss": value}, 1e-3, 1.5) for epoch in range(_EPOCHS)),
        RunEnded("completed", _EPOCHS, seconds, "model.keras", {"val_loss": value}),
    ]
    stamped = (msgspec.structs.replace(event, seq=place) for place, event in enumerate(events, 1))
    (run / "events.jsonl").write_bytes(b"".join(msgspec.json.encode(event) + b"\n" for event in stamped))
    (run / "model.keras").write_bytes(bytes(model_bytes))
    if number % 10 == 0:
        tags = numbers.sample(["baseline", "wide", "augmented", "night"], 2)
        about = {"name": f"try {number}", "tags": tags, "group": f"sweep {number // 100}"}
        (run / "about.json").write_text(json.dumps(about), "utf-8")


def _spec(numbers: random.Random) -> RunSpec:
    layers = [
        {
            "module": "keras.layers",
            "class_name": "Dense",
            "config": {"name": f"dense_{place}", "trainable": True, "units": 2 ** numbers.randrange(4, 10),
                       "activation": "relu", "use_bias": True, "dtype": "float32",
                       "kernel_initializer": {"module": "keras.initializers", "class_name": "GlorotUniform",
                                              "config": {"seed": None}, "registered_name": None}},
            "name": f"dense_{place}",
            "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {
                "shape": [None, 64], "dtype": "float32", "keras_history": [f"dense_{place - 1}", 0, 0]}}],
                "kwargs": {}}],
        }
        for place in range(1, LAYERS + 1)
    ]  # fmt: skip
    model = {"module": "keras", "class_name": "Functional", "config": {"name": "digits", "layers": layers}}
    output = OutputTraining("digit", KerasObject("SparseCategoricalCrossentropy"), (KerasObject("accuracy"),))
    rate = 10 ** numbers.uniform(-5, -1)
    training = TrainingSettings(
        KerasObject(numbers.choice(["Adam", "SGD"]), {"learning_rate": rate}), (output,),
        {"early_stopping": {"monitor": "val_loss", "patience": 5}}, epochs=20, batch_size=2 ** numbers.randrange(4, 9),
    )  # fmt: skip
    bindings = (Binding("image", ("image",)), Binding("digit", ("label",)))
    data = DataSpec((DataSource("hdf5", "/data/digits.h5"),))
    return RunSpec("digits", model, data, bindings, training)
