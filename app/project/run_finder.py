"""A run of the open project that is found going on is taken over: after a crash, or when another program started it."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.engine.followed_trainer import Finder, FollowedTrainer, OngoingRun
from app.engine.run_controller import RunController
from app.project.session import Session
from graph_editor.background.background import Background
from graph_editor.background.task import Task
from resources.text import tr

LOOK_MS = 2000
_log = logging.getLogger(__name__)


class RunFinder(QObject):
    """Looks when a project is opened and every two seconds, as long as the project has no active run here.

    It starts with `start`, and ends with `stop`.
    """

    def __init__(self, session: Session, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._background = background
        self._finder = Finder()
        self._looking = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        session.document_replaced.connect(self._on_document_replaced)

    def start(self) -> None:
        self._timer.start()
        self.look()

    def stop(self) -> None:
        self._timer.stop()

    def look(self) -> None:
        """Look now, in the background."""
        session = self._session
        if self._looking or (session.training.run is not None and session.training.run.active):
            return
        self._looking = True
        folder, known = session.project_runs.folder, frozenset(run.folder for run in session.runs.known)
        find = self._finder.find
        self._background.run(self, lambda: find(folder, known), partial(self._on_looked, folder))

    def _on_document_replaced(self) -> None:
        if self._timer.isActive():
            self.look()

    def _on_looked(self, folder: Path, task: Task[OngoingRun | None]) -> None:
        self._looking = False
        if task.error is not None:
            _log.warning("Runs that go on could not be looked for: %s", task.error)
        elif self._session.project_runs.folder != folder:
            self.look()  # another project was opened meanwhile
        elif (ongoing := task.result()) is not None:
            self._take_over(ongoing)

    def _take_over(self, ongoing: OngoingRun) -> None:
        session, own = self._session, self._session.training.run
        if (own is not None and own.active) or session.runs.at(ongoing.info.folder) is not None:
            return
        if ongoing.state.end is not None:
            return  # it has ended while it was read
        run = RunController(ongoing.info.spec, ongoing.info.folder, session, ongoing.state)
        run.start(FollowedTrainer(run.reports, ongoing))
        session.training.follow(run, started=False)
        session.notify(tr("Run {number} of this project is going on; Train shows it.", number=ongoing.info.number))
