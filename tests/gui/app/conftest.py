"""A desktop with an engine, dialogs and trainers made of nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.dialogs.waiting import WaitingDialog
from app.engine.engine_link import AnswerCallback, EngineLink, EngineState
from app.engine.run_controller import TrainerReports
from app.project.choosers import PausedAnswer, PictureLook, RunAnswer, SaveAnswer
from app.project.run_questions import RunInQuestion
from app.project.session import Session
from app.project.templates import TEMPLATES
from app.project.training_start import RunStarter
from app.shell.compose import put_together
from app.shell.desktop import Desktop
from app.system.settings import SettingsStore
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.clips.blocks import Block
from graph_editor.document.document import Document
from resources.text import Text
from runtime.messages.checking import CheckData, DataChecked
from runtime.messages.connection import Failed
from runtime.messages.describing import Column, DataDescribed, DescribeData, RecognizeData
from runtime.messages.devices import Device, Devices, ListDevices
from runtime.messages.exporting import CheckSource, Export, Exported, SourceChecked
from runtime.messages.inference import CallResult, Infer, Inferred, TensorSpec
from runtime.messages.protocol import Answer, EvaluatorRequest, Request
from runtime.messages.training import Pause, Resume, SetLearningRate, Stop
from runtime.spec import RunSpec
from tests.support.fonts import fonts
from tests.support.recognised import by_suffix

T = TypeVar("T")
READY = EngineState("ready", "Keras 3.15.1 · TensorFlow 2.21.0")
DEVICES = (
    Device("cpu", Text("CPU"), True),
    Device("gpu:0", Text("GPU 0"), False, Text("No NVIDIA driver was found.")),
)


class FakeEngine:
    """Answers at once; `errors` says what Keras refuses, by call id."""

    def __init__(self, link: EngineLink) -> None:
        self.link = link
        self.asked: list[Request] = []
        self.errors: dict[str, str] = {}
        self.silent = False
        self.slow: tuple[type, ...] = ()  # questions that are never answered
        self.cancelled: list[int] = []
        self.waiting: list[tuple[Request, AnswerCallback]] = []
        self.starts = 0

    def start(self) -> None:
        self.starts += 1
        self.link.report_state(READY)

    def restart(self) -> None:
        self.stop()

    def stop(self) -> None:
        self.silent = True

    def die(self) -> None:
        self.link.report_state(EngineState("dead", "Keras' process was ended by SIGKILL.", "Killed"))

    def request(self, message: Request, callback: AnswerCallback) -> int:
        self.asked.append(message)
        if self.silent:
            self.waiting.append((message, callback))
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
                return Inferred(1, [self._result(call.id) for call in calls], 1.0)
            case ListDevices():
                return Devices(1, DEVICES)
            case CheckSource():
                return SourceChecked(1, (Text("The script was run, and makes the same model."),))
            case RecognizeData():
                return by_suffix(message)
            case DescribeData():
                return DataDescribed(1, (Column("image", (8, 8, 1), "float32", 10, "image"),), 10)
            case CheckData():
                return DataChecked(1, ())
            case Export(path=path):
                return Exported(1, path, (Text("The weights are the same."),))
            case _:
                return Failed(1, Text("Not in this fake."))

    def _result(self, call_id: str) -> CallResult:
        if call_id in self.errors:
            return CallResult(call_id, error=Text("Keras says {what}.", {"what": self.errors[call_id]}))
        return CallResult(call_id, (TensorSpec((None, 8), "float32"),), 1000, 900, 100)


class FakeEvaluator:
    """Gives the answers that it was told to, at once: by the type of a question, an answer or what makes one of it.

    Questions without an answer wait in `waiting` when it is `silent`; else they are refused.
    """

    def __init__(self) -> None:
        self.link: EngineLink | None = None  # of the process that runs
        self.answers: dict[type, Answer | Callable[[Any], Answer]] = {}
        self.asked: list[EvaluatorRequest] = []
        self.waiting: dict[int, tuple[EvaluatorRequest, AnswerCallback]] = {}
        self.cancelled: list[int] = []
        self.silent = False
        self.starts = self.stops = 0

    def made_for(self, link: EngineLink) -> FakeEvaluator:
        self.link = link
        return self

    def start(self) -> None:
        self.starts += 1
        if self.link is not None:
            self.link.report_state(READY)

    def restart(self) -> None:
        self.stop()

    def stop(self) -> None:
        self.stops += 1
        self.waiting.clear()

    def request(self, message: Request, callback: AnswerCallback) -> int:
        self.asked.append(cast(EvaluatorRequest, message))
        number = len(self.asked)
        answer = self.answers.get(type(message))
        if answer is not None:
            callback(answer(message) if callable(answer) else answer)
        elif self.silent:
            self.waiting[number] = (self.asked[-1], callback)
        else:
            callback(Failed(number, Text("Not in this fake."), "no answer"))
        return number

    def cancel(self, request_id: int) -> None:
        self.cancelled.append(request_id)
        self.waiting.pop(request_id, None)

    def read_again(self) -> None:
        pass

    def tell(self, answer: Answer) -> None:
        """Answer the question that has waited longest."""
        number = min(self.waiting)
        _, callback = self.waiting.pop(number)
        callback(answer)

    def last(self, kind: type[T]) -> T:
        """The last question of this type."""
        return next(message for message in reversed(self.asked) if isinstance(message, kind))


@dataclass
class FakeChooser:
    """Gives the answers it was told to, and keeps what was asked and shown."""

    to_open: Path | None = None
    to_save: Path | None = None
    changes: SaveAnswer = "cancel"
    training: RunAnswer = "cancel"
    running: list[RunInQuestion] = field(default_factory=list)  # what was named when the window was closed
    paused: PausedAnswer = "cancel"
    recovers: bool = False
    overwrites: bool = False
    confirms: bool = True
    block: Callable[[Block], Block | None] = field(default=lambda block: block)
    look: PictureLook | None = field(default_factory=PictureLook)
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def file_to_open(self, parent: QWidget | None, title: str, kinds: str, folder: Path) -> Path | None:
        self.asked.append("open")
        return self.to_open

    def folder_to_open(self, parent: QWidget | None, title: str, folder: Path) -> Path | None:
        return None

    def file_to_save(self, parent: QWidget | None, title: str, kinds: str, proposal: Path) -> Path | None:
        self.asked.append(f"save {proposal.name}")
        return self.to_save

    def save_changes(
        self, parent: QWidget | None, name: str, changed: bool = True, training: bool = False
    ) -> SaveAnswer:
        self.asked.append(f"changes {name}" if changed else f"save {name} that trains")
        assert changed or training
        return self.changes

    def overwrite_foreign(self, parent: QWidget | None, name: str) -> bool:
        self.asked.append(f"overwrite {name}")
        return self.overwrites

    def close_while_training(self, parent: QWidget | None, runs: Sequence[RunInQuestion]) -> RunAnswer:
        self.asked.append("paused" if all(run.paused for run in runs) else "training")
        self.running = list(runs)
        return self.training

    def leave_paused(self, parent: QWidget | None, name: str) -> PausedAnswer:
        self.asked.append(f"leave {name} paused")
        return self.paused

    def recover(self, parent: QWidget | None, name: str, when: str) -> bool:
        self.asked.append(f"recover {name}")
        return self.recovers

    def picture_look(self, parent: QWidget | None, kind: str) -> PictureLook | None:
        self.asked.append(f"look {kind}")
        return self.look

    def confirm(self, parent: QWidget | None, text: str, more: str, yes: str) -> bool:
        self.asked.append(f"confirm {text}")
        return self.confirms

    def block_details(self, parent: QWidget | None, block: Block, title: str, catalog: Catalog) -> Block | None:
        self.asked.append(f"block {block.name}")
        return self.block(block)

    def tell_crash(self, parent: QWidget | None, report: Path) -> None:
        self.asked.append(f"crash {report.parent.name}")

    def waiting(self, parent: QWidget | None, text: str) -> QDialog:
        return WaitingDialog(text, parent)

    def show_error(self, parent: QWidget | None, text: Text) -> None:
        self.errors.append(str(text))


class FakeTrainer:
    """A trainer that only remembers what it was told."""

    def __init__(self, spec: RunSpec, folder: Path, reports: TrainerReports) -> None:
        self.spec, self.folder, self.reports = spec, folder, reports
        self.sent: list[object] = []
        self.detached = False

    def start(self) -> None:
        self.sent.append("start")

    def send(self, message: Pause | Resume | Stop | SetLearningRate) -> None:
        self.sent.append(message)

    def detach(self) -> None:
        self.detached = True

    def kill(self) -> None:
        self.sent.append("kill")


@dataclass
class Rig:
    desktop: Desktop
    engine: FakeEngine
    chooser: FakeChooser
    trainers: list[FakeTrainer]
    evaluator: FakeEvaluator

    @property
    def session(self) -> Session:
        return self.desktop.session


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog.load()


@pytest.fixture
def template() -> Callable[[str], Document]:
    return lambda key: next(item for item in TEMPLATES if item.key == key).open()


@pytest.fixture
def rig(
    qapp: QApplication, qtbot: QtBot, catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Rig]:
    """A desktop in English and dark with its window shown and its engine ready."""
    monkeypatch.setenv("LAMELLA_HOME", str(tmp_path / "lamella"))
    fonts()
    link, chooser, trainers = EngineLink(), FakeChooser(), []
    engine = FakeEngine(link)

    def make_trainer(spec: RunSpec, folder: Path, reports: TrainerReports) -> FakeTrainer:
        trainers.append(FakeTrainer(spec, folder, reports))
        return trainers[-1]

    session = Session(Document(catalog.keras_version), catalog, link, RunStarter(make_trainer))
    evaluator = FakeEvaluator()
    session.evaluations.use(evaluator.made_for)
    store = SettingsStore(tmp_path / "lamella" / "config")
    store.values.theme, store.values.language = "dark", "en"
    desktop = put_together(qapp, session, store, chooser, lambda _desktop: TEMPLATES[0].open())
    link.use(engine)
    desktop.window.resize(1440, 900)  # the screen of the tests is smaller
    desktop.window.show()
    link.start()
    qtbot.waitUntil(lambda: session.engine.state.phase == "ready")
    yield Rig(desktop, engine, chooser, trainers, evaluator)
    desktop.window.discard()
    desktop.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # a window that is gone needs no style
    qapp.setStyleSheet("")
