"""The open project's run: started here, or found going on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QObject, Signal

from app.engine.active_runs import ActiveRuns
from app.engine.run_controller import RunController, RunOwner
from app.project.navigation import Navigation
from resources.plain import listed
from resources.text import Text, tr

Notify = Callable[[str, Literal["info", "ok", "error"], str], None]


class TrainingRefusedError(Exception):
    """Training cannot start. `call` is the box to look at, `workspace` the place where it is mended."""

    def __init__(self, text: Text, call: str | None = None, workspace: str = "train") -> None:
        super().__init__(text.english())
        self.text = text
        self.call = call
        self.workspace = workspace


class ProjectTraining(QObject):
    """`owner` is by what the open project's runs are known, `left_out` what a run is told that it does without."""

    started = Signal(object)  # RunController: one was started here
    shown = Signal(object)  # RunController | None: `run` is another one
    ended = Signal(object)  # RunController: that of the open project

    def __init__(
        self,
        runs: ActiveRuns,
        navigation: Navigation,
        start_run: Callable[[], RunController],
        owner: Callable[[], RunOwner],
        left_out: Callable[[], str],
        notify: Notify,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.run: RunController | None = None  # the open project's latest run of this window, ended or not
        self._runs, self._navigation, self._start_run = runs, navigation, start_run
        self._owner, self._left_out, self._notify = owner, left_out, notify
        runs.ended.connect(self._on_run_ended)

    def start(self) -> RunController | None:
        """Start a run of the project as it is; None, with a notice and the place shown, if something is in the way."""
        if self.run is not None and self.run.active:
            self._navigation.show_workspace("train")
            return None
        try:
            run = self._start_run()
        except TrainingRefusedError as refusal:
            self._explain(refusal)
            return None
        self.follow(run)
        self._tell_about(run)
        return run

    def follow(self, run: RunController, started: bool = True) -> None:
        """Make `run` the open project's run. `started`: just now and here; else it was found going on."""
        self._runs.add(run, self._owner())
        run.trouble.connect(self._on_run_trouble)
        self._show(run)
        if started:
            self.started.emit(run)

    def show_own(self) -> None:
        """Show the run of the project that is open now."""
        self._show(self._runs.of(self._owner()))

    def _show(self, run: RunController | None) -> None:
        self.run = run
        self._runs.forget_ended(run)
        self.shown.emit(run)

    def _tell_about(self, run: RunController) -> None:
        """Tell a person what there is to know of a run that was just started."""
        others = [other.owner.name for other in self._runs.others(run.owner) if not other.paused]
        if left_out := self._left_out():
            self._notify(left_out, "info", "")
        if others:
            names = listed(others)
            text = tr("{names} trains at the same time: both take longer while they share the machine.", names=names)
            self._notify(text, "info", "")

    def _on_run_trouble(self, text: str) -> None:
        self._notify(text, "error", "")

    def _on_run_ended(self, run: RunController) -> None:
        if run is self.run:
            self.ended.emit(run)
        elif run.ending is not None:
            text = f"{run.owner.name}: {run.ending.text}"
            self._notify(text, "ok" if run.ending.good else "error", run.ending.detail)
            self._runs.forget_ended(self.run)

    def _explain(self, refusal: TrainingRefusedError) -> None:
        self._notify(str(refusal.text), "error", "")
        if refusal.call is not None:
            self._navigation.reveal(refusal.call)
        else:
            self._navigation.show_workspace(refusal.workspace)
