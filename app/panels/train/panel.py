"""The Train workspace: settings at the left, progress above, plots that move while a model trains."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.engine.run_controller import RunController, RunEnding
from app.look.theme_source import ThemeSource
from app.panels.plots.run_curves import RunCurves
from app.panels.run_parts.export_run import RunExporter
from app.panels.run_parts.past_run import PastRun, earlier_runs, last_run, read_events_into, run_title
from app.panels.run_parts.progress import ProgressMeter
from app.panels.run_parts.run_facts import optimizer_rate
from app.panels.train.run_bar import RunBar
from app.panels.train.run_view import RunView
from app.panels.train.settings_side import SettingsSide
from app.project.choosers import Chooser
from app.project.session import Session
from graph_editor.background.background import Background, Latest
from graph_editor.background.task import Task
from resources.text import tr
from runtime import events

PLOTS_AHEAD_MS = 400  # by then the window stands, and nobody has pressed Train yet


class TrainPanel(QWidget):
    """Follows `session.training.run`, also one that was started before this panel was made.

    Until a run is started, it shows how the project was trained the last time.
    """

    def __init__(
        self,
        session: Session,
        look: ThemeSource,
        chooser: Chooser,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("train_panel")
        self._session = session
        self._run: RunController | None = None
        self._past: PastRun | None = None  # shown while there is no run of this window
        self._curves = RunCurves("")
        self._earlier: list[RunCurves] = []
        self._meter = ProgressMeter()
        self._background = background
        self._reading, self._looking_back, self._asking = (Latest(background, self) for _ in range(3))
        self._exporter = RunExporter(session, chooser, self)
        self.bar = RunBar(look)
        self.side = SettingsSide(session, chooser, background)
        self.view = RunView(session, look)
        self._plots_loaded = self._loading = False
        self._meanwhile: list[events.TrainingEvent] = []  # reported while what came before is read
        self._ahead = QTimer(self)
        self._ahead.setSingleShot(True)
        self._ahead.setInterval(PLOTS_AHEAD_MS)
        self._ahead.timeout.connect(self._on_time_for_plots)
        self._lay_out()
        self._connect()
        if session.training.run is not None:
            self._attach(session.training.run)

    @property
    def run(self) -> RunController | None:
        """The run that is shown."""
        return self._run

    def train(self) -> None:
        """Start a run; while one is active this does nothing."""
        if self._session.training.run is None or not self._session.training.run.active:
            self._session.training.start()

    def _lay_out(self) -> None:
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.bar)
        rows.addLayout(body, 1)
        body.addWidget(self.side)
        body.addWidget(self.view, 1)

    def _connect(self) -> None:
        self.bar.train_requested.connect(self.train)
        self.bar.pause_requested.connect(lambda: self._run.pause() if self._run else None)
        self.bar.resume_requested.connect(lambda: self._run.resume() if self._run else None)
        self.bar.stop_requested.connect(lambda: self._run.stop() if self._run else None)
        self.side.rate_changed.connect(self._on_rate_changed)
        self.view.again_requested.connect(self.train)
        self.view.runs_requested.connect(lambda: self._session.navigation.show_workspace("runs"))
        self.view.evaluate_requested.connect(self._on_evaluate_requested)
        self.view.export_requested.connect(self._on_export_requested)
        self._session.training.shown.connect(self._on_run_shown)
        self._session.document_replaced.connect(self.side.refresh)
        self._session.project_runs.moved.connect(self._on_runs_moved)

    def _on_time_for_plots(self) -> None:
        self._background.run(self, _load_plots)

    # following a run

    def _attach(self, run: RunController) -> None:
        self._detach()
        self._run, self._past = run, None
        self._meter = ProgressMeter()
        self._curves = self._new_curves(run)
        self._earlier = []
        run.event_reported.connect(self._on_event)
        run.phase_changed.connect(self._on_phase_changed)
        run.ended.connect(self._on_ended)
        self._meanwhile = []
        if run.heard:
            self._read_events(run)
        self._show_run()
        if not run.heard:
            self.view.show_begin()
        self._on_phase_changed(run.phase)
        if run.ending is not None:
            self._on_ended(run.ending)
        self._look_back(run.folder)

    def _new_curves(self, run: RunController) -> RunCurves:
        return RunCurves(run_title(run.folder), optimizer_rate(run.spec.training.optimizer, self._session.catalog))

    def _read_events(self, run: RunController) -> None:
        """Read from its folder what the run has reported before it was shown; what it reports meanwhile waits."""
        folder, curves, meter = run.folder, self._new_curves(run), ProgressMeter()
        self._loading = True
        self._reading.run(
            lambda: read_events_into(folder, curves, meter), lambda task: self._on_events_read(run, curves, meter, task)
        )

    def _on_events_read(
        self, run: RunController, curves: RunCurves, meter: ProgressMeter, task: Task[events.RunEnded | None]
    ) -> None:
        if self._run is not run:
            return
        self._loading = False
        if task.error is not None:
            self._session.notify(tr("The curves cannot be read: {reason}", reason=str(task.error)), "error")
        else:
            self._curves, self._meter = curves, meter
        for event in self._meanwhile:
            self._take(event)
        self._meanwhile = []
        if self._curves.epoch or self._curves.rate_changes:
            self._show_live_rate(self._curves.rate)
        self._show_run()
        self._on_phase_changed(run.phase)
        if run.ending is not None:
            self._on_ended(run.ending)

    def _detach(self) -> None:
        self._loading = False
        if self._run is not None:
            self._run.event_reported.disconnect(self._on_event)
            self._run.phase_changed.disconnect(self._on_phase_changed)
            self._run.ended.disconnect(self._on_ended)
            self._run = None

    def _show_run(self) -> None:
        outputs = self._run.spec.output_titles() if self._run else {}
        self.view.show_run(self._curves, self._earlier, outputs)
        self._show_stage()

    def _show_stage(self) -> None:
        """Before the first step there is no curve: say what goes on instead."""
        run = self._run
        if run is None or not run.active or self._loading or self._curves.has_values:
            self.view.show_stage(None)
        else:
            self.view.show_stage("trainer" if self._meter.started is None else "first_step")

    def _take(self, event: events.TrainingEvent) -> None:
        if self._curves.apply(event):
            self._meter.apply(event)

    def _on_event(self, event: events.TrainingEvent) -> None:
        if self._loading:
            self._meanwhile.append(event)
            return
        waited = not self._curves.has_values
        self._take(event)
        if waited:
            self._show_stage()
        self.bar.show_progress(self._meter.now)
        match event:
            case events.EpochEnded():
                self._show_live_rate(event.learning_rate)
            case events.LearningRateChanged():
                self._show_live_rate(event.value)
            case events.CallbackNote():
                self.view.say(str(event.text))
            case _:
                pass

    def _show_live_rate(self, rate: float | None) -> None:
        if rate is not None:
            self.side.optimizer.show_live_rate(rate)

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
            self.view.show_stage(None)
            self.view.show_ending(self._run, ending)

    def _look_back(self, folder: Path) -> None:
        """Read the runs before the one in `folder`."""
        catalog = self._session.catalog
        self._looking_back.run(lambda: earlier_runs(folder, catalog), self._on_earlier_read)

    def _on_earlier_read(self, task: Task[list[RunCurves]]) -> None:
        spec = self._run.spec if self._run else self._past.info.spec if self._past else None
        if task.error is None and task.result() and spec is not None:
            self._earlier = task.result()
            self.view.board.follow(self._curves, self._earlier, spec.output_titles())

    def _on_rate_changed(self, value: float) -> None:
        if self._run is not None:
            self._run.set_learning_rate(value)

    def _on_evaluate_requested(self) -> None:
        folder = self._run.folder if self._run is not None else self._past.info.folder if self._past else None
        if folder is not None:
            self._session.evaluations.choose_folder(folder)
            self._session.navigation.show_workspace("evaluate")

    def _on_export_requested(self, best: bool) -> None:
        if self._run is not None:
            self._exporter.export("keras", self._run.spec, self._run.folder, best)
        elif self._past is not None:
            self._exporter.export("keras", self._past.info.spec, self._past.info.folder, best)

    def _on_run_shown(self, run: RunController | None) -> None:
        if run is not None:
            self._attach(run)
            return
        self._show_nothing()
        if self.isVisible():
            self._ask_past()

    def _on_runs_moved(self) -> None:
        if self._run is not None and self._loading:
            self._read_events(self._run)
        if self._past is not None:
            self._ask_past()

    def _show_nothing(self) -> None:
        self._detach()
        self._past = None
        self._earlier = []
        self._curves = RunCurves("")
        self._meter = ProgressMeter()
        self.bar.show_progress(self._meter.now)
        self.bar.show_phase(None)
        self.side.set_live(False)
        self.view.show_start()

    # the last run of an earlier day

    def _ask_past(self) -> None:
        runs, catalog = self._session.project_runs.folder, self._session.catalog
        self._asking.run(lambda: last_run(runs, catalog), lambda task: self._on_past_read(runs, task))

    def _on_past_read(self, runs: Path, task: Task[PastRun | None]) -> None:
        if self._run is not None or runs != self._session.project_runs.folder:
            return
        if task.error is not None:
            self._session.notify(tr("The runs cannot be read: {reason}", reason=str(task.error)), "error")
        elif (past := task.result()) is not None:
            self._past, self._curves, self._meter = past, past.curves, past.meter
            self.bar.show_progress(self._meter.now)
            self.bar.show_phase("ended")
            self.view.show_run(self._curves, (), past.info.spec.output_titles())
            self.view.show_past(past)
            self._look_back(past.info.folder)
        elif self._past is not None:
            self._show_nothing()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._run is None and (self._past is None or not self._past.info.folder.is_dir()):
            self._ask_past()
        if not self._plots_loaded:
            self._plots_loaded = True
            self._ahead.start()


def _load_plots() -> None:
    """For a thread: the import takes a quarter of a second, and Train need not wait for it."""
    import app.panels.plots.card  # noqa: F401
