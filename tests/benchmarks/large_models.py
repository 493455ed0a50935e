"""Large models: shapes after an edit and from scratch, what the desktop does for them, and the engine's memory.

NASNetLarge (1,041 layers) is held against Keras, which builds it in the same run. A change in its middle is timed
from the edit to the results as the desktop has them: checking the structure, asking the engine only about what is new,
and laying the answer upon the results that were there; then the same in the real window, painting included. VGG16 has
138 million parameters, which the engine must count without making them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from app.project.project_questions import FollowUps
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.freezing import set_trainable
from graph_editor.document.checking.validation import Structure
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit
from graph_editor.document.graph import Operation
from graph_editor.document.history import History
from graph_editor.keras_format.reading import from_model_json
from runtime.clients.engine import Engine, EngineStatus
from runtime.launchers.local import LocalLauncher, LocalWorker
from runtime.messages.devices import Devices, ListDevices
from runtime.messages.inference import CallResult, Inferred
from tests.benchmarks._report import against_floor, machine, median, milliseconds

ROUNDS = 3  # engines that see NASNetLarge for the first time
EDITS = 30  # of each kind
FLOOR_MS, FLOOR_GUI_MS, FLOOR_MB = 50.0, 10.0, 100.0
PATIENCE_S = 120.0

KERAS_SIDE = """
import sys, time, keras
keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(2, 3)])  # what comes with the very first layer
for name in ("NASNetLarge", "VGG16"):
    began = time.perf_counter()
    model = getattr(keras.applications, name)(weights=None)
    seconds = time.perf_counter() - began
    open(f"{sys.argv[1]}/{name}.json", "w").write(model.to_json())
    print("SECONDS", name, seconds, len(model.layers), model.count_params())
"""


class Launcher(LocalLauncher):
    """Remembers the process."""

    worker: LocalWorker | None = None

    def launch(self) -> LocalWorker:
        self.worker = super().launch()
        return self.worker

    def memory(self) -> int:
        """Bytes that the engine has in use."""
        assert self.worker is not None
        return int(psutil.Process(self.worker.pid).memory_info().rss)


class Desk:
    """A document and an engine as the desktop has them, without a window."""

    def __init__(self, document: Document, engine: Engine, catalog: Catalog) -> None:
        self.document, self.engine = document, engine
        self.history = History(document, FOLLOW_UPS)
        self.results: dict[str, CallResult] = {}
        self.own = 0.0  # seconds of the last `update` in this process
        self._structure = Structure(catalog)
        self._follow_ups = FollowUps(self._structure)

    def update(self) -> float:
        """Checks and asks as after an edit; the seconds until the results are there."""
        began = time.perf_counter()
        self._structure.problems(self.document)
        question = self._follow_ups.ask(self.document)
        asked = time.perf_counter()
        answer = self.engine.ask(question.message, PATIENCE_S)
        answered = time.perf_counter()
        assert isinstance(answer, Inferred), answer
        self.results = self._follow_ups.take(answer, question)
        ended = time.perf_counter()
        self.own = asked - began + ended - answered
        return ended - began

    def edit(self, edits: Sequence[Edit]) -> tuple[float, float]:
        """Seconds from the edit to the results, and those of them in this process."""
        began = time.perf_counter()
        self.history.do("benchmark", edits)
        done = time.perf_counter()
        waited = self.update()
        return done - began + waited, done - began + self.own


@contextmanager
def warm_engine() -> Iterator[tuple[Engine, Launcher]]:
    launcher = Launcher()
    engine = Engine(launcher, _say_deaths)
    engine.start()
    try:
        assert isinstance(engine.ask(ListDevices(0), PATIENCE_S), Devices)
        yield engine, launcher
    finally:
        engine.stop()


def _say_deaths(status: EngineStatus) -> None:
    if status.phase == "dead":
        raise SystemExit(f"The engine died: {status.text} {status.detail}")


def models_of_keras(folder: Path) -> dict[str, tuple[float, int, int, Any]]:
    """Of each model: seconds that Keras takes to build it, layers, parameters, and its JSON."""
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-c", KERAS_SIDE, str(folder)]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise SystemExit(ended.stderr[-2000:])
    found = {}
    for line in ended.stdout.splitlines():
        if line.startswith("SECONDS "):
            _, name, seconds, layers, parameters = line.split()
            model = json.loads((folder / f"{name}.json").read_text())
            found[name] = float(seconds), int(layers), int(parameters), model
    return found


def middle(document: Document, class_name: str) -> Operation:
    """The layer of that class in the middle of the model."""
    found = [op for op in document.graph.operations.values() if op.class_name == class_name]
    return found[len(found) // 2]


def kinds_of_edits(document: Document) -> dict[str, Callable[[int], list[Edit]]]:
    """What a person changes in the middle of a NASNet; the number says which of the edits of that kind it is."""
    convolution, normalization = middle(document, "SeparableConv2D"), middle(document, "BatchNormalization")
    pooling = middle(document, "AveragePooling2D")
    filters = int(convolution.config["filters"])

    def setting(operation: Operation, key: str, value: Any) -> list[Edit]:
        return list(commands.set_parameter(document, operation.id, key, value))

    return {
        "a kernel size": lambda n: setting(convolution, "kernel_size", [3 + n, 3 + n]),
        "a momentum": lambda n: setting(normalization, "momentum", 0.5 + n / 100),
        "a name": lambda n: list(commands.rename(document, convolution.id, f"renamed_{n}")),
        "a freeze": lambda n: list(set_trainable(document, [convolution.id], n % 2 == 1)),
        # Breaks all that follows, and mends it again.
        "the number of filters": lambda n: setting(convolution, "filters", filters if n % 2 else filters + n + 1),
        "a stride": lambda n: setting(pooling, "strides", [1, 1] if n % 2 else [2, 2 + n]),
    }


def measure_scratch(model: Any, keras_seconds: float, catalog: Catalog) -> None:
    seconds = []
    for _ in range(ROUNDS):
        with warm_engine() as (engine, _launcher):
            seconds.append(Desk(from_model_json(model), engine, catalog).update())
    print(f"from scratch:         {milliseconds(seconds)}")
    print(f"  Keras builds it in {keras_seconds * 1e3:.0f} ms; ratio {median(seconds) / keras_seconds:.3f}, floor 1")


def measure_edits(model: Any, catalog: Catalog) -> None:
    every: list[float] = []
    own: list[float] = []
    with warm_engine() as (engine, _launcher):
        desk = Desk(from_model_json(model), engine, catalog)
        desk.update()
        for kind, make in kinds_of_edits(desk.document).items():
            measured = [desk.edit(make(number)) for number in range(EDITS)]
            print(f"{kind + ':':22}{milliseconds([whole for whole, _ in measured])}")
            every += [whole for whole, _ in measured]
            own += [ours for _, ours in measured]
        source = middle(desk.document, "InputLayer")
        sizes = [[None, 299 + 32 * (number % 3), 331 + number, 3] for number in range(EDITS // 3)]
        makers = [commands.set_parameter(desk.document, source.id, "batch_shape", size) for size in sizes]
        whole = [desk.edit(edits)[0] for edits in makers]
    print(f"all of them:          {milliseconds(every)}")
    print(f"  {against_floor(median(every) * 1e3, FLOOR_MS, 'ms')}")
    print(f"the size of the input, so that every shape is another: {milliseconds(whole)}")
    print(f"of all of them here:  {milliseconds(own)}")
    print(f"  {against_floor(median(own) * 1e3, FLOOR_GUI_MS, 'ms')}")


def measure_window(model: Any) -> None:
    """The same edits in the real window."""
    from tests.benchmarks.inference import Heartbeat, pause, wait_for, window_with

    with window_with(from_model_json(model)) as session:
        heart, edits = Heartbeat(), kinds_of_edits(session.document)["a kernel size"]
        seconds, blocks, busy = [], [], []
        for number in range(EDITS):
            pause(120)
            heart.restart()
            began = time.perf_counter()
            session.edit("benchmark", edits(number))
            wait_for(session)
            seconds.append(time.perf_counter() - began)
            pause(60)
            blocks.append(heart.longest)
            busy.append(heart.busiest)
        heart.stop()
    print(f"in the window:        {milliseconds(seconds)}")
    print(f"  {against_floor(median(seconds) * 1e3, FLOOR_MS, 'ms')}")
    print(f"GUI thread standing:  {milliseconds(blocks)}")
    print(f"  computing of it:    {milliseconds(busy)}")


def measure_memory(model: Any, parameters: int, catalog: Catalog) -> None:
    with warm_engine() as (engine, launcher):
        before = launcher.memory()
        desk = Desk(from_model_json(model), engine, catalog)
        desk.update()
        counted = sum(result.parameters for result in desk.results.values())
        units = [op for op in desk.document.graph.operations.values() if op.class_name == "Dense"]
        for number in range(10):
            desk.edit(commands.set_parameter(desk.document, units[0].id, "units", 4097 + number))
        growth = (launcher.memory() - before) / 1e6
    print(f"VGG16: {counted:,} parameters (Keras says {parameters:,})")
    print(f"  engine memory: {against_floor(growth, FLOOR_MB, 'MB')}")


def main() -> None:
    print(machine())
    catalog = Catalog.load()
    with tempfile.TemporaryDirectory() as folder:
        models = models_of_keras(Path(folder))
    seconds, layers, _, nasnet = models["NASNetLarge"]
    print(f"NASNetLarge, {layers} layers")
    measure_scratch(nasnet, seconds, catalog)
    measure_edits(nasnet, catalog)
    measure_window(nasnet)
    _, _, parameters, vgg = models["VGG16"]
    measure_memory(vgg, parameters, catalog)


if __name__ == "__main__":
    main()
