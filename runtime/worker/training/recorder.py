"""Metrics of every step, at the price of a list append: they are turned into numbers and sent by a thread beside."""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final

from runtime.events import ReportEvent, Steps

FLUSH_SECONDS: Final = 0.1


class StepRecorder:
    """Collects what Keras reports after each step, as Keras left it (tensors), and reports it a few times a second.

    Reading a tensor waits for the device, so it happens in a thread of its own; `flush` does it at once. `tick` is
    called as often as the thread flushes.
    """

    def __init__(self, report_event: ReportEvent, tick: Callable[[], None]) -> None:
        self._report_event = report_event
        self._tick = tick
        self._pending: deque[Mapping[str, Any]] = deque()
        self._epoch = 0
        self._first = 0  # step of the first that is pending
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="step recorder", daemon=True)
        self._thread.start()

    @property
    def step(self) -> int:
        """The number of steps so far."""
        with self._lock:
            return self._first + len(self._pending)

    def begin_epoch(self, epoch: int) -> None:
        self.flush()
        self._epoch = epoch

    def add(self, logs: Mapping[str, Any]) -> None:
        self._pending.append(logs)

    def flush(self) -> None:
        """Reports what has been collected. Safe from both threads, and in order."""
        with self._lock:
            pending = [self._pending.popleft() for _ in range(len(self._pending))]
            while pending:
                names = tuple(pending[0])
                same = next((i for i, logs in enumerate(pending) if tuple(logs) != names), len(pending))
                rows = [[float(value) for value in logs.values()] for logs in pending[:same]]
                self._report_event(Steps(self._epoch, self._first, names, rows))
                self._first += same
                pending = pending[same:]

    def close(self) -> None:
        """Reports the rest and ends the thread."""
        self._closed.set()
        self._thread.join()
        self.flush()

    def _run(self) -> None:
        while not self._closed.wait(FLUSH_SECONDS):
            self.flush()
            self._tick()
