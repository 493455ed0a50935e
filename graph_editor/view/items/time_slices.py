"""Long work on the GUI thread in short slices, so that the window stays alive meanwhile."""

from collections.abc import Iterator
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

_SLICE = 0.01  # seconds; what it made is painted in the same turn
_TOLD_EVERY = 0.06  # seconds: painting what is there so far takes its time, too
_PAUSE = 1  # milliseconds for everything else


class TimeSlices(QObject):
    """Works through one iterator at a time; starting another, or ``stop``, gives up on the one before."""

    sliced = Signal()  # now and then, after a slice that was not the last
    finished = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[None] | None = None
        self._told = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def active(self) -> bool:
        return self._steps is not None

    def start(self, steps: Iterator[None]) -> None:
        """Begin with the next turn of the event loop."""
        self._steps = steps
        self._timer.start(_PAUSE)

    def stop(self) -> None:
        self._timer.stop()
        self._steps = None

    def finish(self) -> None:
        """Do what is left at once."""
        if self._steps is not None:
            steps, self._steps = self._steps, None
            self._timer.stop()
            for _ in steps:
                pass
            self.finished.emit()

    def _on_timeout(self) -> None:
        steps, end = self._steps, perf_counter() + _SLICE
        if steps is None:
            return
        for _ in steps:
            if perf_counter() > end:
                if perf_counter() - self._told > _TOLD_EVERY:
                    self._told = perf_counter()
                    self.sliced.emit()
                self._timer.start(_PAUSE)
                return
        self._steps = None
        self.finished.emit()
