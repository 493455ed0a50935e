"""A run that is found going on is shown live and steered, though its trainer has no connection to this window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from app.engine.followed_trainer import Finder
from app.engine.run_controller import RunController
from app.panels.train.panel import TrainPanel
from app.project.templates import TEMPLATES
from app.project.training_start import run_spec
from graph_editor.document.files.file_format import dumps, save
from resources.text import Text
from runtime.events import (
    EpochEnded,
    EpochStarted,
    Paused,
    Resumed,
    RunEnded,
    RunFailed,
    RunStarted,
    Steps,
    TrainingEvent,
)
from runtime.messages.control import ControlReader
from runtime.messages.training import Pause, Resume, SetLearningRate
from runtime.store import RunInfo, RunResult, RunStore, read_run, write_result
from runtime.worker.training.event_log import EventWriter
from tests.gui.app.conftest import Rig

STARTED = RunStarted("cpu", 10, 3, 320, 80, 1000, 900)


class Elsewhere:
    """A trainer that nobody here has started: it writes into its folder, and reads what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._writer = EventWriter(folder, lambda _error: None)
        self._asked = ControlReader(folder)
        self._heard: list[object] = []

    def say(self, *events: TrainingEvent) -> None:
        for event in events:
            self._writer.write(event)

    def asked(self) -> list[object]:
        """All that it was asked so far, but for a stop."""
        self._heard += self._asked.read()
        return self._heard

    @property
    def stop_asked(self) -> bool:
        return self._asked.stop_requested()

    def close(self) -> None:
        self._writer.close()


@pytest.fixture
def project(rig: Rig, tmp_path: Path) -> Path:
    path = tmp_path / "digits.lamella"
    save(TEMPLATES[0].open(), path)
    return path


@pytest.fixture
def elsewhere(rig: Rig, project: Path, qtbot: QtBot) -> Iterator[Elsewhere]:
    """The run of digits.lamella, in its second epoch, when its project is not open."""
    assert rig.desktop.files.open_path(project)
    qtbot.waitUntil(lambda: rig.session.settled)
    spec = run_spec(rig.session, TEMPLATES[0].open().training)
    folder = RunStore(rig.session.project_runs.folder).new_run(spec, dumps(rig.session.document))
    made = Elsewhere(folder)
    made.say(STARTED, EpochStarted(0), Steps(0, 0, ("loss",), [[1.0]] * 10), EpochEnded(0, {"loss": 1.0}, 0.25, 1.0))
    made.say(EpochStarted(1))
    rig.session.replace(TEMPLATES[1].open(), None)
    rig.desktop.finder.start()
    yield made
    made.close()


def taken_over(rig: Rig, project: Path, qtbot: QtBot) -> RunController:
    assert rig.desktop.files.open_path(project)
    qtbot.waitUntil(lambda: rig.session.training.run is not None)
    assert rig.session.training.run is not None
    return rig.session.training.run


def panel_of(rig: Rig) -> TrainPanel:
    panel = rig.desktop.window.page("train")
    assert isinstance(panel, TrainPanel)
    return panel


def test_it_is_shown_live(rig: Rig, project: Path, elsewhere: Elsewhere, qtbot: QtBot) -> None:
    panel = panel_of(rig)
    run = taken_over(rig, project, qtbot)
    assert (run.phase, run.epoch, run.folder) == ("running", 2, elsewhere.folder)
    assert rig.desktop.window.notices.text == "Run 1 of this project is going on; Train shows it."
    assert rig.desktop.window.workspace == "build", "the person is left where they are"
    assert panel.run is run
    qtbot.waitUntil(lambda: panel._meter.now.step == 10)
    elsewhere.say(Steps(1, 10, ("loss",), [[0.5]] * 5))
    qtbot.waitUntil(lambda: panel._meter.now.step == 15)
    assert rig.trainers == []
    assert rig.desktop.window.commands.action("train.stop").isEnabled()
    assert rig.session.training.start() is None, "it trains already"


def test_pause_resume_rate_and_stop_go_through_the_folder(
    rig: Rig, project: Path, elsewhere: Elsewhere, qtbot: QtBot
) -> None:
    run = taken_over(rig, project, qtbot)
    run.pause()
    qtbot.waitUntil(lambda: elsewhere.asked() == [Pause()])
    elsewhere.say(Paused())
    qtbot.waitUntil(lambda: run.phase == "paused")
    run.resume()
    elsewhere.say(Resumed())
    qtbot.waitUntil(lambda: run.phase == "running")
    panel_of(rig).side.rate_changed.emit(0.125)
    qtbot.waitUntil(lambda: elsewhere.asked() == [Pause(), Resume(), SetLearningRate(0.125)])
    assert not elsewhere.stop_asked
    run.stop()
    run.stop()
    qtbot.waitUntil(lambda: elsewhere.stop_asked)
    elsewhere.say(RunEnded("stopped", 2, 1.0, "model.keras", {}))
    qtbot.waitUntil(lambda: not run.active)
    assert run.ending is not None and run.ending.status == "stopped"


def test_what_another_window_asks_is_seen_here(rig: Rig, project: Path, elsewhere: Elsewhere, qtbot: QtBot) -> None:
    run = taken_over(rig, project, qtbot)
    elsewhere.say(Paused())
    qtbot.waitUntil(lambda: run.phase == "paused")
    assert rig.desktop.window.commands.action("train.pause").text() == "Resume"
    elsewhere.say(Resumed())
    qtbot.waitUntil(lambda: run.phase == "running")
    assert elsewhere.asked() == []


def test_one_that_is_started_while_the_project_is_open_is_found(
    rig: Rig, project: Path, elsewhere: Elsewhere, qtbot: QtBot
) -> None:
    elsewhere.say(RunEnded("completed", 3, 1.0, "model.keras", {}))
    write_result(elsewhere.folder, RunResult("completed", 3))
    assert rig.desktop.files.open_path(project)
    qtbot.wait(50)
    assert rig.session.training.run is None, "it has ended"
    info = RunStore(rig.session.project_runs.folder).runs()[0]
    second = RunStore(rig.session.project_runs.folder).new_run(info.spec, b"{}")
    qtbot.waitUntil(lambda: rig.session.training.run is not None)
    assert rig.session.training.run is not None and rig.session.training.run.folder == second


def test_the_death_of_its_trainer_is_said(
    rig: Rig, project: Path, elsewhere: Elsewhere, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = taken_over(rig, project, qtbot)
    (elsewhere.folder / "console.log").write_text("out of luck\n")

    def interrupted(folder: Path) -> RunInfo | None:
        info = read_run(folder)
        return info and msgspec.structs.replace(info, result=RunResult("interrupted"))

    monkeypatch.setattr("app.engine.followed_trainer.read_run", interrupted)
    qtbot.waitUntil(lambda: not run.active)
    assert run.ending is not None
    assert (run.ending.status, run.ending.detail) == ("died", "out of luck\n")
    assert "was killed" in str(run.ending.text)
    banner = panel_of(rig).view.banner
    assert "was killed" in banner.text.text()


def test_a_failure_is_said_as_that_of_an_own_one(rig: Rig, project: Path, elsewhere: Elsewhere, qtbot: QtBot) -> None:
    run = taken_over(rig, project, qtbot)
    elsewhere.say(RunFailed(Text("The disk is full."), "everything"))
    qtbot.waitUntil(lambda: not run.active)
    assert run.ending is not None
    assert (run.ending.status, str(run.ending.text)) == ("failed", "The disk is full.")


def test_a_folder_that_is_deleted_meanwhile_is_said(
    rig: Rig, project: Path, elsewhere: Elsewhere, qtbot: QtBot
) -> None:
    run = taken_over(rig, project, qtbot)
    for path in elsewhere.folder.iterdir():
        path.unlink()
    elsewhere.folder.rmdir()
    run.pause()
    qtbot.waitUntil(lambda: "could not be asked" in rig.desktop.window.notices.text)
    qtbot.waitUntil(lambda: not run.active)
    assert run.ending is not None
    assert str(run.ending.text) == "The folder of this run is gone."
    rig.desktop.window.show_workspace("runs")
    assert rig.session.training.start() is not None


def test_another_project_lets_it_be_reached_and_closing_names_it(
    rig: Rig, project: Path, elsewhere: Elsewhere, qtbot: QtBot
) -> None:
    run = taken_over(rig, project, qtbot)
    rig.session.replace(TEMPLATES[1].open(), None)
    assert rig.session.training.run is None and run.active
    assert rig.desktop.window.status.other_runs.text().startswith("digits trains: epoch 2")
    rig.chooser.training = "leave"
    rig.session.history.mark_clean()
    assert rig.desktop.window.close()
    assert [state.name for state in rig.chooser.running] == ["digits"]
    assert elsewhere.asked() == [] and not elsewhere.stop_asked


def test_very_much_that_it_has_told_is_read_beside_the_window(
    rig: Rig, project: Path, elsewhere: Elsewhere, qtbot: QtBot
) -> None:
    elsewhere.say(*(Steps(1, 10 + number, ("loss",), [[0.5]]) for number in range(700)))
    panel = panel_of(rig)
    taken_over(rig, project, qtbot)
    elsewhere.say(Steps(1, 710, ("loss",), [[0.25]]))
    qtbot.waitUntil(lambda: panel._meter.now.step == 711)
    assert not panel._loading and panel._curves.missing == 0


def test_what_is_over_is_read_once(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    finder, read = Finder(), list[Path]()

    def interrupted(folder: Path) -> RunInfo | None:
        read.append(folder)
        info = read_run(folder)
        return info and msgspec.structs.replace(info, result=RunResult("interrupted"))

    monkeypatch.setattr("app.engine.followed_trainer.read_run", interrupted)
    for _ in range(3):
        assert finder.find(elsewhere.folder.parent, frozenset()) is None
    assert read == [elsewhere.folder]
    assert finder.find(elsewhere.folder.parent / "none", frozenset()) is None
