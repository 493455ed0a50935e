"""What other projects train meanwhile: a button of the status bar that names them, and steers them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.engine.run_controller import RunController
from app.project.session import Session
from graph_editor.words.literal import on_button
from graph_editor.words.spoken import set_spoken_description, set_spoken_name
from resources.plain import shown_name
from resources.text import tr

_DELAY_MS = 100  # small data has many epochs a second
_LONGEST_NAME = 28


class OtherRunsButton(QPushButton):
    """Hidden while only the open project trains. `show_requested` carries the run whose project is wanted."""

    show_requested = Signal(object)  # RunController

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("other_runs")
        self._choices = QMenu(self)
        self._choices.setObjectName("other_runs_menu")
        self._choices.setAccessibleName(tr("Runs of other projects"))
        self._choices.aboutToShow.connect(self._fill)
        self.setMenu(self._choices)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self.refresh)
        session.runs.changed.connect(self.refresh)
        session.runs.progressed.connect(self._on_progressed)
        session.training.shown.connect(self._on_run_shown)
        session.title_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        runs = self._session.runs.others(self._session.owner)
        self.setVisible(bool(runs))
        if not runs:
            return
        text = run_line(runs[0]) if len(runs) == 1 else tr("{count} other projects train", count=len(runs))
        self.setText(on_button(text))
        set_spoken_name(self, text)
        set_spoken_description(self, "\n".join(run_line(run) for run in runs))

    def _on_progressed(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _on_run_shown(self, _run: object) -> None:
        self.refresh()

    def _fill(self) -> None:
        self._choices.clear()
        for number, run in enumerate(self._session.runs.others(self._session.owner)):
            if number:
                self._choices.addSeparator()
            title = self._choices.addAction(on_button(run_line(run)))
            title.setEnabled(False)
            self._add("show", tr("Show"), partial(self.show_requested.emit, run))
            if run.paused:
                self._add("resume", tr("Resume"), run.resume)
            else:
                self._add("pause", tr("Pause"), run.pause, run.phase == "running")
            self._add("stop", tr("Stop"), run.stop, run.phase != "stopping")

    def _add(self, name: str, text: str, act: Callable[[], object], enabled: bool = True) -> None:
        action = self._choices.addAction(text)
        action.setObjectName(f"other_runs.{name}")
        action.setEnabled(enabled)
        action.triggered.connect(lambda _checked=False: act())


def run_line(run: RunController) -> str:
    """Return whose run it is and what it does: "digits trains: epoch 3 of 20"."""
    name = shown_name(run.owner.name, _LONGEST_NAME)
    if run.paused:
        return tr("{name} is paused: epoch {epoch} of {epochs}", name=name, epoch=run.epoch, epochs=run.epochs)
    if run.phase == "stopping":
        return tr("{name} stops after this batch", name=name)
    if run.phase == "starting" or not run.epoch:
        return tr("{name} starts to train", name=name)
    return tr("{name} trains: epoch {epoch} of {epochs}", name=name, epoch=run.epoch, epochs=run.epochs)
