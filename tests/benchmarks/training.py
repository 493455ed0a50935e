"""Seconds an epoch through Lamella's trainer against plain `fit(verbose=0)`: the same model, data and machine.

Both sides run in processes of their own, one after the other in alternating rounds, so that a machine that slows down
slows both. An epoch is the time from one `on_epoch_end` to the next; the first of each process traces and is left out.
Every step's metrics are stored on Lamella's side, and counted here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from runtime.clients.client import WorkerProcess
from runtime.events import EpochEnded, RunEnded, RunFailed, Steps
from runtime.launchers.local import LocalLauncher
from runtime.messages.protocol import FromWorker
from runtime.messages.training import Train
from runtime.process_end import ProcessEnd
from runtime.spec import Binding, DataSource, DataSpec, KerasObject, OutputTraining, RunSpec, TrainingSettings
from runtime.store import RunStore
from tests.benchmarks._report import against_floor, machine, median, milliseconds
from tests.support.events import read_events

SAMPLES, CLASSES, BATCH = 20_000, 10, 32
EPOCHS, ROUNDS = 9, 4
FLOOR_RATIO = 1.10
QUIET = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}


def write_data(path: Path) -> None:
    random = np.random.default_rng(0)
    images = random.random((SAMPLES, 28, 28, 1), np.float32)
    np.savez(path, image=images, label=random.integers(0, CLASSES, SAMPLES))


# ------------------------------------------------------------------------- plain Keras, in a process of its own


def plain(folder: Path) -> None:
    """Trains without Lamella; prints the seconds of each epoch and the model as JSON."""
    import keras

    class Clock(keras.callbacks.Callback):
        def __init__(self) -> None:
            super().__init__()
            self.ends: list[float] = []

        def on_epoch_end(self, epoch: int, logs: object = None) -> None:
            self.ends.append(time.perf_counter())

    image = keras.Input((28, 28, 1), name="image")
    hidden = keras.layers.Dense(64, "relu")(keras.layers.Flatten()(image))
    model = keras.Model(image, keras.layers.Dense(CLASSES, "softmax", name="label")(hidden))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    data, clock = np.load(folder / "data.npz"), Clock()
    model.fit(data["image"], data["label"], batch_size=BATCH, epochs=EPOCHS, verbose=0, callbacks=[clock])
    print(json.dumps({"seconds": np.diff(clock.ends).tolist(), "model": keras.saving.serialize_keras_object(model)}))


def run_plain(folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.training", str(folder)]
    done = subprocess.run(command, env={**os.environ, **QUIET}, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


# -------------------------------------------------------------------------------------------------- through Lamella


def run_spec(model: Any, data: Path) -> RunSpec:
    label = OutputTraining("label", KerasObject("sparse_categorical_crossentropy"), (KerasObject("accuracy"),))
    settings = TrainingSettings(batch_size=BATCH, epochs=EPOCHS, outputs=(label,), validation_percent=0.0)
    bindings = (Binding("image", ("image",)), Binding("label", ("label",)))
    architecture = {key: model[key] for key in ("module", "class_name", "config")}
    return RunSpec("benchmark", architecture, DataSpec((DataSource("npz", str(data)),)), bindings, settings)


class Trainer:
    """One run in a trainer of its own."""

    def __init__(self, spec: RunSpec, runs: Path) -> None:
        self._folder = RunStore(runs).new_run(spec, b"{}")
        self._process = WorkerProcess(LocalLauncher(QUIET), self._on_message, self._on_exit, role="trainer")
        self._ends: list[float] = []
        self._problem = "it ended too early"
        self._process.start()
        self._process.send(Train(spec, str(self._folder)))

    def seconds(self) -> list[float]:
        """Waits for the end of the run."""
        self._process.join()
        if len(self._ends) != EPOCHS:
            raise SystemExit(f"Lamella's trainer gave no numbers: {self._problem}")
        return [float(value) for value in np.diff(self._ends)]

    def _on_message(self, message: FromWorker) -> None:
        if isinstance(message, EpochEnded):
            self._ends.append(message.time)
        elif isinstance(message, RunFailed):
            self._problem = f"{message.error}\n{message.detail}"
        elif isinstance(message, RunEnded):
            self._problem = ""

    def _on_exit(self, end: ProcessEnd) -> None:
        if end.code != 0:
            self._problem = f"{self._problem}\n{end.text}\n{end.last_output}"


def steps_stored(run: Path) -> int:
    return sum(len(event.values) for event in read_events(run) if isinstance(event, Steps))


def main() -> None:
    print(machine())
    print(
        f"Flatten, Dense(64), Dense(10); {SAMPLES:,} samples 28x28x1, batch {BATCH}; {ROUNDS} rounds of {EPOCHS} epochs"
    )
    keras_seconds: list[float] = []
    lamella_seconds: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_data(folder / "data.npz")
        for number in range(1, ROUNDS + 1):
            answer = run_plain(folder)
            mine = Trainer(run_spec(answer["model"], folder / "data.npz"), folder / "runs").seconds()
            print(f"  round {number}: plain {median(answer['seconds']):.3f} s, Lamella {median(mine):.3f} s")
            keras_seconds += answer["seconds"]
            lamella_seconds += mine
        stored = [steps_stored(run.folder) for run in RunStore(folder / "runs").runs()]
    print(f"plain fit(verbose=0): {milliseconds(keras_seconds)} an epoch")
    print(f"through Lamella:      {milliseconds(lamella_seconds)} an epoch, {min(stored):,} steps stored in each run")
    print(f"  {against_floor(median(lamella_seconds) / median(keras_seconds), FLOOR_RATIO, 'times plain fit')}")
    print(f"  best epoch against best epoch: {min(lamella_seconds) / min(keras_seconds):.2f} times")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        plain(Path(sys.argv[1]))
    else:
        main()
