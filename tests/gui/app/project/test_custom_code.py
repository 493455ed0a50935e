"""The project's own code in the window: asked about, remembered, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QListWidget, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.custom_code.consent import ConsentStore
from app.custom_code.reading import CodeSource, read_code
from app.dialogs.code_files import CodeFilesDialog
from app.dialogs.run_code import RunCodeDialog
from app.project.session import Session
from app.project.templates import TEMPLATES
from app.system.places import state_dir
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.validation import Problem
from graph_editor.document.custom_code import code_files, set_code_files
from graph_editor.document.edits import ReplaceOperation
from graph_editor.document.files.file_format import load, save
from graph_editor.document.history import History
from resources.text import Text
from runtime.messages.connection import Failed
from runtime.messages.custom_code import CodeLoaded, CodeObject, CodeParameter, CodePort, LoadCode
from runtime.messages.protocol import Answer, Request
from runtime.spec import CodeFile
from tests.gui.app.conftest import FakeEngine, Rig

SCALE = CodeObject(
    "layer",
    "Scale",
    "my_layers",
    "my_layers>Scale",
    "Multiplies.",
    (CodeParameter("factor", "float", 2.0),),
    (CodePort("inputs"),),
    {"factor": 2.0, "trainable": True},
)
LOSS = CodeObject("loss", "Cubed", "my_layers", "my_layers>Cubed")


@dataclass
class Person:
    """Says what it was told to say, and keeps what it was shown."""

    answer: bool = True
    shown: list[tuple[str, ...]] = field(default_factory=list)

    def __call__(self, sources: Sequence[CodeSource], _project: str, _parent: QWidget | None) -> bool:
        self.shown.append(tuple(source.text for source in sources))
        return self.answer


class Loads:
    """Answers LoadCode as a worker does, in the place of the fake engine."""

    def __init__(self, engine: FakeEngine) -> None:
        self.asked: list[tuple[CodeFile, ...]] = []
        self._otherwise = engine.answer

    def __call__(self, message: Request) -> Answer:
        if not isinstance(message, LoadCode):
            return self._otherwise(message)
        self.asked.append(message.files)
        return CodeLoaded(1, (SCALE, LOSS) if message.files else ())


@dataclass
class Stage:
    rig: Rig
    person: Person
    loads: Loads
    project: Path
    code: Path

    @property
    def session(self) -> Session:
        return self.rig.desktop.session

    def open(self) -> None:
        assert self.rig.desktop.files.read(self.project) is None

    def ask(self) -> None:
        self.rig.desktop.code.question()

    def phase(self) -> str:
        return self.session.code.phase

    def kinds(self) -> set[str]:
        return {problem.kind for problem in self.session.problems}


@pytest.fixture
def stage(rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A desktop and a project whose last layer is a Scale of my_layers.py."""
    document = next(template for template in TEMPLATES if template.key == "plain-stack").open()
    flatten = next(op for op in document.graph.operations.values() if op.class_name == "Flatten")
    own = type(flatten)(flatten.id, "Scale", {"name": "own", "factor": 3.0}, "my_layers", "my_layers>Scale")
    edits = [ReplaceOperation(own), *set_code_files(document, ["my_layers.py"])]
    History(document, FOLLOW_UPS).do(Text("Make it custom"), edits)
    project, code = tmp_path / "p.lamella", tmp_path / "my_layers.py"
    save(document, project)
    code.write_text("FIRST = 1\n")
    loads = Loads(rig.engine)
    monkeypatch.setattr(rig.engine, "answer", loads)
    person = Person()
    rig.desktop.code.ask = person
    return Stage(rig, person, loads, project, code)


def test_opening_runs_nothing_and_says_what_to_do(stage: Stage) -> None:
    stage.open()
    assert stage.phase() == "asking"
    assert stage.loads.asked == []
    assert stage.person.shown == []
    own = [problem for problem in stage.session.problems if problem.kind == "own_code"]
    assert {problem.call is None for problem in own} == {True, False}  # of the project, and of the box
    assert stage.session.catalog.palette("custom") == []
    assert stage.session.code.agreed_files == ()
    assert stage.rig.desktop.window.build.problems.code_button.isVisibleTo(stage.rig.desktop.window.build.problems)


def test_yes_puts_the_classes_on_the_palette(stage: Stage, qtbot: QtBot) -> None:
    stage.open()
    stage.rig.desktop.window.build.problems.code_button.click()
    qtbot.waitUntil(lambda: stage.phase() == "ready")
    assert stage.person.shown == [("FIRST = 1\n",)]
    (files,) = stage.loads.asked
    assert [file.path for file in files] == [str(stage.code)]
    qtbot.waitUntil(lambda: "own_code" not in stage.kinds())
    catalog = stage.session.catalog
    assert [spec.class_name for spec in catalog.palette("custom")] == ["Scale"]
    assert catalog.search("scal")[0].class_name in ("Scale", "Rescaling")
    assert any(spec.class_name == "Cubed" for spec in catalog.objects("losses"))
    view = stage.rig.desktop.window.build.palette_panel.view
    texts = [view.model().index(row, 0).data() for row in range(view.model().rowCount())]
    assert texts[texts.index("My code") + 1] == "Scale"
    call = next(call.id for call in stage.session.document.graph.calls.values() if call.operation == own_id(stage))
    stage.session.navigation.select((call,))
    assert stage.rig.desktop.window.build.inspector.operation_page.sections.row("factor") is not None
    assert stage.session.code.agreed_files == files


def own_id(stage: Stage) -> str:
    return next(op.id for op in stage.session.document.graph.operations.values() if op.class_name == "Scale")


def test_no_leaves_everything_as_it_is(stage: Stage) -> None:
    stage.person.answer = False
    stage.open()
    stage.ask()
    assert len(stage.person.shown) == 1
    assert stage.loads.asked == []
    assert stage.phase() == "asking"


def test_consent_is_remembered_outside_of_the_project(stage: Stage, qtbot: QtBot) -> None:
    stage.open()
    before = stage.project.read_bytes()
    stage.ask()
    stage.session.replace(TEMPLATES[0].open(), None)
    assert stage.phase() == "none"
    assert stage.session.catalog.palette("custom") == []
    stage.open()
    qtbot.waitUntil(lambda: stage.phase() == "ready")
    assert len(stage.person.shown) == 1
    assert stage.project.read_bytes() == before
    assert ConsentStore(state_dir()).is_agreed(stage.project, stage.session.code.files)


def test_a_changed_file_asks_again(stage: Stage, qtbot: QtBot) -> None:
    stage.open()
    stage.ask()
    qtbot.waitUntil(lambda: stage.phase() == "ready")
    stage.code.write_text("SECOND = 2\n")
    qtbot.waitUntil(lambda: stage.phase() == "asking", timeout=5000)
    assert stage.loads.asked[-1] == ()  # what was loaded is forgotten
    assert "own_code" in stage.kinds()
    stage.ask()
    qtbot.waitUntil(lambda: stage.phase() == "ready")
    assert stage.person.shown[-1] == ("SECOND = 2\n",)


def test_yes_is_to_what_was_shown(stage: Stage) -> None:
    stage.open()
    code = stage.session.code
    shown = code.sources
    stage.code.write_text("OTHER = 3\n")
    code.agree(shown)
    assert code.phase == "asking"
    assert stage.loads.asked == []


def test_another_project_with_the_same_code_asks_for_itself(stage: Stage, tmp_path: Path) -> None:
    stage.open()
    stage.ask()
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "p.lamella"
    save(load(stage.project), other)
    (tmp_path / "other" / "my_layers.py").write_text("FIRST = 1\n")
    assert stage.rig.desktop.files.read(other) is None
    assert stage.phase() == "asking"


def test_a_new_engine_runs_agreed_code_again(stage: Stage, qtbot: QtBot) -> None:
    stage.open()
    stage.ask()
    stage.rig.engine.die()
    assert stage.session.catalog.palette("custom") == []
    stage.rig.engine.start()
    qtbot.waitUntil(lambda: stage.phase() == "ready")
    assert len(stage.loads.asked) == 2


def test_code_that_killed_the_engine_is_not_run_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.open()
    monkeypatch.setattr(stage.rig.engine, "silent", True)
    stage.ask()
    assert stage.rig.desktop.window.commands.action("model.stop_code") is not None
    asked = len(stage.rig.engine.waiting)
    stage.rig.engine.die()
    monkeypatch.setattr(stage.rig.engine, "silent", False)
    stage.rig.engine.start()
    assert stage.phase() == "asking"
    assert stage.loads.asked == []
    assert asked >= 1
    stage.ask()
    assert stage.phase() == "ready"


def test_what_is_wrong_with_the_code_is_a_problem(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = Failed(1, Text("my_layers.py, line 1: no."))
    otherwise = stage.rig.engine.answer
    monkeypatch.setattr(
        stage.rig.engine, "answer", lambda message: failed if isinstance(message, LoadCode) else otherwise(message)
    )
    stage.open()
    stage.ask()
    found: list[Problem] = [problem for problem in stage.session.problems if problem.kind == "code"]
    assert [str(problem.text) for problem in found] == ["my_layers.py, line 1: no."]


def test_the_dialog_shows_each_file_and_no_is_the_default(qapp: QApplication, tmp_path: Path) -> None:
    for name, text in (("one.py", "a = 1\n"), ("two.py", "b = 2\n")):
        (tmp_path / name).write_text(text)
    sources = read_code([tmp_path / "one.py", tmp_path / "two.py"])
    dialog = RunCodeDialog(sources, "digits")
    assert [dialog.files.model().index(row, 0).data() for row in range(2)] == ["one.py", "two.py"]
    content = dialog.findChild(QPlainTextEdit, "code_content")
    assert isinstance(content, QPlainTextEdit)
    assert content.toPlainText() == "a = 1\n"
    assert content.isReadOnly()
    dialog.files.setCurrentRow(1)
    assert content.toPlainText() == "b = 2\n"
    assert dialog.no.isDefault()
    assert not dialog.yes.isDefault()
    QTimer.singleShot(0, dialog.no.click)
    assert not dialog.exec()
    again = RunCodeDialog(sources, "digits")
    QTimer.singleShot(0, again.yes.click)
    assert again.exec()


def test_files_are_added_and_removed_as_edits(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    stage.open()
    (tmp_path / "more.py").write_text("")
    outside = tmp_path.parent / "outside.py"
    answers = [tmp_path / "more.py", None, outside]
    dialog = CodeFilesDialog(stage.session, lambda: answers.pop(0))
    qtbot.addWidget(dialog)
    dialog.add.click()
    dialog.add.click()
    dialog.add.click()
    assert code_files(stage.session.document) == ("my_layers.py", "more.py", str(outside))
    dialog.remove.click()
    assert code_files(stage.session.document) == ("my_layers.py", "more.py")
    stage.session.history.undo()
    stage.session.history.undo()
    stage.session.history.undo()
    assert code_files(stage.session.document) == ("my_layers.py",)


def test_the_menu_opens_the_list_and_then_asks(stage: Stage, qapp: QApplication) -> None:
    stage.open()

    def close() -> None:
        dialog = qapp.activeModalWidget()
        assert isinstance(dialog, CodeFilesDialog)
        assert dialog.findChild(QListWidget, "project_code_files") is not None
        button = dialog.findChild(QPushButton, "dialog_close")
        assert isinstance(button, QPushButton)
        button.click()

    QTimer.singleShot(0, close)
    stage.rig.desktop.window.commands.action("model.code").trigger()
    assert len(stage.person.shown) == 1
