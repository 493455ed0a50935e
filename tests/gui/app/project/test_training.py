"""From the Train button to the end of a run, whatever that end is."""

from __future__ import annotations

import errno
import shutil
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.engine.run_controller import RunController, RunEnding
from app.panels.runs.list.table import RunsTable
from app.project.choosers import RunAnswer
from app.project.run_questions import RunInQuestion, closing_words
from app.project.templates import TEMPLATES
from graph_editor.document.changes.commands import delete_calls, set_data, set_training
from resources.text import Text
from runtime.events import Paused, Resumed, RunEnded, RunFailed, RunStarted
from runtime.messages.training import Pause, Resume, SetLearningRate, Stop
from runtime.store import RunResult, RunStore, write_result
from tests.gui.app.conftest import FakeTrainer, Rig

STARTED = RunStarted("cpu", 10, 3, 320, 80, 1000, 900)


@pytest.fixture
def started(rig: Rig, qtbot: QtBot) -> RunController:
    rig.session.replace(TEMPLATES[0].open(), None)
    qtbot.waitUntil(lambda: rig.session.settled)
    button = rig.desktop.window.findChild(QPushButton, "train_button")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert rig.session.training.run is not None, rig.desktop.window.notices.text
    return rig.session.training.run


def test_the_run_has_a_folder_and_the_window_shows_it(rig: Rig, started: RunController) -> None:
    assert rig.desktop.window.workspace == "train"
    assert [info.folder for info in RunStore(rig.session.project_runs.folder).runs()] == [started.folder]
    assert rig.trainers[0].sent == ["start"]


def test_the_keyboard_does_not_go_from_the_train_button_to_the_status_bar(rig: Rig, qtbot: QtBot) -> None:
    rig.session.replace(TEMPLATES[0].open(), None)
    qtbot.waitUntil(lambda: rig.session.settled)
    rig.desktop.window.activateWindow()
    button = rig.desktop.window.header.train_button
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert rig.session.training.run is not None
    assert not rig.desktop.window.status.isAncestorOf(QApplication.focusWidget() or rig.desktop.window)


def test_a_second_start_does_nothing(rig: Rig, started: RunController) -> None:
    assert rig.session.training.start() is None
    assert len(rig.trainers) == 1


def test_pause_resume_and_stop_reach_the_trainer(rig: Rig, qtbot: QtBot, started: RunController) -> None:
    commands = rig.desktop.window.commands
    started.reports.report_event(STARTED)
    qtbot.waitUntil(lambda: started.phase == "running")
    commands.action("train.pause").trigger()
    started.reports.report_event(Paused())
    qtbot.waitUntil(lambda: started.phase == "paused")
    assert commands.action("train.pause").text() == "Resume"
    commands.action("train.pause").trigger()
    started.reports.report_event(Resumed())
    qtbot.waitUntil(lambda: started.phase == "running")
    started.set_learning_rate(0.5)
    commands.action("train.stop").trigger()
    started.stop()
    assert rig.trainers[0].sent == ["start", Pause(), Resume(), SetLearningRate(0.5), Stop()]
    assert not commands.action("train.stop").isEnabled()


def test_the_end_of_a_run(qtbot: QtBot, rig: Rig, started: RunController) -> None:
    endings: list[RunEnding] = []
    started.ended.connect(endings.append)
    started.reports.report_event(STARTED)
    started.reports.report_event(RunEnded("completed", 3, 1.0, "model.keras", {}))
    started.reports.report_exit(Text("Keras' process has ended."), "")
    qtbot.waitUntil(lambda: not started.active)
    qtbot.wait(10)
    assert [ending.status for ending in endings] == ["completed"]
    assert rig.desktop.window.commands.action("train.start").isEnabled()


def test_a_failure_says_what_keras_said(qtbot: QtBot, rig: Rig, started: RunController) -> None:
    started.reports.report_event(RunFailed(Text("The loss is not a number."), "everything"))
    qtbot.waitUntil(lambda: not started.active)
    assert started.ending is not None
    assert (started.ending.status, str(started.ending.text)) == ("failed", "The loss is not a number.")


def test_a_trainer_that_dies_is_told_with_its_last_output_and_nothing_else_is_lost(
    qtbot: QtBot, rig: Rig, started: RunController
) -> None:
    calls = set(rig.session.document.graph.calls)
    started.reports.report_event(STARTED)
    started.reports.report_console("allocating…\n")
    started.reports.report_exit(Text("Keras' process was ended by {signal}.", {"signal": "SIGKILL"}), "")
    qtbot.waitUntil(lambda: not started.active)
    assert started.ending is not None
    assert started.ending.status == "died"
    assert "SIGKILL" in str(started.ending.text)
    assert started.ending.detail == "allocating…\n"
    assert set(rig.session.document.graph.calls) == calls
    assert rig.desktop.window.isVisible()
    assert rig.session.training.start() is not None


def test_a_model_with_an_error_is_not_trained_but_gone_to(rig: Rig, qtbot: QtBot) -> None:
    rig.session.replace(TEMPLATES[0].open(), None)
    document = rig.session.document
    inputs = [call for call in document.graph.calls if document.operation_of(call).class_name == "InputLayer"]
    rig.session.edit(Text("Delete"), delete_calls(document, inputs))
    qtbot.waitUntil(lambda: bool(rig.session.problems))
    rig.desktop.window.start_training()
    assert rig.trainers == []
    assert rig.desktop.window.notices.isVisible()
    assert not rig.session.project_runs.folder.exists()


def test_a_project_without_data_is_sent_to_data(rig: Rig, qtbot: QtBot) -> None:
    rig.session.replace(TEMPLATES[0].open(), None)
    rig.session.edit(Text("Take the data away"), set_data(rig.session.document, {}))
    qtbot.waitUntil(lambda: rig.session.settled)
    rig.desktop.window.start_training()
    assert rig.trainers == []
    assert rig.desktop.window.workspace == "data"


@pytest.mark.parametrize(("answer", "closed"), [("cancel", False), ("leave", True), ("stop", True)])
def test_closing_while_training_asks(rig: Rig, started: RunController, answer: RunAnswer, closed: bool) -> None:
    rig.chooser.training = answer
    rig.chooser.changes = "discard"
    assert rig.desktop.window.close() is closed
    assert rig.trainers[0].detached is closed
    assert (Stop() in rig.trainers[0].sent) is (answer == "stop")


def test_closing_while_paused_says_so_and_lets_it_go_on(rig: Rig, qtbot: QtBot, started: RunController) -> None:
    started.reports.report_event(STARTED)
    qtbot.waitUntil(lambda: started.phase == "running")
    started.pause()
    started.reports.report_event(Paused())
    qtbot.waitUntil(lambda: started.phase == "paused")
    rig.chooser.training, rig.chooser.changes = "leave", "discard"
    assert rig.desktop.window.close()
    assert "paused" in rig.chooser.asked
    assert rig.trainers[0].sent == ["start", Pause(), Resume()]
    assert rig.trainers[0].detached


def test_what_is_said_at_closing() -> None:
    assert closing_words([RunInQuestion("mnist", True)])[0] == "Training is paused."
    assert "without a file" not in closing_words([RunInQuestion("mnist", True)])[1]
    assert "without a file" in closing_words([RunInQuestion("mnist", titled=False)])[1]
    assert closing_words([RunInQuestion("mnist", open=False)])[0] == "mnist is still training."
    title, more = closing_words([RunInQuestion("mnist"), RunInQuestion("digits", True, False, False)])
    assert title == "2 models are still training."
    assert "• mnist\n• digits (paused)\n" in more


def test_a_run_stays_with_a_window_that_is_not_closed_after_all(rig: Rig, started: RunController) -> None:
    rig.session.edit(Text("Take the data away"), set_data(rig.session.document, {}))
    rig.chooser.training, rig.chooser.changes = "stop", "cancel"
    assert not rig.desktop.window.close()
    assert rig.trainers[0].sent == ["start"]
    assert not rig.trainers[0].detached


@pytest.mark.parametrize(
    ("device", "sentence"),
    [("gpu:0", "GPU 0 cannot be used. No NVIDIA driver was found."), ("gpu:3", "This machine has no GPU 3.")],
)
def test_a_device_that_is_not_there_is_said_before_anything_starts(
    rig: Rig, qtbot: QtBot, device: str, sentence: str
) -> None:
    rig.session.replace(TEMPLATES[0].open(), None)
    qtbot.waitUntil(lambda: rig.session.settled)
    training = {**rig.session.document.training, "device": device}
    rig.session.edit(Text("Choose the device"), set_training(rig.session.document, training))
    rig.desktop.window.start_training()
    assert rig.trainers == []
    assert rig.desktop.window.notices.text.startswith(sentence)


def test_runs_of_an_unsaved_project_move_beside_its_file(
    rig: Rig, qtbot: QtBot, started: RunController, tmp_path: Path
) -> None:
    started.reports.report_exit(Text("Keras' process has ended."), "")
    qtbot.waitUntil(lambda: not started.active)
    rig.chooser.to_save = tmp_path / "mine.lamella"
    assert rig.desktop.files.save()
    assert rig.session.project_runs.folder == tmp_path / "mine.runs"
    assert [info.folder for info in RunStore(tmp_path / "mine.runs").runs()] == [started.folder]


def test_runs_of_an_unsaved_project_that_is_saved_while_training_come_along_at_the_end(
    rig: Rig, qtbot: QtBot, started: RunController, tmp_path: Path
) -> None:
    rig.chooser.to_save = tmp_path / "mine.lamella"
    assert rig.desktop.files.save()
    home = started.folder.parent
    assert rig.session.project_runs.folder == home, "the trainer writes there"
    write_result(started.folder, RunResult("completed", 3))
    started.reports.report_event(STARTED)
    started.reports.report_event(RunEnded("completed", 3, 1.0, "model.keras", {}))
    qtbot.waitUntil(lambda: rig.session.project_runs.folder == tmp_path / "mine.runs")
    assert [info.folder for info in RunStore(tmp_path / "mine.runs").runs()] == [started.folder]
    assert not home.exists()
    rig.desktop.window.show_workspace("runs")
    table = rig.desktop.window.page("runs").findChild(RunsTable)
    assert table is not None
    qtbot.waitUntil(lambda: table.model().rowCount() == 1)


def test_a_run_that_outlives_its_window_is_found_when_the_project_is_opened_again(
    rig: Rig, qtbot: QtBot, started: RunController, tmp_path: Path
) -> None:
    rig.chooser.to_save, rig.chooser.changes, rig.chooser.training = tmp_path / "mine.lamella", "save", "leave"
    assert rig.desktop.files.save()
    started.reports.report_exit(Text("Keras' process has ended."), "")
    write_result(started.folder, RunResult("completed", 3))
    rig.session.training.run, folder = None, started.folder  # as another start of the program would find it
    assert rig.desktop.files.open_path(tmp_path / "mine.lamella")
    qtbot.waitUntil(lambda: rig.session.project_runs.folder == tmp_path / "mine.runs")
    assert [info.folder.name for info in RunStore(tmp_path / "mine.runs").runs()] == [folder.name]


def test_projects_without_a_file_share_no_runs(rig: Rig, started: RunController) -> None:
    first = rig.session.project_runs.folder
    rig.session.replace(TEMPLATES[0].open(), None)
    assert rig.session.project_runs.folder != first
    assert RunStore(rig.session.project_runs.folder).runs() == []


def test_saving_under_another_name_leaves_the_runs_and_says_so(
    rig: Rig, qtbot: QtBot, started: RunController, tmp_path: Path
) -> None:
    started.reports.report_exit(Text("Keras' process has ended."), "")
    qtbot.waitUntil(lambda: not started.active)
    rig.chooser.to_save = tmp_path / "mine.lamella"
    assert rig.desktop.files.save()
    rig.chooser.to_save = tmp_path / "other.lamella"
    assert rig.desktop.files.save_as()
    assert len(RunStore(tmp_path / "mine.runs").runs()) == 1
    assert rig.session.project_runs.folder == tmp_path / "other.runs"
    assert rig.desktop.window.notices.text == "The runs stay with mine.lamella; they are found there."


def test_runs_that_cannot_come_along_are_told_and_stay(
    rig: Rig, qtbot: QtBot, started: RunController, tmp_path: Path
) -> None:
    started.reports.report_exit(Text("Keras' process has ended."), "")
    qtbot.waitUntil(lambda: not started.active)
    (tmp_path / "mine.runs").write_text("a file in the way")
    rig.chooser.to_save = tmp_path / "mine.lamella"
    assert rig.desktop.files.save()
    assert str(started.folder.parent) in rig.desktop.window.notices.text
    assert [info.folder for info in RunStore(rig.session.project_runs.folder).runs()] == [started.folder]


def test_another_language_in_mid_run_keeps_the_run(rig: Rig, qtbot: QtBot, started: RunController) -> None:
    started.reports.report_event(STARTED)
    qtbot.waitUntil(lambda: started.phase == "running")
    rig.desktop.preferences.set_language("ko")
    started.reports.report_event(RunEnded("completed", 3, 1.0, "model.keras", {}))
    qtbot.waitUntil(lambda: not started.active)
    assert rig.desktop.window.workspace == "train"
    rig.desktop.preferences.set_language("en")


def test_a_disk_that_is_full_is_said_and_nothing_is_left_behind(
    rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    rig.session.replace(TEMPLATES[0].open(), None)
    qtbot.waitUntil(lambda: rig.session.settled)
    monkeypatch.setattr("runtime.store.write_atomically", full)
    rig.desktop.window.start_training()
    assert rig.trainers == [] and rig.session.training.run is None
    assert "the disk is full" in rig.desktop.window.notices.text
    assert [path for path in rig.session.project_runs.folder.rglob("*") if path.is_file()] == []
    monkeypatch.undo()


def test_a_trainer_that_cannot_be_started_is_said_and_its_run_has_failed(
    rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_trainer: FakeTrainer) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    rig.session.replace(TEMPLATES[0].open(), None)
    qtbot.waitUntil(lambda: rig.session.settled)
    with monkeypatch.context() as patch:
        patch.setattr(FakeTrainer, "start", start)
        rig.desktop.window.start_training()
    assert rig.session.training.run is None
    assert "Resource temporarily unavailable" in rig.desktop.window.notices.text
    (info,) = RunStore(rig.session.project_runs.folder).runs()
    assert info.status == "failed", "not one that is about to start for ever"
    rig.desktop.window.start_training()
    assert rig.session.training.run is not None


def test_a_window_that_is_closed_while_the_trainer_starts_waits_until_it_knows(
    rig: Rig, qtbot: QtBot, started: RunController, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[bool] = []

    def detach(trainer: FakeTrainer) -> None:
        time.sleep(0.2)
        trainer.detached = True

    monkeypatch.setattr(FakeTrainer, "detach", detach)
    QTimer.singleShot(20, rig.desktop, lambda: known.append(rig.trainers[0].detached))
    QTimer.singleShot(40, rig.desktop, rig.desktop.window.close)
    rig.chooser.training, rig.chooser.changes = "leave", "discard"
    assert rig.desktop.window.close()
    assert known == [False], "the window lives meanwhile"
    assert rig.chooser.asked.count("training") == 1, "a second click on its button asks nothing"
    assert rig.trainers[0].detached


def test_a_run_folder_that_is_deleted_while_it_trains_takes_nothing_else_along(
    rig: Rig, qtbot: QtBot, started: RunController
) -> None:
    started.reports.report_event(STARTED)
    qtbot.waitUntil(lambda: started.phase == "running")
    shutil.rmtree(started.folder)
    rig.desktop.window.show_workspace("runs")
    table = rig.desktop.window.page("runs").findChild(RunsTable)
    assert table is not None
    qtbot.waitUntil(lambda: table.model().rowCount() == 0)
    started.reports.report_event(RunFailed(Text("The trained model could not be saved."), ""))
    qtbot.waitUntil(lambda: not started.active)
    assert rig.session.training.start() is not None
