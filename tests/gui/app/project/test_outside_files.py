"""A project from elsewhere: what it names outside of its folder is asked for once, and not touched before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.outside_files.finding import FILE
from app.panels.data.panel import DataPanel
from app.project.session import Session
from app.project.templates import TEMPLATES
from app.system.places import state_dir
from graph_editor.document.files.file_format import dumps, load
from runtime.messages.describing import DescribeData
from runtime.messages.exporting import Export
from tests.gui.app.conftest import Rig


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "data.csv").write_text("a,b\n1,2\n", "utf-8")
    (folder / "own.py").write_text("import this\n", "utf-8")
    return folder


@pytest.fixture
def foreign(tmp_path: Path, elsewhere: Path) -> Path:
    """A project with data, weights and code outside of its folder."""
    document = next(item for item in TEMPLATES if item.key == "digits").open()
    document.data = {**document.data, "sources": [{"kind": "csv", "path": str(elsewhere / "data.csv"), "options": {}}]}
    document.training = {**document.training, "initial_weights": str(elsewhere / "w.h5")}
    document.extra = {**document.extra, "custom_code": {"files": [str(elsewhere / "own.py")]}}
    path = tmp_path / "mail" / "foreign.lamella"
    path.parent.mkdir()
    path.write_bytes(dumps(document))
    return path


def described(rig: Rig) -> list[str]:
    return [request.data.sources[0].path for request in rig.engine.asked if isinstance(request, DescribeData)]


def settle(rig: Rig, qtbot: QtBot) -> Session:
    qtbot.wait(250)  # the check of the data comes a moment after an edit
    return rig.session


def test_nothing_outside_is_touched_before_a_yes(
    rig: Rig, foreign: Path, elsewhere: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched: list[str] = []
    for name in ("stat", "lstat", "exists", "is_file", "is_dir", "open", "resolve", "read_bytes"):
        real = getattr(Path, name)

        def watched(self: Path, *args: object, _real: object = real, **more: object) -> object:
            if str(self).startswith(str(elsewhere)):
                touched.append(str(self))
            return _real(self, *args, **more)  # type: ignore[operator]

        monkeypatch.setattr(Path, name, watched)

    def read_code(paths: list[Path]) -> tuple[()]:
        touched.extend(map(str, paths))
        return ()

    monkeypatch.setattr("app.custom_code.project_code.read_code", read_code)
    rig.chooser.confirms = False
    assert rig.desktop.files.open_path(foreign)
    session = settle(rig, qtbot)
    qtbot.waitUntil(lambda: any(problem.kind == "data" for problem in session.problems))
    (asked,) = [entry for entry in rig.chooser.asked if entry.startswith("confirm")]
    assert asked == "confirm foreign names files outside its own folder. Read them?"
    assert described(rig) == []
    texts = [str(problem.text) for problem in session.problems if problem.kind == "data"]
    assert texts == [
        f"{elsewhere / name} lies outside the project's folder and is not read yet."
        for name in ("data.csv", "w.h5", "own.py")
    ]
    assert session.training.start() is None
    rig.desktop.window.show_workspace("data")
    session.data.refresh()
    assert rig.desktop.files.save_as() is False  # asks where, and nobody answers
    rig.chooser.to_save = foreign.with_name("copy.lamella")
    assert rig.desktop.files.save_as()
    assert load(foreign.with_name("copy.lamella")).training["initial_weights"] == str(elsewhere / "w.h5")
    assert described(rig) == []
    assert not [request for request in rig.engine.asked if isinstance(request, Export)]
    assert touched == []


def test_a_yes_is_remembered_for_these_names_and_no_others(rig: Rig, foreign: Path, elsewhere: Path) -> None:
    assert rig.desktop.files.open_path(foreign)
    assert not rig.session.outside.pending
    assert described(rig)[-1] == str(elsewhere / "data.csv")
    assert len(rig.session.code.sources) == 1
    rig.chooser.asked.clear()
    rig.session.replace(TEMPLATES[0].open(), None)
    assert rig.desktop.files.open_path(foreign)
    assert rig.chooser.asked == []
    content = json.loads(foreign.read_bytes())
    content["training"]["initial_weights"] = r"\\host\share\w.h5"
    foreign.write_text(json.dumps(content), "utf-8")
    rig.session.replace(TEMPLATES[0].open(), None)
    rig.chooser.confirms = False
    assert rig.desktop.files.open_path(foreign)
    assert rig.session.outside.pending == (r"\\host\share\w.h5",)
    (state_dir() / FILE).write_bytes(b"\xff")
    rig.session.replace(load(foreign), foreign)
    assert len(rig.session.outside.pending) == 3


def test_the_question_stands_in_data_again(rig: Rig, foreign: Path, elsewhere: Path, qtbot: QtBot) -> None:
    rig.chooser.confirms = False
    assert rig.desktop.files.open_path(foreign)
    window = rig.desktop.window
    window.show_workspace("data")
    settle(rig, qtbot)
    button = window.findChild(QPushButton, "read_outside")
    assert button is not None
    rig.chooser.confirms = True
    button.click()
    qtbot.waitUntil(lambda: described(rig)[-1:] == [str(elsewhere / "data.csv")])
    settle(rig, qtbot)
    assert not [problem for problem in rig.session.problems if "outside" in str(problem.text)]


def test_what_a_person_chooses_is_theirs(
    rig: Rig, foreign: Path, elsewhere: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    rig.session.replace(next(item for item in TEMPLATES if item.key == "digits").open(), None)
    window = rig.desktop.window
    window.show_workspace("data")
    panel = window.findChild(DataPanel)
    assert panel is not None
    panel.choose_file(elsewhere / "data.csv")
    qtbot.waitUntil(lambda: rig.session.document.data["sources"][0]["kind"] == "csv")
    rig.chooser.to_save = tmp_path / "mine" / "mine.lamella"
    rig.chooser.to_save.parent.mkdir()
    assert rig.desktop.files.save_as()
    rig.session.replace(TEMPLATES[0].open(), None)
    rig.chooser.confirms = False
    assert rig.desktop.files.open_path(tmp_path / "mine" / "mine.lamella")
    assert rig.session.outside.pending == ()
    assert not [entry for entry in rig.chooser.asked if entry.startswith("confirm")]
