"""The runs folder of the open project, and the runs of an untitled one on their way to the file that it got."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.engine.run_controller import RunController
from app.project import runs_home
from app.system.waiting import wait_for
from resources.os_reasons import os_reason
from resources.text import tr

POLL_MS = 1000


class ProjectRuns(QObject):
    """`known_runs` gives the runs that the window steers.

    Runs move beside the project's file when none of them is being written; until then they are shown where they lie.
    """

    moved = Signal()  # the runs lie elsewhere now
    failed = Signal(str)  # a sentence about runs that could not come along

    def __init__(self, known_runs: Callable[[], Iterable[RunController]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known_runs = known_runs
        self._path: Path | None = None
        self._untitled = runs_home.untitled()
        self._elsewhere: list[Path] = []  # folders whose runs belong beside `_path`
        self._moving = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._bring)

    @property
    def folder(self) -> Path:
        """Where the project's runs are read and new ones are stored."""
        if self._path is None:
            return self._untitled
        return self._elsewhere[-1] if self._elsewhere else runs_home.beside(self._path)

    @property
    def untitled_name(self) -> str:
        """By which a recovered copy of a project without a file finds its runs; empty when it has a file."""
        return self._untitled.name if self._path is None else ""

    def open(self, path: Path | None, untitled_name: str = "") -> None:
        """Another project is shown. Runs of its own that lie elsewhere follow when the window stands."""
        self._path = path
        self._untitled = runs_home.untitled(untitled_name)
        self._await(runs_home.claimed(path) if path is not None else [], 0)

    def saved(self, path: Path) -> None:
        """The project is in the file `path` now: with the first save its runs come along."""
        before, was = self._path, self.folder
        if before == path:
            return
        self._path = path
        if before is not None:
            self._await(runs_home.claimed(path), 0)
            return
        if was.is_dir():
            try:
                runs_home.claim(was, path)
            except OSError as error:
                self._say(error, was)
        self._await([*runs_home.claimed(path), *([was] if was.is_dir() else [])], POLL_MS)
        self._bring()

    def close(self) -> None:
        """The window goes: what has not come along by now does when the project is opened again."""
        self._timer.stop()

    def _await(self, folders: list[Path], soon: int) -> None:
        self._elsewhere = list(dict.fromkeys(folders))
        if self._elsewhere:
            self._timer.start(soon)
        else:
            self._timer.stop()

    def _bring(self) -> None:
        """Move what is not being written; what fails is tried again when the project is opened again."""
        if self._moving or self._path is None:
            return
        self._timer.setInterval(POLL_MS)
        self._moving = True
        try:
            for folder in list(self._elsewhere):
                if not any(self._is_written(run) for run in runs_home.run_folders(folder)):
                    self._move(folder, self._path)
        finally:
            self._moving = False
        if not self._elsewhere:
            self._timer.stop()

    def _is_written(self, run: Path) -> bool:
        for session_run in self._known_runs():
            if session_run.folder == run and (
                session_run.active or (session_run.ending is not None and not session_run.ending.good)
            ):
                return session_run.active  # one that has died may have left nothing that says so
        return runs_home.is_written(run)

    def _move(self, folder: Path, path: Path) -> None:
        result = wait_for(lambda: runs_home.move(folder, runs_home.beside(path)))
        for known in self._known_runs():
            known.folder = result.folders.get(known.folder, known.folder)
        if result.error is not None:
            self._say(result.error, folder)
            self._timer.stop()
        elif folder in self._elsewhere:
            self._elsewhere.remove(folder)
        self.moved.emit()

    def _say(self, error: OSError, folder: Path) -> None:
        reason = os_reason(error)
        text = tr(
            "The runs could not be moved to the project ({reason}). They lie in {folder}.",
            reason=reason,
            folder=str(folder),
        )
        self.failed.emit(text)
