"""Finds places for boxes on another thread."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from shiboken6 import isValid

from graph_editor.document.document import Point

Places = dict[str, Point]  # by call id
_log = logging.getLogger(__name__)


class TidyJobs(QObject):
    """Runs one layout at a time; a newer one, ``forget`` or ``stop`` makes the result of an older one void.

    A layout that goes wrong ends all the same: ``failed`` says so, and the log says how.
    """

    arranged = Signal(object)  # Places
    failed = Signal()
    _finished = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(1)
        self._newest = 0
        self._done = 0
        self._finished.connect(self._on_finished)

    @property
    def busy(self) -> bool:
        """Whether a result is still to come."""
        return self._done < self._newest

    def begin(self, arrange: Callable[[], Places]) -> None:
        """Let ``arrange`` run, which must not touch the document."""
        self._newest += 1
        self._pool.clear()
        self._pool.start(_Job(self._finished.emit, self._newest, arrange))

    def forget(self) -> None:
        """Wait for no result any more."""
        self._newest += 1
        self._done = self._newest

    def stop(self) -> None:
        """Forget what is under way and wait until its thread is done with it."""
        self._newest += 1
        if isValid(self._pool):  # when the interpreter ends, Qt may have been there first
            self._pool.clear()
            self._pool.waitForDone()

    def _on_finished(self, number: int, places: Places | None) -> None:
        if number != self._newest:
            return
        self._done = number
        if places is None:
            self.failed.emit()
        else:
            self.arranged.emit(places)


class _Job(QRunnable):
    def __init__(
        self, tell: Callable[[int, Places | None], object], number: int, arrange: Callable[[], Places]
    ) -> None:
        super().__init__()
        self._tell, self._number, self._arrange = tell, number, arrange

    def run(self) -> None:
        try:
            places = self._arrange()
        except Exception as error:
            _log.error("Unexpected error", exc_info=error)
            self._tell(self._number, None)
        else:
            self._tell(self._number, places)
