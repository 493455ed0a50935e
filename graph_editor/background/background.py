"""Work off the GUI thread, with one callback on it for the result or the error. All of Lamella's windows use this."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from graph_editor.background.task import Task

T = TypeVar("T")
Callback = Callable[[Task[T]], None]
CLOSE_SECONDS: Final = 5.0
_log = logging.getLogger(__name__)


class Background(QObject):
    """Threads for jobs; there are none while there is nothing to do.

    A job has a thread of its own at once, so that one that hangs on a disk or a network that is gone holds up no
    other. With a number of `threads`, jobs wait for a free one; with one thread they are done in the order in which
    they were asked for. Call `close` or `finish` when the program ends.
    """

    def __init__(self, parent: QObject | None = None, threads: int | None = None) -> None:
        super().__init__(parent)
        self._orders: dict[Task[Any], _Order] = {}
        self._relay = _Relay()
        self._relay.ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self._workers = _Workers(threads, self._relay)
        self.destroyed.connect(self._workers.drop)

    def run(
        self,
        receiver: QObject,
        job: Callable[[], T],
        callback: Callback[T] | None = None,
        task: Task[T] | None = None,
    ) -> Task[T]:
        """Let `job` run in a thread; `callback` gets the ended task on the GUI thread, be it a result or an error.

        It does not come when the task was cancelled or `receiver` is gone. Without one, an error is logged. A `task`
        of the caller's own is one that the job knows. Jobs touch no QObject, and nothing that the GUI thread changes.
        """
        task = task or Task()
        self._orders[task] = _Order(receiver, job, callback)
        self._workers.put(task, job)
        return task

    def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Drop what is not begun, ask the rest to end, wait for that, and let go of what then still hangs.

        No callback comes any more, and nothing new is begun.
        """
        self._workers.drop()
        tasks = list(self._orders)
        for task in tasks:  # those that have ended, too
            task.cancel()
        until = time.monotonic() + seconds
        if not all(task.wait(max(0.0, until - time.monotonic())) for task in tasks):
            _log.warning("Work in the background did not end in time")
        else:
            self._workers.wait_until_told(max(0.0, until - time.monotonic()))

    def finish(self) -> None:
        """Wait for everything that was asked for; nothing new is begun."""
        self._workers.refuse()
        for task in list(self._orders):
            task.wait()
        self._workers.wait_until_told()

    def _on_ended(self, task: Task[Any]) -> None:
        order = self._orders.pop(task)  # what the job holds is freed here, on the GUI thread
        if not task.finish() or not isValid(order.receiver):
            return
        if order.callback is not None:
            order.callback(task)
        elif task.error is not None:
            _log.error("Unexpected error", exc_info=task.error)


class Latest:
    """One question of a receiver at a time: a newer one cancels the older, whose answer then never comes.

    With `in_turn` the newer one begins when the older has ended: for work that costs much of the processor.
    """

    def __init__(self, background: Background, receiver: QObject, in_turn: bool = False) -> None:
        self._background = background
        self._receiver = receiver
        self._in_turn = in_turn
        self._task: Task[Any] | None = None

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._task is not None and self._task.busy

    @property
    def progress(self) -> float:
        """How far the job is, from 0 to 1, as it says itself."""
        return self._task.progress if self._task is not None else 0.0

    def run(self, job: Callable[[], T], callback: Callback[T], task: Task[T] | None = None) -> Task[T]:
        """As `Background.run`."""
        self.cancel()
        task = task or Task()
        if self._in_turn and self._task is not None:
            job = _after(self._task, task, job)
        self._task = self._background.run(self._receiver, job, callback, task)
        return task

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()


def _after(earlier: Task[Any], task: Task[T], job: Callable[[], T]) -> Callable[[], T]:
    def wait_and_work() -> T:
        earlier.wait()
        if task.cancelled:
            raise CancelledError
        return job()

    return wait_and_work


@dataclass(frozen=True, slots=True)
class _Order:
    receiver: QObject
    job: Callable[[], Any]
    callback: Callback[Any] | None


class _Relay(QObject):
    """Speaks for the threads, which must not hold the Background: it is freed on the GUI thread, maybe before them."""

    ended = Signal(object)  # Task


class _Workers:
    """The threads. A thread ends when no job waits."""

    def __init__(self, most: int | None, relay: _Relay) -> None:
        self._most = most
        self._relay = relay
        self._lock = threading.Condition()
        self._waiting: deque[tuple[Task[Any], Callable[[], Any]]] = deque()
        self._under_way: set[Task[Any]] = set()
        self._threads = 0
        self._refusing = self._dropped = False

    def put(self, task: Task[T], job: Callable[[], T]) -> None:
        with self._lock:
            if self._refusing:
                task.cancel()
            self._waiting.append((task, job))
            if self._most is not None and self._threads >= self._most:
                return
            self._threads += 1
        threading.Thread(target=self._work, name="lamella-background", daemon=True).start()

    def refuse(self) -> None:
        """Begin nothing that is put from now on."""
        with self._lock:
            self._refusing = True

    def drop(self) -> None:
        """Begin nothing any more, and ask what is under way to end."""
        with self._lock:
            self._refusing = self._dropped = True
            for task in (*(task for task, _job in self._waiting), *self._under_way):
                task.cancel()

    def wait_until_told(self, seconds: float | None = None) -> None:
        """Wait until no thread is about to speak: the program may end, and all that it would speak to is gone then."""
        with self._lock:
            self._lock.wait_for(lambda: not self._under_way, seconds)

    def _work(self) -> None:
        while (work := self._next()) is not None:
            task, job = work
            task.perform(job)
            del work, job
            if not self._dropped:  # else nobody listens any more, and the program may be at its end
                self._relay.ended.emit(task)
            with self._lock:
                self._under_way.discard(task)
                self._lock.notify_all()
            del task

    def _next(self) -> tuple[Task[Any], Callable[[], Any]] | None:
        with self._lock:
            if self._waiting:
                work = self._waiting.popleft()
                self._under_way.add(work[0])
                return work
            self._threads -= 1
            return None
