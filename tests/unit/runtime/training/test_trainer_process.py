"""Real trainers: processes of their own, spoken to over the connection."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runtime.clients.client import WorkerProcess
from runtime.events import EpochEnded, LearningRateChanged, Paused, Resumed, RunEnded, Steps
from runtime.launchers.local import LocalLauncher
from runtime.messages.connection import Ready
from runtime.messages.control import request_learning_rate, request_pause, request_resume, request_stop
from runtime.messages.protocol import FromWorker
from runtime.messages.training import Pause, Resume, SetLearningRate, Stop, Train
from runtime.process_end import ProcessEnd
from runtime.project_spec import spec_from_project
from runtime.run_process import is_alive
from runtime.spec import RunSpec
from runtime.store import RunStore, epoch_files, read_run
from tests.support.events import read_events
from tests.support.patience import patient

MODEL: dict[str, Any] = {
    "module": "keras",
    "class_name": "Functional",
    "config": {
        "name": "digits",
        "layers": [
            {
                "module": "keras.layers",
                "class_name": "InputLayer",
                "config": {"batch_shape": [None, 8, 8, 1], "dtype": "float32", "name": "image"},
                "name": "image",
                "inbound_nodes": [],
            },
            {
                "module": "keras.layers",
                "class_name": "Flatten",
                "config": {"name": "flatten"},
                "name": "flatten",
                "inbound_nodes": [{"args": [["image", 0, 0]], "kwargs": {}}],
            },
            {
                "module": "keras.layers",
                "class_name": "Dense",
                "config": {"name": "digit", "units": 10, "activation": "softmax"},
                "name": "digit",
                "inbound_nodes": [{"args": [["flatten", 0, 0]], "kwargs": {}}],
            },
        ],
        "input_layers": [["image", 0, 0]],
        "output_layers": [["digit", 0, 0]],
    },
}


def tensor(name: str, shape: list[int | None]) -> dict[str, Any]:
    history = [name, 0, 0]
    return {"class_name": "__keras_tensor__", "config": {"shape": shape, "dtype": "float32", "keras_history": history}}


MODEL["config"]["layers"][1]["inbound_nodes"][0]["args"] = [tensor("image", [None, 8, 8, 1])]
MODEL["config"]["layers"][2]["inbound_nodes"][0]["args"] = [tensor("flatten", [None, 64])]


def make_spec(epochs: int) -> RunSpec:
    data = {
        "sources": [{"kind": "hdf5", "path": "sample:digits.h5"}],
        "bindings": {"image": ["image"], "digit": ["digit"]},
    }
    outputs = {"digit": {"loss": "SparseCategoricalCrossentropy", "metrics": ["accuracy"]}}
    return spec_from_project(data, {"outputs": outputs, "epochs": epochs, "seed": 1}, MODEL, None, "process")


class Trainer:
    """A trainer process and everything it has said."""

    def __init__(self, folder: Path) -> None:
        self.messages: list[FromWorker] = []
        self.end: ProcessEnd | None = None
        self._changed = threading.Condition()
        self.process = WorkerProcess(LocalLauncher(), self._on_message, self._on_exit, role="trainer")
        self.process.start()
        self.process.send(Train(make_spec(5000), str(folder)))

    def _on_message(self, message: FromWorker) -> None:
        with self._changed:
            self.messages.append(message)
            self._changed.notify_all()

    def _on_exit(self, end: ProcessEnd) -> None:
        with self._changed:
            self.end = end
            self._changed.notify_all()

    def wait(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, 400), self.messages[-5:]

    def wait_for(self, kind: type, count: int = 1) -> Any:
        self.wait(lambda: sum(isinstance(message, kind) for message in self.messages) >= count)
        return [message for message in self.messages if isinstance(message, kind)][count - 1]

    def steps(self) -> int:
        return sum(len(message.values) for message in self.messages if isinstance(message, Steps))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return RunStore(tmp_path / "p.runs").new_run(make_spec(5000), b"{}")


def test_a_trainer_is_paused_steered_and_stopped(folder: Path) -> None:
    trainer = Trainer(folder)
    try:
        trainer.wait_for(EpochEnded)
        run = read_run(folder)
        assert run is not None and run.status == "running" and is_alive(folder)
        trainer.process.send(Pause())
        trainer.wait(lambda: any(type(message).__name__ == "Paused" for message in trainer.messages))
        before = trainer.steps()
        time.sleep(0.5)
        assert trainer.steps() == before
        trainer.process.send(SetLearningRate(0.05))
        trainer.process.send(Resume())
        trainer.wait(lambda: any(isinstance(m, EpochEnded) and m.learning_rate > 0.04 for m in trainer.messages))
        trainer.process.send(Stop())
        ended: RunEnded = trainer.wait_for(RunEnded)
        trainer.wait(lambda: trainer.end is not None)
    finally:
        trainer.process.stop()
    assert trainer.end is not None and trainer.end.code == 0
    assert ended.status == "stopped" and Path(ended.model_path).is_file()
    events = [message for message in trainer.messages if not isinstance(message, Ready)]
    assert read_events(folder) == events, "the file and the connection tell the same"
    run = read_run(folder)
    assert run is not None
    assert (run.status, run.result.epochs_done, run.model) == ("stopped", ended.epoch, folder / "model.keras")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_trainer_leaves_what_it_had(folder: Path) -> None:
    trainer = Trainer(folder)
    try:
        first: EpochEnded = trainer.wait_for(EpochEnded)
        until(lambda: bool(epoch_files(folder)))
        process = (folder / "process.json").read_text("utf-8")
        os.kill(int(process.split('"pid":')[1].split(",")[0]), signal.SIGKILL)
        trainer.wait(lambda: trainer.end is not None)
    finally:
        trainer.process.stop()
    assert trainer.end is not None and trainer.end.signal == "SIGKILL"
    run = read_run(folder)
    assert run is not None and run.status == "interrupted" and run.result.epochs_done >= 1
    assert run.model is not None and run.model_epoch is not None, "a run that is killed leaves the model of an epoch"
    assert run.model_epoch <= run.result.epochs_done and run.model.name == f"epoch-{run.model_epoch:04d}.keras"
    assert any(isinstance(event, EpochEnded) and event.logs == first.logs for event in read_events(folder))


def test_a_trainer_that_was_let_go_is_steered_through_its_folder(folder: Path) -> None:
    """Paused by hand it stays so; whoever finds the run resumes it, changes its rate and stops it."""
    trainer = Trainer(folder)
    try:
        trainer.wait_for(EpochEnded)
        request_pause(folder)
        trainer.wait_for(Paused)
        assert trainer.process.detach(10.0)
        run = read_run(folder)
        assert run is not None and run.status == "running" and run.paused
        request_learning_rate(folder, 0.05)
        request_resume(folder)
        until(lambda: any(isinstance(e, LearningRateChanged) and e.value > 0.04 for e in read_events(folder)))
        run = read_run(folder)
        assert run is not None and run.status == "running" and not run.paused
        request_stop(folder)
        until(lambda: not is_alive(folder))
    finally:
        request_stop(folder)
        trainer.process.kill()
    run = read_run(folder)
    assert run is not None and run.status == "stopped" and run.model is not None
    kinds = [type(event) for event in read_events(folder) if isinstance(event, Paused | Resumed | LearningRateChanged)]
    assert kinds == [Paused, Resumed, LearningRateChanged]


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + patient(20)
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
