"""A session whose engine and trainer are made of nothing, and the events of a run that never was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

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
from runtime import events
from runtime.messages.checking import CheckData, DataChecked, DataProblem
from runtime.messages.connection import Failed
from runtime.messages.describing import Column, DataDescribed, DescribeData, RecognizeData
from runtime.messages.devices import Device, Devices, ListDevices
from runtime.messages.exporting import Export, Exported
from runtime.messages.inference import CallResult, CallSpec, Infer, Inferred, TensorSpec
from runtime.messages.looking import (
    AugmentData,
    ColumnPreview,
    CountWindows,
    DataAugmented,
    DataPreviewed,
    PreviewData,
    Thumbnail,
    WindowsCounted,
)
from runtime.messages.preparing import DataLearnt, LearnData, PreparedColumn
from runtime.messages.profiling import (
    Bars,
    ColumnProfile,
    DataProfiled,
    Fact,
    Histogram,
    Pictures,
    ProfileData,
    ProfilePart,
)
from runtime.messages.protocol import Answer, Request
from runtime.spec import DataSpec, RunSpec, SpecError
from runtime.store import RunStore
from tests.support.recognised import by_suffix

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
    Column("digit", (), "uint8", 1797, "category", 0, 9, 10),
    Column("image", (8, 8), "uint8", 1797, "image", 0, 16),
    Column("is_even", (), "uint8", 1797, "category", 0, 1, 2),
    Column("width", (), "float32", 1797, "number", 0.0, 1.0),
    Column("height", (), "float32", 1797, "number", 0.0, 1.0),
    Column("colour", (), "int32", 1797, "text", 0, 2, 3, categories=("red", "green", "blue")),
)
DEVICES = (
    Device("cpu", Text("CPU"), True, memory=8 * 2**30),
    Device("gpu:0", Text("GPU 0"), False, Text("TensorFlow finds no NVIDIA driver on this computer.")),
    Device("all", Text("All GPUs"), False, Text("There is no GPU to share the work with.")),
)
NAMES = ("loss", "digit_accuracy", "digit_loss", "is_even_auc", "is_even_loss")


class FakeEngine:
    """Answers at once, or when `let_go` is called after `hold`."""

    def __init__(self, link: EngineLink) -> None:
        self.link = link
        self.columns: tuple[Column, ...] = COLUMNS
        self.asked: list[Request] = []
        self.findings: tuple[DataProblem, ...] = ()
        self.note: Text | None = None  # on the data as a whole
        self.failure: Text | None = None  # why the data cannot be read
        self.learnt: dict[str, PreparedColumn] = {}  # what comes out of columns with steps
        self.cancelled: list[int] = []
        self.slow: tuple[type, ...] = ()  # questions that are never answered
        self.held: list[tuple[Request, AnswerCallback]] | None = None

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

    def request(self, message: Request, callback: AnswerCallback) -> int:
        self.asked.append(message)
        if self.held is not None:
            self.held.append((message, callback))
        elif not isinstance(message, self.slow):
            callback(self.answer(message))
        return len(self.asked)

    def cancel(self, request_id: int) -> None:
        self.cancelled.append(request_id)

    def read_again(self) -> None:
        pass

    def answer(self, message: Request) -> Answer:
        match message:
            case Infer(calls=calls):
                return Inferred(1, [_result(call) for call in calls], 1.0)
            case ListDevices():
                return Devices(1, DEVICES)
            case RecognizeData():
                return by_suffix(message)
            case DescribeData(data=data):
                if self.failure is not None:
                    return Failed(1, self.failure)
                return DataDescribed(1, of_chosen_kinds(self.columns, data), 1797, self.note)
            case LearnData(columns=names):
                return DataLearnt(1, tuple(self.learnt.get(name, as_it_is(self, name)) for name in names))
            case CheckData():
                return DataChecked(1, self.findings)
            case PreviewData(columns=names, count=count, rows=rows):
                wanted = [column for column in self.columns if column.name in names]
                return DataPreviewed(1, tuple(preview(column, len(rows) or count) for column in wanted))
            case CountWindows(data=data):
                length = data.windows.length if data.windows is not None else 1
                return WindowsCounted(1, 1797 - length, 1797)
            case AugmentData(rows=rows, times=times):
                picture = Thumbnail(1, 1, 1, b"\x40")
                return DataAugmented(1, (picture,) * len(rows), ((picture,) * times,) * len(rows))
            case ProfileData(columns=names):
                wanted = [column for column in self.columns if column.name in names]
                return DataProfiled(1, tuple(map(profile, wanted)))
            case Export(path=path):
                return Exported(1, path, (Text("The weights are the same."),))
        return Failed(1, Text("This fake knows no such question."))


def of_chosen_kinds(columns: tuple[Column, ...], data: DataSpec) -> tuple[Column, ...]:
    kinds = {name: column.kind for name, column in data.columns.items() if column.kind is not None}
    return tuple(replace(column, kind=kinds.get(column.name, column.kind)) for column in columns)


def as_it_is(engine: FakeEngine, name: str) -> PreparedColumn:
    """A column through steps that change nothing; one that the data has not is an error of its own."""
    column = next((column for column in engine.columns if column.name == name), None)
    if column is None:
        return PreparedColumn(name, error=Text("The data has no column {name}.", {"name": name}))
    return PreparedColumn(name, column.shape, column.dtype, column.kind, column.samples, column.categories)


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
        self.folder: Path | None = None
        self.proposals: list[Path] = []
        self.says_yes = False
        self.questions: list[str] = []

    def confirm(self, parent: QWidget | None, text: str, more: str, yes: str) -> bool:
        self.questions.append(text)
        return self.says_yes

    def file_to_open(self, parent: QWidget | None, title: str, kinds: str, folder: Path) -> Path | None:
        return self.open

    def folder_to_open(self, parent: QWidget | None, title: str, folder: Path) -> Path | None:
        return self.folder

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


def preview(column: Column, count: int) -> ColumnPreview:
    rng = np.random.default_rng(5)
    if column.kind == "text":
        texts = tuple(column.categories[i % len(column.categories)] for i in range(count))
        return ColumnPreview(column.name, "text", (), column.dtype, count, texts=texts)
    if column.kind == "image":
        sizes = (column.shape[1], column.shape[0], 1)
        pictures = [Thumbnail(*sizes, rng.bytes(column.shape[0] * column.shape[1])) for _ in range(count)]
        return ColumnPreview(column.name, "image", column.shape, column.dtype, count, pictures=tuple(pictures))
    values = (rng.random((count, *column.shape)) * ((column.maximum or 1) + 0.99)).astype(column.dtype)
    return ColumnPreview(column.name, column.kind, column.shape, column.dtype, count, values.tobytes())


def profile(column: Column) -> ColumnProfile:
    """Ten samples of each class, one mean picture, some numbers."""
    if column.kind == "category":
        classes = tuple(str(number) for number in range(int(column.maximum or 0) + 1))
        rows = tuple(tuple(range(number, number + 10)) for number in range(len(classes)))
        parts: tuple[ProfilePart, ...] = (Bars(Text("Classes"), classes, (10,) * len(classes), rows=rows),)
    elif column.kind == "image":
        parts = (Pictures(Text("Mean of each class"), ("0",), (Thumbnail(8, 8, 1, bytes(64)),)),)
    else:
        parts = (Histogram(Text("Values"), (0.0, 0.5, 1.0), (7, 3)), Fact(Text("missing"), Text("2 of 10"), odd=True))
    return ColumnProfile(column.name, column.samples, column.samples, parts)


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


def _result(call: CallSpec) -> CallResult:
    name = str(call.operation.config.get("name"))
    return CallResult(call.id, (TensorSpec(SHAPES.get(name, (None, 8)), "float32"),), 1000, 900, 100)


Maker = Callable[..., World]

W = TypeVar("W", bound=QWidget)


def child(parent: QWidget, kind: type[W], name: str) -> W:
    """The one widget of that name below `parent`."""
    found = parent.findChild(kind, name)
    assert isinstance(found, kind), f"no {kind.__name__} is called {name}"
    return found


def press(parent: QWidget, name: str) -> None:
    """Click the button of that name."""
    QTest.mouseClick(child(parent, QPushButton, name), Qt.MouseButton.LeftButton)
