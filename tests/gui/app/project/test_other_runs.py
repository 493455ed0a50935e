"""A run belongs to a project: another one that is opened neither shows nor stops it, and it stays within reach."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from app.engine.run_controller import RunController
from app.panels.train.panel import TrainPanel
from app.project.choosers import PausedAnswer
from app.project.templates import TEMPLATES
from app.shell.window.other_runs import OtherRunsButton
from graph_editor.document.files.file_format import save
from resources.text import Text
from resources.training.settings.epochs import SETTING as EPOCHS
from runtime.events import EpochStarted, Paused, RunEnded, RunStarted
from runtime.messages.training import Pause, Resume, Stop
from runtime.store import RunStore
from tests.gui.app.conftest import Rig

STARTED = RunStarted("cpu", 10, 3, 320, 80, 1000, 900)


@pytest.fixture
def digits(rig: Rig, qtbot: QtBot, tmp_path: Path) -> RunController:
    """The run of digits.lamella, in its second epoch."""
    path = tmp_path / "digits.lamella"
    save(TEMPLATES[0].open(), path)
    assert rig.desktop.files.open_path(path)
    return started(rig, qtbot)


def started(rig: Rig, qtbot: QtBot) -> RunController:
    qtbot.waitUntil(lambda: rig.session.settled)
    rig.desktop.window.start_training()
    run = rig.session.training.run
    assert run is not None, rig.desktop.window.notices.text
    run.reports.report_event(STARTED)
    run.reports.report_event(EpochStarted(0))
    run.reports.report_event(EpochStarted(1))
    qtbot.waitUntil(lambda: run.epoch == 2)
    return run


def open_flowers(rig: Rig, tmp_path: Path) -> Path:
    path = tmp_path / "flowers & trees.lamella"
    save(TEMPLATES[0].open(), path)
    assert rig.desktop.files.open_path(path)
    return path


def others(rig: Rig) -> OtherRunsButton:
    return rig.desktop.window.status.other_runs


def entry(rig: Rig, name: str) -> QAction:
    menu = others(rig).menu()
    menu.aboutToShow.emit()
    return next(action for action in menu.actions() if action.objectName() == f"other_runs.{name}")


def pause(run: RunController, qtbot: QtBot) -> None:
    run.pause()
    run.reports.report_event(Paused())
    qtbot.waitUntil(lambda: run.phase == "paused")


def test_another_project_does_not_show_the_run(rig: Rig, digits: RunController, tmp_path: Path) -> None:
    panel = rig.desktop.window.page("train")
    assert isinstance(panel, TrainPanel)
    assert panel.run is digits
    assert others(rig).isHidden()
    open_flowers(rig, tmp_path)
    assert panel.run is None and rig.session.training.run is None
    assert panel.view.start.isVisibleTo(panel.view) and panel.bar.train.isVisibleTo(panel.bar)
    assert rig.desktop.window.status._run.text() == ""
    commands = rig.desktop.window.commands
    assert commands.action("train.start").isEnabled()
    assert not commands.action("train.pause").isEnabled() and not commands.action("train.stop").isEnabled()
    assert not others(rig).isHidden()
    assert others(rig).text() == f"digits trains: epoch 2 of {digits.spec.training[EPOCHS]}"


def test_the_status_bar_steers_the_run_of_the_other_project(
    rig: Rig, qtbot: QtBot, digits: RunController, tmp_path: Path
) -> None:
    open_flowers(rig, tmp_path)
    entry(rig, "pause").trigger()
    digits.reports.report_event(Paused())
    qtbot.waitUntil(lambda: digits.phase == "paused")
    assert "digits is paused" in others(rig).text()
    entry(rig, "resume").trigger()
    entry(rig, "stop").trigger()
    entry(rig, "stop").trigger()
    assert rig.trainers[0].sent == ["start", Pause(), Resume(), Stop()]
    assert others(rig).text() == "digits stops after this batch"
    assert not entry(rig, "stop").isEnabled()


def test_show_opens_its_project_after_the_question_about_changes(
    rig: Rig, digits: RunController, tmp_path: Path
) -> None:
    open_flowers(rig, tmp_path)
    session = rig.session
    rig.chooser.changes = "cancel"
    session.history.mark_changed()
    entry(rig, "show").trigger()
    assert session.name == "flowers & trees"
    rig.chooser.changes = "discard"
    entry(rig, "show").trigger()
    assert session.name == "digits" and session.training.run is digits
    assert rig.desktop.window.workspace == "train"
    panel = rig.desktop.window.page("train")
    assert isinstance(panel, TrainPanel)
    assert panel.run is digits and panel.bar.stop.isVisibleTo(panel.bar)
    assert others(rig).isHidden()


def test_two_projects_train_at_once_and_each_shows_its_own(
    rig: Rig, qtbot: QtBot, digits: RunController, tmp_path: Path
) -> None:
    path = open_flowers(rig, tmp_path)
    flowers = started(rig, qtbot)
    assert "digits trains at the same time" in rig.desktop.window.notices.text
    assert flowers is not digits
    assert [info.folder for info in RunStore(rig.session.project_runs.folder).runs()] == [flowers.folder]
    rig.desktop.window.commands.action("train.stop").trigger()
    assert Stop() not in rig.trainers[0].sent and Stop() in rig.trainers[1].sent
    assert rig.desktop.files.open_path(tmp_path / "digits.lamella")
    assert rig.session.training.run is digits
    assert others(rig).text() == "flowers && trees stops after this batch", "an ampersand is one"
    rig.chooser.training = "cancel"
    assert not rig.desktop.window.close()
    assert {run.name for run in rig.chooser.running} == {"digits", path.stem}
    rig.chooser.training = "leave"
    assert rig.desktop.window.close()
    assert [trainer.detached for trainer in rig.trainers] == [True, True]


def test_its_end_is_told_under_its_name(rig: Rig, qtbot: QtBot, digits: RunController, tmp_path: Path) -> None:
    open_flowers(rig, tmp_path)
    digits.reports.report_event(RunEnded("completed", 3, 1.0, "model.keras", {}))
    qtbot.waitUntil(lambda: not digits.active)
    assert rig.desktop.window.notices.text == "digits: Training finished after 3 epochs."
    assert others(rig).isHidden()
    assert digits not in rig.session.runs.known


def test_the_death_of_its_trainer_is_told_under_its_name(
    rig: Rig, qtbot: QtBot, digits: RunController, tmp_path: Path
) -> None:
    open_flowers(rig, tmp_path)
    digits.reports.report_exit(Text("Keras' process has ended."), "Killed")
    qtbot.waitUntil(lambda: not digits.active)
    assert rig.desktop.window.notices.text.startswith("digits: Keras' process has ended.")
    assert rig.session.training.run is None and others(rig).isHidden()


@pytest.mark.parametrize(
    ("answer", "opened", "sent"),
    [("cancel", False, []), ("keep", True, []), ("resume", True, [Resume()]), ("stop", True, [Stop()])],
)
def test_a_run_that_waits_is_asked_about_before_another_project_is_shown(
    rig: Rig,
    qtbot: QtBot,
    digits: RunController,
    tmp_path: Path,
    answer: PausedAnswer,
    opened: bool,
    sent: list[object],
) -> None:
    pause(digits, qtbot)
    rig.chooser.paused = answer
    path = tmp_path / "other.lamella"
    save(TEMPLATES[0].open(), path)
    assert rig.desktop.files.open_path(path) is opened
    assert rig.chooser.asked == ["leave digits paused"]
    assert rig.trainers[0].sent == ["start", Pause(), *sent]


def test_a_run_that_waits_goes_on_untouched_when_the_changes_are_not_to_go(
    rig: Rig, qtbot: QtBot, digits: RunController
) -> None:
    pause(digits, qtbot)
    rig.session.history.mark_changed()
    rig.chooser.paused, rig.chooser.changes = "stop", "cancel"
    assert not rig.desktop.files.new_from(TEMPLATES[0].open)
    assert rig.trainers[0].sent == ["start", Pause()]


def test_saved_under_another_name_the_run_stays_with_the_project_it_was_started_from(
    rig: Rig, digits: RunController, tmp_path: Path
) -> None:
    rig.chooser.to_save = tmp_path / "second.lamella"
    assert rig.desktop.files.save_as()
    assert rig.session.training.run is None
    assert others(rig).text().startswith("digits trains")
    entry(rig, "show").trigger()
    assert rig.session.path == tmp_path / "digits.lamella" and rig.session.training.run is digits


def test_a_project_without_a_file_that_trains_is_asked_about_though_it_is_unchanged(
    rig: Rig, qtbot: QtBot, tmp_path: Path
) -> None:
    rig.session.replace(TEMPLATES[0].open(), None, "mine")
    run = started(rig, qtbot)
    rig.session.history.mark_clean()
    rig.chooser.changes = "cancel"
    assert not rig.desktop.files.new_from(TEMPLATES[0].open)
    assert rig.chooser.asked == ["save mine that trains"]
    rig.chooser.changes, rig.chooser.to_save = "save", tmp_path / "mine.lamella"
    assert rig.desktop.files.new_from(TEMPLATES[0].open)
    assert run.owner.path == tmp_path / "mine.lamella"
    assert rig.session.training.run is None


def test_a_project_without_a_file_is_shown_again_with_its_run(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    rig.session.replace(TEMPLATES[0].open(), None, "mine")
    run = started(rig, qtbot)
    home = rig.session.project_runs.folder
    rig.chooser.changes = "discard"
    open_flowers(rig, tmp_path)
    assert others(rig).text().startswith("mine trains")
    entry(rig, "show").trigger()
    assert rig.session.path is None and rig.session.name == "mine"
    assert rig.session.project_runs.folder == home and rig.session.training.run is run
    assert rig.session.document.graph.calls.keys() == TEMPLATES[0].open().graph.calls.keys()
