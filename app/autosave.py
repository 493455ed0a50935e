"""Copies of unsaved work in the user's state folder, for the day the program or the machine dies."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer

from app.background import Background, Outcome
from app.session import Session
from graph_editor.document.file_format import dumps
from resources.private_files import write_private

INTERVAL_MS = 30_000
_log = logging.getLogger(__name__)


class Copy(msgspec.Struct, frozen=True):
    """An autosaved copy. `project` is the path of the project's own file, empty when it has none."""

    project: str
    name: str
    saved: float  # seconds since 1970
    pid: int
    started: float  # start time of that process
    content: str
    runs: str = ""  # the runs folder of a project that has no file


class Autosave(QObject):
    """Writes the session's project every 30 s when it has changed, and takes the copy away once it is saved."""

    def __init__(self, session: Session, background: Background, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._background = background
        self.path = folder / f"{os.getpid()}-{int(time.time() * 1000)}.json"
        self._written = b""
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.save_now)
        session.history_changed.connect(self._on_history_changed)
        session.document_replaced.connect(self.discard)

    def start(self) -> None:
        self._timer.start()

    def save_now(self) -> None:
        """Write a copy, off the GUI thread, if there is something new to keep."""
        if not self._session.changed:
            return
        content = dumps(self._session.document)
        if content != self._written:
            self._written = content
            self._background.run(lambda: self._write(content), self._on_written)

    def discard(self) -> None:
        """The work is safe elsewhere, or given up on purpose."""
        self._written = b""
        self._background.run(lambda: self.path.unlink(missing_ok=True), self._on_written)

    def end(self) -> None:
        """The program ends in good order, after the background's work: the copy is not needed."""
        self._timer.stop()
        self.path.unlink(missing_ok=True)

    def _write(self, content: bytes) -> None:
        import psutil  # not needed until there is work to keep, and slow to import

        session, started = self._session, psutil.Process().create_time()
        project, text, runs = str(session.path or ""), content.decode("utf-8"), session.untitled_runs
        copy = Copy(project, session.name, time.time(), os.getpid(), started, text, runs)
        write_private(self.path, msgspec.json.encode(copy))

    def _on_written(self, outcome: Outcome[None]) -> None:
        if outcome.error is not None:
            self._written = b""
            _log.warning("The automatic copy failed: %s", outcome.error)

    def _on_history_changed(self) -> None:
        if not self._session.changed and self._written:
            self.discard()


def abandoned_copies(folder: Path) -> list[tuple[Path, Copy]]:
    """Copies whose program is gone, newest first. Unreadable ones are deleted: nobody can use them."""
    found = []
    for path in folder.glob("*.json"):
        try:
            copy = msgspec.json.decode(path.read_bytes(), type=Copy)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            path.unlink(missing_ok=True)
            continue
        except OSError as error:
            _log.warning("An automatic copy could not be read: %s", error)
            continue
        if not _is_running(copy):
            found.append((path, copy))
    return sorted(found, key=lambda pair: pair[1].saved, reverse=True)


def _is_running(copy: Copy) -> bool:
    import psutil

    try:
        return abs(psutil.Process(copy.pid).create_time() - copy.started) < 5.0
    except psutil.Error:
        return False
