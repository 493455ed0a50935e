"""Runs of projects that were never saved: listed on the first card, opened from there, deleted only when asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.dialogs.new_project import NewProjectDialog
from app.dialogs.unsaved_runs import UnsavedRunsList, state_text
from app.engine.run_controller import RunController
from app.look.theme import load_theme
from app.look.theme_source import ThemeSource
from app.project import runs_home
from app.project.choosers import RunAnswer, SaveAnswer
from app.project.project_files import Beginning, ProjectFiles
from app.project.runs_home import UnsavedRuns, unsaved
from app.project.templates import TEMPLATES
from graph_editor.background.background import Background
from graph_editor.catalog.catalog import Catalog
from runtime.events import RunEnded
from runtime.messages.training import Stop
from runtime.store import RunResult, RunStore, write_result
from tests.gui.app.conftest import Rig


@pytest.fixture
def mine(rig: Rig, qtbot: QtBot) -> RunController:
    """A run of a project without a file."""
    rig.session.replace(TEMPLATES[0].open(), None, "mine & <b>yours</b>")
    qtbot.waitUntil(lambda: rig.session.settled)
    rig.desktop.window.start_training()
    assert rig.session.training.run is not None
    return rig.session.training.run


@pytest.fixture
def answers() -> Iterator[list[bool]]:
    """What is answered to the questions of the list, in turn; all of them are asked for."""
    planned: list[bool] = []
    yield planned
    assert planned == []


def listed(qtbot: QtBot, answers: list[bool], but: str = "") -> UnsavedRunsList:
    made = UnsavedRunsList(
        lambda: unsaved(but), ThemeSource(load_theme("dark")), Background(), 210, ask=lambda *_: answers.pop(0)
    )
    qtbot.addWidget(made)
    qtbot.waitUntil(lambda: not made._reading.busy)
    return made


def buttons(widget: QWidget, name: str) -> list[QPushButton]:
    return widget.findChildren(QPushButton, name)


def test_nothing_is_listed_while_there_is_nothing(rig: Rig, qtbot: QtBot, answers: list[bool]) -> None:
    assert unsaved() == []
    assert listed(qtbot, answers).isHidden()


@pytest.mark.parametrize(("answer", "changes"), [("leave", "discard"), ("stop", "discard"), ("leave", "save")])
def test_a_window_that_is_closed_while_an_unsaved_project_trains_loses_no_run(
    rig: Rig, mine: RunController, tmp_path: Path, answer: RunAnswer, changes: SaveAnswer
) -> None:
    rig.session.history.mark_clean()
    rig.chooser.training, rig.chooser.changes, rig.chooser.to_save = answer, changes, tmp_path / "mine.lamella"
    assert rig.desktop.window.close()
    assert rig.chooser.asked[:2] == ["training", "save mine & <b>yours</b> that trains"]
    assert (Stop() in rig.trainers[0].sent) is (answer == "stop")
    if changes == "save":
        assert unsaved() == []
        assert runs_home.claimed(tmp_path / "mine.lamella") == [mine.folder.parent]
    else:
        assert [(runs.folder, runs.running, runs.count) for runs in unsaved()] == [(mine.folder.parent, True, 1)]


def test_the_window_stays_when_nobody_says_where_to_save(rig: Rig, mine: RunController) -> None:
    rig.chooser.training, rig.chooser.changes, rig.chooser.to_save = "leave", "save", None
    assert not rig.desktop.window.close()
    assert not rig.trainers[0].detached and mine.active


def test_it_is_listed_with_its_name_its_time_and_its_state(
    rig: Rig, qtbot: QtBot, mine: RunController, answers: list[bool]
) -> None:
    found = listed(qtbot, answers)
    (row,) = buttons(found, "unsaved_run")
    assert row.text().startswith("mine && <b>yours</b>\n") and "running" in row.text()
    assert not buttons(found, "unsaved_delete")[0].isEnabled(), "it is being written"
    write_result(mine.folder, RunResult("completed", 3))
    RunStore(mine.folder.parent).new_run(mine.spec, (mine.folder / "project.lamella").read_bytes())
    (runs,) = unsaved()
    write_result(runs.latest.folder, RunResult("failed", 1))
    found.reload()
    qtbot.waitUntil(lambda: "2 runs" in buttons(found, "unsaved_run")[0].accessibleDescription())
    assert "failed" in buttons(found, "unsaved_run")[0].accessibleDescription()
    assert buttons(found, "unsaved_delete")[0].isEnabled()
    assert listed(qtbot, answers, mine.folder.parent.name).isHidden(), "that of the open project"


def test_it_is_opened_as_the_project_that_was_trained(
    rig: Rig, qtbot: QtBot, mine: RunController, answers: list[bool], tmp_path: Path
) -> None:
    write_result(mine.folder, RunResult("completed", 3))
    (runs,) = unsaved()
    session = rig.session
    calls = dict(session.document.graph.calls)
    chosen: list[Beginning | None] = [runs]
    files = ProjectFiles(session, rig.desktop.store, rig.chooser, lambda: None, chosen.pop, lambda: None)
    session.history.mark_clean()
    rig.session.replace(TEMPLATES[1].open(), None)
    assert files.new()
    assert session.name == "mine & <b>yours</b>" and session.path is None
    assert session.document.graph.calls.keys() == calls.keys()
    assert session.project_runs.folder == mine.folder.parent
    assert session.training.run is mine, "its trainer said nothing of an end"
    rig.chooser.to_save = tmp_path / "kept.lamella"
    assert rig.desktop.files.save()
    mine.reports.report_event(RunEnded("completed", 3, 1.0, "model.keras", {}))
    qtbot.waitUntil(lambda: len(RunStore(tmp_path / "kept.runs").runs()) == 1)
    assert unsaved() == []


def test_it_is_deleted_after_a_question(
    rig: Rig, qtbot: QtBot, mine: RunController, answers: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.system.throwing_away.QFile.moveToTrash", lambda _path: False)
    write_result(mine.folder, RunResult("completed", 3))
    found = listed(qtbot, answers)
    home = mine.folder.parent
    answers += [False]
    buttons(found, "unsaved_delete")[0].click()
    assert home.is_dir()
    answers += [True, False]
    buttons(found, "unsaved_delete")[0].click()
    assert home.is_dir()
    answers += [True, True]
    buttons(found, "unsaved_delete")[0].click()
    assert not home.exists()
    qtbot.waitUntil(found.isHidden)


def test_one_that_trains_again_meanwhile_is_not_deleted(
    rig: Rig, qtbot: QtBot, mine: RunController, answers: list[bool]
) -> None:
    write_result(mine.folder, RunResult("completed", 3))
    found = listed(qtbot, answers)
    RunStore(mine.folder.parent).new_run(mine.spec, b"{}")
    answers += [True]
    buttons(found, "unsaved_delete")[0].click()
    assert mine.folder.is_dir()
    assert found._failure.text() == "It is still training."


def test_runs_of_a_file_that_is_gone_are_listed_again(rig: Rig, mine: RunController, tmp_path: Path) -> None:
    project = tmp_path / "mine.lamella"
    project.write_text("{}")
    runs_home.claim(mine.folder.parent, project)
    assert unsaved() == []
    project.unlink()
    assert [runs.folder for runs in unsaved()] == [mine.folder.parent]
    (mine.folder.parent / runs_home.CLAIM_FILE).write_bytes(msgspec.json.encode(["broken"]))
    assert [runs.folder for runs in unsaved()] == [mine.folder.parent]


def test_a_damaged_run_hides_no_other_and_is_listed_itself(rig: Rig, mine: RunController) -> None:
    write_result(mine.folder, RunResult("completed", 3))
    home = mine.folder.parent
    bad = RunStore(home).new_run(mine.spec, b"{}")
    (bad / "run.json").write_text("{")
    (runs,) = unsaved()
    assert (runs.latest.folder, runs.count) == (mine.folder, 2)
    (mine.folder / "run.json").write_text("{")
    (runs,) = unsaved()
    assert runs.latest.status == "damaged" and state_text(runs).startswith("damaged")


def test_the_first_card_hands_it_on(qtbot: QtBot, rig: Rig, mine: RunController, catalog: Catalog) -> None:
    dialog = NewProjectDialog(catalog, ThemeSource(load_theme("dark")), Background(), [], lambda: None, unsaved=unsaved)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: bool(buttons(dialog, "unsaved_run")))
    buttons(dialog, "unsaved_run")[0].click()
    assert isinstance(dialog.runs, UnsavedRuns) and dialog.runs.folder == mine.folder.parent
    assert (dialog.path, dialog.document) == (None, None)
    assert not dialog.isVisible()
