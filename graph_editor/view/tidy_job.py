"""Finds places for all boxes on another thread."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from shiboken6 import isValid

from graph_editor.document.document import Point
from graph_editor.layout.layered import Size, arrange


class TidyJobs(QObject):
    """Runs one layout at a time; a newer one, or ``stop``, makes the result of an older one void."""

    arranged = Signal(object)  # dict[str, Point] by call id
    _finished = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(1)
        self._newest = 0
        self._finished.connect(self._on_finished)

    def begin(self, sizes: Mapping[str, Size], edges: Sequence[tuple[str, str]]) -> None:
        self._newest += 1
        self._pool.clear()
        self._pool.start(_Job(self._finished.emit, self._newest, sizes, edges))

    def stop(self) -> None:
        """Forget what is under way and wait until its thread is done with it."""
        self._newest += 1
        if isValid(self._pool):  # when the interpreter ends, Qt may have been there first
            self._pool.clear()
            self._pool.waitForDone()

    def _on_finished(self, number: int, places: object) -> None:
        if number == self._newest:
            self.arranged.emit(places)


class _Job(QRunnable):
    def __init__(
        self,
        tell: Callable[[int, dict[str, Point]], object],
        number: int,
        sizes: Mapping[str, Size],
        edges: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__()
        self._tell, self._number, self._sizes, self._edges = tell, number, sizes, edges

    def run(self) -> None:
        self._tell(self._number, arrange(self._sizes, self._edges))
