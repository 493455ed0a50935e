"""Work off the GUI thread, with one callback on it for the result or the error."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

T = TypeVar("T")


class Outcome(Generic[T]):
    """What a job came to: `value`, or `error` when that is not None."""

    def __init__(self, value: T | None, error: BaseException | None) -> None:
        self.error = error
        self._value = value

    def result(self) -> T:
        """The value; raises the job's error when it had one."""
        if self.error is not None:
            raise self.error
        return self._value  # type: ignore[return-value]


class Background(QObject):
    """Threads that live as long as this object's owner wants: call `close` or `finish` at the end.

    With one thread the jobs are done in the order in which they were asked for.
    """

    _done = Signal(object, object)  # callback, Outcome

    def __init__(self, parent: QObject | None = None, threads: int = 2) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="lamella-background")
        self._done.connect(self._on_done)

    def run(self, job: Callable[[], T], callback: Callable[[Outcome[T]], None]) -> None:
        def finish(future: Future[T]) -> None:
            if future.cancelled():
                return
            error = future.exception()
            outcome = Outcome(None if error else future.result(), error)
            self._done.emit(callback, outcome)

        self._pool.submit(job).add_done_callback(finish)

    def close(self) -> None:
        """Wait for what is running and drop what is not."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def finish(self) -> None:
        """Wait for everything that was asked for."""
        self._pool.shutdown(wait=True)

    def _on_done(self, callback: Callable[[Outcome[T]], None], outcome: Outcome[T]) -> None:
        callback(outcome)
