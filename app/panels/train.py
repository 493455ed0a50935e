"""The Train workspace: settings at the left, progress above, plots that move while a model trains."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.choosers import Chooser, DialogChooser
from app.panels.plots.run_curves import RunCurves
from app.panels.training.export_run import RunExporter
from app.panels.training.jobs import Jobs
from app.panels.training.progress import ProgressMeter
from app.panels.training.run_bar import RunBar
from app.panels.training.run_view import RunView
from app.panels.training.settings_side import SettingsSide
from app.run_controller import RunController, RunEnding
from app.session import Session
from app.theme import Theme
from resources.text import tr
from runtime import protocol
from runtime.events import read_events
from runtime.store import RunStore

PLOTS_AHEAD_MS = 400  # by then the window stands, and nobody has pressed Train yet


class TrainPanel(QWidget):
    """Follows `session.run`, also one that was started before this panel was made."""

    def __init__(
        self, session: Session, theme: Theme, parent: QWidget | None = None, chooser: Chooser | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("train_panel")
        self._session = session
        self._run: RunController | None = None
        self._curves = RunCurves("")
        self._earlier: list[RunCurves] = []
        self._meter = ProgressMeter()
        self._jobs = Jobs(self)
        chooser = chooser or DialogChooser()
        self._exporter = RunExporter(session, chooser, self)
        self.bar = RunBar(theme)
        self.side = SettingsSide(session, chooser)
        self.view = RunView(session, theme)
        self._plots_loaded = False
        self._lay_out()
        self._connect()
        if session.run is not None:
            self._attach(session.run)

    def set_theme(self, theme: Theme) -> None:
        self.bar.set_theme(theme)
        self.view.set_theme(theme)

    @property
    def run(self) -> RunController | None:
        """The run that is shown."""
        return self._run

    def train(self) -> None:
        """Start a run; while one is active this does nothing."""
        if self._session.run is None or not self._session.run.active:
            self._session.start_training()

    def _lay_out(self) -> None:
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.side)
        body.addWidget(self.view, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.bar)
        rows.addLayout(body, 1)

    def _connect(self) -> None:
        self.bar.train_requested.connect(self.train)
        self.bar.pause_requested.connect(lambda: self._run.pause() if self._run else None)
        self.bar.resume_requested.connect(lambda: self._run.resume() if self._run else None)
        self.bar.stop_requested.connect(lambda: self._run.stop() if self._run else None)
        self.side.rate_changed.connect(self._on_rate_changed)
        self.view.again_requested.connect(self.train)
        self.view.runs_requested.connect(lambda: self._session.show_workspace("runs"))
        self.view.export_requested.connect(self._on_export_requested)
        self._session.run_started.connect(self._attach)
        self._session.document_replaced.connect(self._on_document_replaced)

    # following a run

    def _attach(self, run: RunController) -> None:
        self._detach()
        self._run = run
        self._meter = ProgressMeter()
        self._curves = RunCurves(run_title(run.folder))
        self._earlier = []
        for event in run.events:
            self._take(event)
        run.event_received.connect(self._on_event)
        run.phase_changed.connect(self._on_phase_changed)
        run.ended.connect(self._on_ended)
        self._show_run()
        self._on_phase_changed(run.phase)
        if run.ending is not None:
            self._on_ended(run.ending)
        self._jobs.ask("earlier", lambda: earlier_runs(run.folder), self._on_earlier_read)

    def _detach(self) -> None:
        if self._run is not None:
            self._run.event_received.disconnect(self._on_event)
            self._run.phase_changed.disconnect(self._on_phase_changed)
            self._run.ended.disconnect(self._on_ended)
            self._run = None

    def _show_run(self) -> None:
        outputs = [output.name for output in self._run.spec.training.outputs] if self._run else []
        self.view.show_run(self._curves, self._earlier, outputs)

    def _take(self, event: protocol.TrainingEvent) -> None:
        self._curves.apply(event)
        self._meter.apply(event)

    def _on_event(self, event: protocol.TrainingEvent) -> None:
        self._take(event)
        self.bar.show_progress(self._meter.now)
        match event:
            case protocol.EpochEnded():
                self.side.optimizer.show_live_rate(event.learning_rate)
            case protocol.LearningRateChanged():
                self.side.optimizer.show_live_rate(event.value)
            case protocol.CallbackNote():
                self.view.say(str(event.text))
            case _:
                pass

    def _on_phase_changed(self, phase: str) -> None:
        run = self._run
        if run is None:
            return
        self.bar.show_progress(self._meter.now)
        self.bar.show_phase(run.phase)
        self.side.set_live(run.active)

    def _on_ended(self, ending: RunEnding) -> None:
        if self._run is not None:
            self.bar.refresh()
            self.view.show_ending(self._run, ending)

    def _on_earlier_read(self, found: Sequence[RunCurves] | Exception) -> None:
        if not isinstance(found, Exception) and found and self._run is not None:
            self._earlier = list(found)
            self.view.board.follow(
                self._curves, self._earlier, [output.name for output in self._run.spec.training.outputs]
            )

    def _on_rate_changed(self, value: float) -> None:
        if self._run is not None:
            self._run.set_learning_rate(value)

    def _on_export_requested(self) -> None:
        if self._run is not None:
            self._exporter.export("keras", self._run.spec, self._run.folder)

    def _on_document_replaced(self) -> None:
        if self._run is not None and not self._run.active:
            self._detach()
            self._curves = RunCurves("")
            self._meter = ProgressMeter()
            self.bar.show_progress(self._meter.now)
            self.bar.show_phase(None)
            self.view.show_start()
        self.side.refresh()

    # pyqtgraph ahead of its need

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._plots_loaded:
            self._plots_loaded = True
            QTimer.singleShot(PLOTS_AHEAD_MS, self, _load_plots)


def run_title(folder: Path) -> str:
    """ "run 12" for 0012-digits."""
    number = folder.name.split("-")[0].lstrip("0")
    return tr("run {number}", number=number or folder.name)


def earlier_runs(folder: Path) -> list[RunCurves]:
    """The curves of the run before the one in `folder` that has any."""
    store = RunStore(folder.parent)
    before = [run for run in store.runs() if run.folder.name < folder.name]
    for run in reversed(before):
        curves = RunCurves(run_title(run.folder))
        curves.apply_all(read_events(run.folder))
        if curves.metrics:
            return [curves]
    return []


def _load_plots() -> None:
    """Import the plots in a thread: they take a quarter of a second, and Train shall not wait for them."""

    def load() -> None:
        import app.panels.plots.card  # noqa: F401

    threading.Thread(target=load, name="loading plots", daemon=True).start()
