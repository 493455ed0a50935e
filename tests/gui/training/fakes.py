"""A session whose engine and trainer are made of nothing, and the events of a run that never was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PySide6.QtWidgets import QWidget

from app.dialogs.chooser import DialogChooser
from app.engine.engine_link import AnswerCallback, EngineLink, EngineState
from app.engine.run_controller import RunController
from app.project.project_questions import run_spec
from app.project.session import Session
from app.project.templates import TEMPLATES
from app.project.training import TrainingRefusedError
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import dumps
from resources.text import Text
from runtime import events, protocol
from runtime.spec import RunSpec, SpecError
from runtime.store import RunStore

SHAPES = {
    "image": (None, 8, 8, 1),
    "digit": (None, 10),
    "is_even": (None, 1),
    "photo": (None, 28, 28, 1),
    "review": (None, 60),
    "rating": (None, 1),
    "ingredient": (None, 50),
}
COLUMNS = (
    protocol.Column("digit", (), "uint8", 1797, "category", 0, 9, 10),
    protocol.Column("image", (8, 8), "uint8", 1797, "image", 0, 16),
    protocol.Column("is_even", (), "uint8", 1797, "category", 0, 1, 2),
    protocol.Column("width", (), "float32", 1797, "number", 0.0, 1.0),
    protocol.Column("height", (), "float32", 1797, "number", 0.0, 1.0),
    protocol.Column("colour", (), "int32", 1797, "text", 0, 2, 3, categories=("red", "green", "blue")),
)
DEVICES = (
    protocol.Device("cpu", Text("CPU"), True, memory=8 * 2**30),
    protocol.Device("gpu:0", Text("GPU 0"), False, Text("TensorFlow finds no NVIDIA driver on this computer.")),
    protocol.Device("all", Text("All GPUs"), False, Text("There is no GPU to share the work with.")),
)
NAMES = ("loss", "digit_accuracy", "digit_loss", "is_even_auc", "is_even_loss")


class FakeEngine:
    """Answers at once, or when `let_go` is called after `hold`."""

    def __init__(self, link: EngineLink) -> None:
        self.link = link
        self.columns: tuple[protocol.Column, ...] = COLUMNS
        self.asked: list[protocol.Request] = []
        self.findings: tuple[protocol.DataProblem, ...] = ()
        self.note: Text | None = None  # on the data as a whole
        self.failure: Text | None = None  # why the data cannot be read
        self.held: list[tuple[protocol.Request, AnswerCallback]] | None = None

    def start(self) -> None:
        self.link.report_state(EngineState("ready", "Keras 3.15.1 · TensorFlow 2.21.0"))

    def restart(self) -> None:
        self.stop()

    def stop(self) -> None:
        self.held = []

    def hold(self) -> None:
        self.held = []

    def let_go(self) -> None:
        held, self.held = self.held or [], None
        for message, callback in held:
            callback(self.answer(message))

    def request(self, message: protocol.Request, callback: AnswerCallback) -> int:
        self.asked.append(message)
        if self.held is not None:
            self.held.append((message, callback))
        else:
            callback(self.answer(message))
        return len(self.asked)

    def cancel(self, request_id: int) -> None:
        pass

    def answer(self, message: protocol.Request) -> protocol.Answer:
        match message:
            case protocol.Infer(calls=calls):
                return protocol.Inferred(1, [_result(call) for call in calls], 1.0)
            case protocol.ListDevices():
                return protocol.Devices(1, DEVICES)
            case protocol.DescribeData():
                if self.failure is not None:
                    return protocol.Failed(1, self.failure)
                return protocol.DataDescribed(1, self.columns, 1797, self.note)
            case protocol.CheckData():
                return protocol.DataChecked(1, self.findings)
            case protocol.PreviewData(columns=names, count=count):
                wanted = [column for column in self.columns if column.name in names]
                return protocol.DataPreviewed(1, tuple(preview(column, count) for column in wanted))
            case protocol.Export(path=path):
                return protocol.Exported(1, path, (Text("The weights are the same."),))
        return protocol.Failed(1, Text("This fake knows no such question."))


class FakeTrainer:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.sent: list[object] = []

    def start(self) -> None:
        pass

    def send(self, message: object) -> None:
        self.sent.append(message)

    def detach(self) -> None:
        self.sent.append("detach")

    def kill(self) -> None:
        self.sent.append("kill")


class FakeChooser(DialogChooser):
    """Gives the file it was told to."""

    def __init__(self) -> None:
        self.open: Path | None = None
        self.save: Path | None = None
        self.proposals: list[Path] = []

    def file_to_open(self, parent: QWidget | None, title: str, kinds: str, folder: Path) -> Path | None:
        return self.open

    def file_to_save(self, parent: QWidget | None, title: str, kinds: str, proposal: Path) -> Path | None:
        self.proposals.append(proposal)
        return self.save


class World:
    """A session on a template, its engine, and the trainers it starts."""

    def __init__(self, folder: Path, template: str | None = "digits") -> None:
        self.folder = folder
        self.link = EngineLink()
        self.engine = FakeEngine(self.link)
        self.link.use(self.engine)
        self.trainers: list[FakeTrainer] = []
        document = next(entry for entry in TEMPLATES if entry.key == template).open() if template else Document()
        self.session = Session(document, Catalog.load(), self.link, self._start)
        self.session.path = folder / "digits.lamella"
        self.chooser = FakeChooser()

    def _start(self, session: Session) -> RunController:
        try:
            spec = run_spec(session.document, session.project_folder, session.name)
        except SpecError as error:
            raise TrainingRefusedError(error.text) from error
        folder = RunStore(session.project_runs.folder).new_run(spec, dumps(session.document))
        run = RunController(spec, folder, session)
        self.trainers.append(FakeTrainer())
        run.start(self.trainers[-1])
        return run

    def spec(self) -> RunSpec:
        return run_spec(self.session.document, self.session.project_folder, "digits")


def preview(column: protocol.Column, count: int) -> protocol.ColumnPreview:
    rng = np.random.default_rng(5)
    if column.kind == "text":
        texts = tuple(column.categories[i % len(column.categories)] for i in range(count))
        return protocol.ColumnPreview(column.name, "text", (), column.dtype, count, texts=texts)
    values = (rng.random((count, *column.shape)) * ((column.maximum or 1) + 0.99)).astype(column.dtype)
    return protocol.ColumnPreview(column.name, column.kind, column.shape, column.dtype, count, values.tobytes())


def run_events(epochs: int = 3, total: int = 5, steps: int = 20, seed: int = 0, rate: float = 1.0) -> Iterator[Any]:
    """RunStarted and `epochs` whole epochs of a run of `total`, numbered and timed as a trainer does."""
    rng = np.random.default_rng(seed)
    seq, time = 1, 1000.0
    yield events.RunStarted("cpu", steps, total, steps * 64, 360, 110243, 109923, seq=seq, time=time)
    for epoch in range(epochs):
        x = (np.arange(steps) + epoch * steps) / (steps * total) * 5
        loss = np.exp(-x * rate) * 2 + 0.15 + rng.normal(size=steps) * 0.08 * np.exp(-x)
        good = 0.97 - np.exp(-x * 1.5) * 0.9
        values = np.stack([loss, good, loss * 0.7, good * 0.98, loss * 0.3], axis=1)
        time += 2.0
        yield events.EpochStarted(epoch, seq=seq + 1, time=time)
        yield events.Steps(epoch, epoch * steps, NAMES, values.tolist(), seq=seq + 2, time=time)
        logs = {name: float(value) for name, value in zip(NAMES, values[-5:].mean(axis=0), strict=True)}
        logs |= {f"val_{name}": value * 1.03 for name, value in logs.items()}
        yield events.EpochEnded(epoch, logs, 1e-3 * (0.2 if epoch > 8 else 1.0), 2.1, seq=seq + 3, time=time)
        seq += 3


def ended(status: Any = "completed", epoch: int = 5) -> events.RunEnded:
    best = {"loss": 0.2, "val_loss": 0.161, "val_digit_accuracy": 0.951, "digit_accuracy": 0.96}
    return events.RunEnded(status, epoch, 10.0, "model.keras", best, seq=9999, time=2000.0)


def _result(call: protocol.CallSpec) -> protocol.CallResult:
    name = str(call.operation.config.get("name"))
    return protocol.CallResult(call.id, (protocol.TensorSpec(SHAPES.get(name, (None, 8)), "float32"),), 1000, 900, 100)


Maker = Callable[..., World]

W = TypeVar("W", bound=QWidget)


def child(parent: QWidget, kind: type[W], name: str) -> W:
    """The one widget of that name below `parent`."""
    found = parent.findChild(kind, name)
    assert isinstance(found, kind), f"no {kind.__name__} is called {name}"
    return found
