"""One training run as the window sees it, from start to end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from PySide6.QtCore import QObject, Signal

from app.engine.run_state import RunState
from resources.text import Text, tr
from resources.training.settings.epochs import SETTING as EPOCHS
from runtime.events import EpochStarted, RunEnded, RunFailed, TrainingEvent
from runtime.messages.training import Pause, Resume, SetLearningRate, Stop
from runtime.spec import RunSpec

RunPhase = Literal["starting", "running", "paused", "stopping", "ended"]


@dataclass(frozen=True, slots=True)
class RunEnding:
    """How a run ended. `status` is that of RunEnded, or "failed" (Keras said why), or "died" (the process is gone)."""

    status: Literal["completed", "stopped", "early_stopped", "failed", "died"]
    text: Text
    detail: str = ""
    event: RunEnded | None = None

    @property
    def good(self) -> bool:
        return self.event is not None


@dataclass(frozen=True, slots=True)
class RunOwner:
    """The project that a run belongs to: its file, or the folder of runs of one that has no file."""

    name: str
    path: Path | None = None
    untitled: str = ""

    def is_same_project(self, other: RunOwner) -> bool:
        return self.path == other.path and (self.path is not None or self.untitled == other.untitled)


class TrainerBackend(Protocol):
    """A trainer process without Qt. It holds the TrainerReports, and never the controller that holds it."""

    def start(self) -> None: ...

    def send(self, message: Pause | Resume | Stop | SetLearningRate) -> None: ...

    def detach(self) -> None:
        """Let go of the process, which trains on. Waits until it knows, on any thread."""
        ...

    def kill(self) -> None: ...


class TrainerReports(QObject):
    """What a trainer reports, on whatever thread, brought to the one of the window. Who listens may go at any time."""

    event_reported = Signal(object)  # TrainingEvent
    console_reported = Signal(str)
    exit_reported = Signal(object, str)  # Text, last output
    refusal_reported = Signal(str)

    def report_event(self, event: TrainingEvent) -> None:
        self.event_reported.emit(event)

    def report_console(self, text: str) -> None:
        self.console_reported.emit(text)

    def report_exit(self, text: Text, last_output: str) -> None:
        """The process is gone, for the reason `text`."""
        self.exit_reported.emit(text, last_output)

    def report_refusal(self, reason: str) -> None:
        """Say that what was asked last could not be passed on."""
        self.refusal_reported.emit(reason)


class RunController(QObject):
    """Steers one trainer and forwards what it says; all signals come on the GUI thread.

    After `ended` nothing more is emitted. It knows how the run stands and keeps no events: who comes later reads them
    in the run folder. `owner` is the project it belongs to, whatever project the window shows.
    """

    event_reported = Signal(object)  # TrainingEvent, when this knows it
    console = Signal(str)
    ended = Signal(object)  # RunEnding
    phase_changed = Signal(str)  # RunPhase
    epoch_changed = Signal(int)  # counted from 1
    trouble = Signal(str)  # a sentence about something that was asked in vain

    def __init__(
        self, spec: RunSpec, folder: Path, parent: QObject | None = None, state: RunState | None = None
    ) -> None:
        """`state` is how the run stands by now, if it was started elsewhere or before."""
        super().__init__(parent)
        self.spec = spec
        self.folder = folder
        self.owner = RunOwner(spec.name)
        self._state = state or RunState()
        self.phase: RunPhase = self._state.phase
        self._pause_asked = self._detached = False
        self.console_text = ""
        self.ending: RunEnding | None = None
        self._backend: TrainerBackend | None = None
        self.reports = TrainerReports()
        self.reports.event_reported.connect(self._on_event)
        self.reports.console_reported.connect(self._on_printed)
        self.reports.exit_reported.connect(self._on_exited)
        self.reports.refusal_reported.connect(self._on_refused)

    @property
    def epoch(self) -> int:
        """Counted from 1; 0 before the first."""
        return self._state.epoch

    @property
    def heard(self) -> bool:
        """Whether the trainer has reported anything yet."""
        return self._state.heard

    @property
    def epochs(self) -> int:
        """How many it was asked for."""
        return self.spec.training[EPOCHS]

    @property
    def active(self) -> bool:
        return self.phase != "ended"

    @property
    def paused(self) -> bool:
        """Whether it waits, or is about to."""
        return self.phase == "paused" or (self._pause_asked and self.phase == "running")

    def start(self, backend: TrainerBackend) -> None:
        self._backend = backend
        backend.start()

    def pause(self) -> None:
        if self.phase == "running":
            self._pause_asked = True
            self._send(Pause())

    def resume(self) -> None:
        if self.paused:
            self._pause_asked = False
            self._send(Resume())

    def stop(self) -> None:
        """End after the current batch, with the model saved. A second call does nothing."""
        if self.active and self.phase != "stopping":
            self._send(Stop())
            self._enter("stopping")

    def kill(self) -> None:
        """End the process now; the model of the last checkpoint stays."""
        if self._backend is not None and self.active:
            self._backend.kill()

    def detach(self) -> None:
        """Leave the trainer alone: it trains on without this window."""
        if self._backend is not None and self.active and not self._detached:
            self._detached = True
            self._backend.detach()

    def set_learning_rate(self, value: float) -> None:
        """Used from the next batch on."""
        if self.active:
            self._send(SetLearningRate(value))

    def _on_refused(self, reason: str) -> None:
        self._pause_asked = False
        if self.phase == "stopping":
            self._enter("running")  # it can be asked again
        self.trouble.emit(tr("The trainer could not be asked: {reason}", reason=reason))

    def _send(self, message: Pause | Resume | Stop | SetLearningRate) -> None:
        if self._backend is not None:
            self._backend.send(message)

    def _on_event(self, event: TrainingEvent) -> None:
        if not self.active:
            return
        before = self._state.phase
        self._state.apply(event)
        if isinstance(event, EpochStarted):
            self.epoch_changed.emit(self.epoch)
        self.event_reported.emit(event)
        if self._state.end is not None:
            self._end_with(self._state.end)
        elif self._state.phase != before and self.phase != "stopping":
            self._enter(self._state.phase)

    def _end_with(self, event: RunFailed | RunEnded) -> None:
        if isinstance(event, RunFailed):
            self._finish(RunEnding("failed", event.error, event.detail))
        else:
            self._finish(RunEnding(event.status, ending_text(event), "", event))

    def _on_printed(self, text: str) -> None:
        self.console_text = (self.console_text + text)[-200_000:]
        self.console.emit(text)

    def _on_exited(self, text: Text, last_output: str) -> None:
        if self.active:
            self._finish(RunEnding("died", text, last_output or self.console_text[-4000:]))

    def _enter(self, phase: RunPhase) -> None:
        if phase != self.phase:
            self.phase = phase
            self.phase_changed.emit(phase)

    def _finish(self, ending: RunEnding) -> None:
        self.ending = ending
        self._enter("ended")
        self.ended.emit(ending)


def ending_text(event: RunEnded) -> Text:
    """Return how a run ended, in a sentence."""
    if event.epoch == 0 and event.status == "stopped":  # of large data an epoch takes hours
        return Text("Training stopped within the first epoch.")
    if event.epoch == 1:
        return _AFTER_ONE[event.status]
    if event.status == "completed":
        return Text("Training finished after {count} epochs.", {"count": event.epoch})
    if event.status == "early_stopped":
        return Text("Training stopped early after {count} epochs.", {"count": event.epoch})
    return Text("Training stopped after {count} epochs.", {"count": event.epoch})


_AFTER_ONE = {
    "completed": Text("Training finished after 1 epoch."),
    "early_stopped": Text("Training stopped early after 1 epoch."),
    "stopped": Text("Training stopped after 1 epoch."),
}
