"""One piece of work off the GUI thread, from when it is asked for to what it comes to. No Qt here."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Generic, TypeVar

T = TypeVar("T")


class Task(Generic[T]):
    """Its result, or its error. All but `finish` may be used on any thread.

    A job that takes long looks at `cancelled` now and then and says how far it is: `progress` goes from 0 to 1.
    """

    def __init__(self) -> None:
        self.progress = 0.0
        self.error: BaseException | None = None
        self._value: T | None = None
        self._cancelled = threading.Event()
        self._ended = threading.Event()
        self._delivered = False

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    @property
    def busy(self) -> bool:
        """Whether its callback is still to come."""
        return not self._delivered and not self.cancelled

    def cancel(self) -> None:
        """Nobody wants the result any more: it is not begun, or asked to end, and its callback never comes."""
        self._cancelled.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Block until the job has ended; False if that took more than `seconds`."""
        return self._ended.wait(seconds)

    def result(self) -> T:
        """Return what the job has returned; raises what it has raised. Only when it has ended."""
        if self.error is not None:
            raise self.error
        return self._value  # type: ignore[return-value]

    def perform(self, job: Callable[[], T]) -> None:
        """For the thread: do the work, unless it was cancelled before. Raises nothing."""
        try:
            if self.cancelled:
                raise CancelledError
            self._value = job()
        except BaseException as error:
            self.error = error
        finally:
            self._ended.set()

    def finish(self) -> bool:
        """For the GUI thread, once: the work is done. Whether anybody still wants the result."""
        expected = self.busy
        self._delivered = True
        return expected
