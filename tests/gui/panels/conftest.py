"""A session with an engine that answers at once and says what the test wants to hear."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.engine.engine_link import AnswerCallback, EngineLink, EngineState
from app.engine.run_controller import RunController
from app.look.stylesheet import stylesheet
from app.look.theme import Theme, load_theme
from app.look.theme_source import ThemeSource
from app.project.session import Session
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.document import Document
from graph_editor.document.graph import TensorRef
from resources.text import Text
from runtime.messages.inference import CallResult, CallSpec, Infer, Inferred, TensorSpec
from runtime.messages.protocol import Request

Answerer = Callable[[CallSpec], CallResult]


def eight_by_eight(call: CallSpec) -> CallResult:
    """Every output is 8×8×96; layers with weights have 1,000 parameters."""
    weights = 1000 if call.operation.class_name in {"Conv2D", "Dense", "BatchNormalization"} else 0
    frozen = weights if call.operation.config.get("trainable", True) is False else 0
    outputs = (TensorSpec((None, 8, 8, 96), "float32"),)
    return CallResult(call.id, outputs, parameters=weights, trainable=weights - frozen, frozen=frozen)


class FakeEngine:
    """Answers every question about the graph at once, call by call, with `answer`."""

    def __init__(self) -> None:
        self.answer: Answerer = eight_by_eight

    def start(self) -> None: ...

    def restart(self) -> None:
        self.stop()

    def stop(self) -> None: ...

    def cancel(self, request_id: int) -> None: ...

    def read_again(self) -> None: ...

    def request(self, message: Request, callback: AnswerCallback) -> int:
        if isinstance(message, Infer):
            callback(Inferred(1, [self.answer(call) for call in message.calls], 1.0))
        return 1


def no_training(_session: Session) -> RunController:
    raise AssertionError("no test of the panels trains")


class Bench:
    """The session of one test, and short ways to build a model in it."""

    def __init__(self, catalog: Catalog) -> None:
        self.engine = FakeEngine()
        link = EngineLink()
        link.use(self.engine)
        self.document = Document()
        self.session = Session(self.document, catalog, link, no_training)
        link.setParent(self.session)
        link.report_state(EngineState("ready"))

    def add(self, class_name: str, after: str | None = None, name: str | None = None, **config: object) -> str:
        """Put a layer on the canvas, behind `after`; the id of its call."""
        source = TensorRef(after) if after else None
        edits, call = commands.add_layer(
            self.document, class_name, "keras.layers", None, (0.0, 0.0), self.session.catalog, after=source, name=name
        )
        self.session.history.do(Text("add"), edits)
        for key, value in config.items():
            operation = self.document.operation_of(call).id
            self.session.history.do(Text("set"), commands.set_parameter(self.document, operation, key, value))
        return call

    def config(self, call: str) -> dict[str, object]:
        return dict(self.document.operation_of(call).config)

    def settle(self) -> None:
        """Ask the engine now instead of a moment later."""
        self.session.inference.update_now()
        QApplication.processEvents()


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog.load()


@pytest.fixture(scope="session")
def theme() -> Theme:
    return load_theme("dark")


@pytest.fixture
def look(theme: Theme) -> ThemeSource:
    return ThemeSource(theme)


@pytest.fixture
def bench(qtbot: QtBot, catalog: Catalog, theme: Theme, qapp: QApplication) -> Iterator[Bench]:
    made = Bench(catalog)
    yield made
    made.session.inference.update_now()  # ends its timer
    made.session.deleteLater()


@pytest.fixture(scope="session", autouse=True)
def styled(qapp: QApplication, theme: Theme) -> Iterator[None]:
    """As people see it: sizes depend on the style sheet."""
    before = qapp.styleSheet()
    qapp.setStyleSheet(stylesheet(theme))
    yield
    qapp.setStyleSheet(before)


def keyboard_of(widget: QWidget) -> QWidget:
    """The part of an editor that gets the keys."""
    proxy = widget.focusProxy()
    assert proxy is not None
    return proxy
