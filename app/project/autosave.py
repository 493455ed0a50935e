"""Copies of unsaved work in the user's state folder, for the day the program or the machine dies."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.project.session import Session
from app.project.unsaved_copies import Copy, CopyWriter, forget_old, keep
from graph_editor.background.background import Background
from graph_editor.background.task import Task
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import dumps
from resources.os_reasons import os_reason
from resources.text import tr

QUIET_MS = 800  # after the last edit
LONGEST_MS = 2_000  # while editing goes on
AGAIN_MS = 15_000  # after a failure
_log = logging.getLogger(__name__)


class Autosave(QObject):
    """Keeps a copy of what is not saved on the disk, at most 3 s old, and takes it away once the work is safe.

    All files are written and deleted by one thread, in the order in which that was asked for.
    """

    def __init__(self, session: Session, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._folder = folder
        self._queue = Background(self, threads=1)
        self._writer = CopyWriter(folder)
        self._adopted: tuple[Path, ...] = ()  # copies of an earlier program that were restored into this session
        self._writing = False
        self._due = False  # something is newer than the copy that was last asked for
        self._copied = False  # there may be a copy of this session
        self._failed = False
        self._quiet, self._longest = (QTimer(self) for _ in range(2))
        for timer, interval in ((self._quiet, QUIET_MS), (self._longest, LONGEST_MS)):
            timer.setSingleShot(True)
            timer.setInterval(interval)
            timer.timeout.connect(self.save_now)
        session.history_changed.connect(self._on_history_changed)
        session.document_replaced.connect(self.discard)

    @property
    def path(self) -> Path:
        """The newest copy, when there is one."""
        return self._writer.newest

    def start(self) -> None:
        """Look after what has lain aside for long; copies are written from the beginning."""
        self._queue.run(self, lambda: forget_old(self._folder), self._on_cleared)

    def adopt(self, files: Sequence[Path]) -> None:
        """The session has what is in these copies; they go once it has a copy of its own, or was saved."""
        self._adopted += tuple(files)
        self._wait()

    def save_now(self) -> None:
        """Write a copy, off the GUI thread, if there is something new to keep."""
        self._quiet.stop()
        self._longest.stop()
        if not self._session.changed or not self._due:
            return
        if self._writing:
            return  # what is newer follows when that is done
        self._due, self._writing, self._copied = False, True, True
        write = self._capture()
        self._queue.run(self, write, self._on_written)

    def discard(self) -> None:
        """The work is safe elsewhere, or given up on purpose. What was restored is kept aside for a while."""
        self._due = False
        self._quiet.stop()
        self._longest.stop()
        if self._copied or self._adopted:
            adopted, self._adopted, self._copied = self._adopted, (), False
            self._queue.run(self, lambda: self._clear(adopted), self._on_cleared)

    def end(self) -> None:
        """The program ends in good order: no copy is needed. Waits for what is still to be done."""
        self.discard()
        self._queue.finish()

    def _capture(self) -> Callable[[], None]:
        """A job that writes the project as it is at this moment: content, name and place belong together."""
        session = self._session
        document, project, name = session.document.snapshot(), str(session.path or ""), session.name
        runs, adopted = session.project_runs.untitled_name, self._adopted
        return lambda: self._write(document, project, name, runs, adopted)

    def _write(self, document: Document, project: str, name: str, runs: str, adopted: tuple[Path, ...]) -> None:
        content = dumps(document).decode("utf-8")
        self._writer.write(Copy(project, name, time.time(), os.getpid(), 0.0, content, runs))
        for path in adopted:
            path.unlink(missing_ok=True)

    def _clear(self, adopted: tuple[Path, ...]) -> None:
        self._writer.clear()
        keep(adopted)

    def _on_written(self, task: Task[None]) -> None:
        self._writing = False
        if task.error is None:
            self._failed = False
            if self._due:
                self._wait()
            return
        self._due = True
        _log.warning("The automatic copy failed: %s", task.error)
        if not self._failed and isinstance(task.error, OSError):
            self._failed = True
            reason = os_reason(task.error)
            text = tr("No copy of your changes could be kept in {folder}: {reason}. Save the project soon.",
                      folder=str(self._folder), reason=reason)  # fmt: skip
            self._session.notify(text, "error")
        self._quiet.start(AGAIN_MS)

    def _on_cleared(self, task: Task[None]) -> None:
        if task.error is not None:
            _log.warning("Automatic copies could not be taken away: %s", task.error)

    def _on_history_changed(self) -> None:
        if self._session.changed:
            self._wait()
        else:
            self.discard()

    def _wait(self) -> None:
        self._due = True
        self._quiet.start(QUIET_MS)
        if not self._longest.isActive():
            self._longest.start()
