"""The right side of Train: what will happen before the first run, then its plots and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.engine.run_controller import RunController, RunEnding, ending_text
from app.look.theme_source import ThemeSource
from app.panels.plots.board import PlotBoard
from app.panels.plots.formats import value_text
from app.panels.plots.run_curves import RunCurves
from app.panels.run_parts.past_run import PastRun
from app.panels.run_parts.run_facts import STATUS_TEXTS, best_monitor, best_names, started_text
from app.panels.train.start_card import StartCard
from app.panels.train.starting_card import Stage, StartingCard
from app.panels.widgets.banner import Action, Banner
from app.panels.widgets.illustration import Illustration
from app.project.session import Session
from resources.text import tr
from runtime.spec import RunSpec
from runtime.store import BEST_FILE


class RunView(QWidget):
    """`show_run` follows a run; `show_ending` says how it ended, with what can be done next."""

    again_requested = Signal()
    export_requested = Signal(bool)  # whether with the weights of the best epoch instead of the last
    runs_requested = Signal()
    evaluate_requested = Signal()

    def __init__(self, session: Session, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("train_view")
        self.start = StartCard(session)
        self.starting = StartingCard(look)
        self.board = PlotBoard(look)
        self.banner = Banner("train_ending", narrow=True)
        self.illustration = Illustration("run", look)
        self.banner.use_illustration(self.illustration)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start)
        self._stack.addWidget(self.starting)
        self._stack.addWidget(self.board)
        self._banner_holder = QWidget()
        holder = QVBoxLayout(self._banner_holder)
        holder.setContentsMargins(14, 14, 14, 0)
        holder.addWidget(self.banner)
        self._banner_holder.hide()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._banner_holder)
        rows.addWidget(self._stack, 1)

    def show_start(self) -> None:
        """No run of this project is shown."""
        self._banner_holder.hide()
        self.start.refresh()
        self._stack.setCurrentWidget(self.start)

    def show_run(self, curves: RunCurves, earlier: Sequence[RunCurves], outputs: Mapping[str, str]) -> None:
        self._banner_holder.hide()
        self.board.follow(curves, earlier, outputs)
        self._stack.setCurrentWidget(self.board)

    def say(self, text: str) -> None:
        """A sentence about the run while it goes on."""
        self.banner.say(text)
        self._banner_holder.show()

    def show_begin(self) -> None:
        """A run was started just now: until its first word, a trainer loads Keras."""
        self.starting.begin()
        self.show_stage("trainer")

    def show_stage(self, stage: Stage | None) -> None:
        """Say what goes on while there is no curve yet; None: there is one, or the run is over."""
        if stage is not None:
            self.starting.show_stage(stage)
        self._stack.setCurrentWidget(self.board if stage is None else self.starting)

    def show_ending(self, run: RunController, ending: RunEnding) -> None:
        if ending.good:
            best = ending.event.best if ending.event else {}
            text = str(ending.text) + (f" {best_text(best)}" if best else "")
            self.banner.say(text, "ok", actions=self._model_actions(run.spec, run.folder))
        else:
            detail = "\n".join(part for part in (ending.detail, run.console_text[-4000:]) if part)
            again = ("train_again", tr("Try again"), self.again_requested.emit)
            copy = ("copy_details", tr("Copy details"), lambda: _copy(f"{ending.text}\n{detail}"))
            comfort = tr("The settings and the model are as they were; what was trained until then is kept in Runs.")
            text = f"{ending.text} {comfort}"
            self.banner.say(text, "error", detail, (again, copy))
        self._banner_holder.show()

    def show_past(self, past: PastRun) -> None:
        """Show how an earlier run went, quietly, as nothing has happened just now."""
        info, ended = past.info, past.ended
        if ended is not None:
            what = str(ending_text(ended)) + (f" {best_text(ended.best)}" if ended.best else "")
        else:
            what = str(info.result.error or STATUS_TEXTS[info.status])
        text = tr("Run {number}, {time}: {what}", number=info.number, time=started_text(info.created), what=what)
        in_runs = ("show_in_runs", tr("Show in Runs"), self.runs_requested.emit)
        actions = self._model_actions(info.spec, info.folder) if info.model is not None else (in_runs,)
        self.banner.say(text, "info", actions=actions)
        self._banner_holder.show()

    def _model_actions(self, spec: RunSpec, folder: Path) -> tuple[Action, ...]:
        """The buttons for a run that has a model; where there are two, each says which it is about."""
        in_runs = ("show_in_runs", tr("Show in Runs"), self.runs_requested.emit)
        evaluate = ("evaluate_run", tr("Evaluate"), self.evaluate_requested.emit)
        if not (folder / BEST_FILE).is_file():
            return evaluate, ("export_model", tr("Export .keras…"), lambda: self.export_requested.emit(False)), in_runs
        return (
            evaluate,
            ("export_model", tr("Export last epoch…"), lambda: self.export_requested.emit(False)),
            (
                "export_best",
                tr("Export best {monitor}…", monitor=best_monitor(spec)),
                lambda: self.export_requested.emit(True),
            ),
            in_runs,
        )


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def best_text(best: dict[str, float]) -> str:
    """The values that tell most: of validation, where there was one, at most three."""
    return tr("Best: {values}.", values=", ".join(f"{name} {value_text(best[name])}" for name in best_names(best)))
