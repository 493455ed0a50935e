"""Finds places for boxes on another thread."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from shiboken6 import isValid

from graph_editor.document.document import Point

Places = dict[str, Point]  # by call id


class TidyJobs(QObject):
    """Runs one layout at a time; a newer one, ``forget`` or ``stop`` makes the result of an older one void."""

    arranged = Signal(object)  # Places
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

    def _on_finished(self, number: int, places: object) -> None:
        if number == self._newest:
            self._done = number
            self.arranged.emit(places)


class _Job(QRunnable):
    def __init__(self, tell: Callable[[int, Places], object], number: int, arrange: Callable[[], Places]) -> None:
        super().__init__()
        self._tell, self._number, self._arrange = tell, number, arrange

    def run(self) -> None:
        self._tell(self._number, self._arrange())
