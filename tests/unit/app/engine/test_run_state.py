"""How a run stands is worked out in one place, whether its events come one by one or are read in its folder."""

from __future__ import annotations

import weakref
from pathlib import Path

from app.engine.run_controller import RunController, TrainerReports
from app.engine.run_state import RunState
from resources.text import Text
from runtime.events import (
    CallbackNote,
    EpochStarted,
    Paused,
    Resumed,
    RunEnded,
    RunFailed,
    RunStarted,
    TrainingEvent,
)
from runtime.spec import DataSpec, RunSpec, TrainingSettings

SPEC = RunSpec("digits", {}, DataSpec(()), (), TrainingSettings(epochs=3))
STARTED = RunStarted("cpu", 2, 3, 64, 16, 10, 10)
ENDED = RunEnded("completed", 3, 1.0, "model.keras", {})


def after(*events: TrainingEvent) -> RunState:
    state = RunState()
    for event in events:
        state.apply(event)
    return state


def test_a_state_is_what_the_events_say() -> None:
    assert after() == RunState(False, "starting", 0, None)
    assert after(CallbackNote(Text("The weights fit."))) == RunState(True, "starting", 0, None)
    assert after(STARTED, EpochStarted(0), EpochStarted(1)) == RunState(True, "running", 2, None)
    assert after(STARTED, Paused()).phase == "paused"
    assert after(STARTED, Paused(), Resumed()).phase == "running"
    assert after(STARTED, ENDED) == RunState(True, "ended", 0, ENDED)
    failed = RunFailed(Text("The disk is full."))
    assert after(STARTED, failed).end is failed


def test_a_controller_goes_on_from_a_state(tmp_path: Path) -> None:
    run = RunController(SPEC, tmp_path, None, after(STARTED, EpochStarted(1), Paused()))
    assert (run.phase, run.epoch, run.heard, run.active, run.paused) == ("paused", 2, True, True, True)
    phases: list[str] = []
    run.phase_changed.connect(phases.append)
    run.reports.report_event(Resumed())
    run.reports.report_event(ENDED)
    assert phases == ["running", "ended"] and run.ending is not None and run.ending.good


def test_a_controller_keeps_no_events(tmp_path: Path) -> None:
    """A run may go on for weeks, and its folder has them all."""

    class Marked:
        """An event that says when it is freed, as structs do not."""

    run, event = RunController(SPEC, tmp_path), Marked()
    run.reports.report_event(STARTED)
    gone = weakref.ref(event)
    run.reports.report_event(event)  # type: ignore[arg-type]
    del event
    assert run.heard and gone() is None


class Trainer:
    """Holds what a trainer may hold."""

    def __init__(self, reports: TrainerReports) -> None:
        self.reports = reports

    def start(self) -> None:
        self.reports.report_console("starting\n")

    def send(self, message: object) -> None:
        pass

    def detach(self) -> None:
        pass

    def kill(self) -> None:
        pass


def test_a_trainer_does_not_keep_the_controller(tmp_path: Path) -> None:
    """Else its threads may be the last that hold it, and a QObject dies where it must not."""
    run = RunController(SPEC, tmp_path)
    trainer = Trainer(run.reports)
    run.start(trainer)
    assert run.console_text == "starting\n"
    gone = weakref.ref(run)
    del run
    assert gone() is None, "without a collection: there is no circle"
    trainer.reports.report_event(STARTED)  # nobody hears it
