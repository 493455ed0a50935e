"""Threads that share work. Unlike those of `concurrent.futures` they end with the process, whatever is still to do.

Those are waited for at the end of the interpreter: a feed that nobody has closed would go on reading till all was read.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")
_END: Final = object()


class Crew:
    """Up to `count` threads, which start when there is work, and end with `close`."""

    def __init__(self, count: int, name: str) -> None:
        self._count, self._name = count, name
        self._work: SimpleQueue[_Work[Any] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def each(self, do: Callable[[T], object], items: Iterable[T]) -> None:
        """`do(item)` for all of them, in no certain order. The first error is raised, once nothing runs any more."""
        work = _Work(do, iter(items), self._count)
        with self._lock:
            while len(self._threads) < self._count:
                self._threads.append(threading.Thread(target=self._run, name=self._name, daemon=True))
                self._threads[-1].start()
        for _ in range(self._count):
            self._work.put(work)
        work.wait()

    def close(self) -> None:
        """Waits for the threads, each of which ends after its item."""
        with self._lock:
            threads, self._threads = self._threads, []
        for _ in threads:
            self._work.put(None)
        for thread in threads:
            thread.join()

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            work.share()
            del work  # else it would be held until there is more


class _Work(Generic[T]):
    def __init__(self, do: Callable[[T], object], items: Iterator[T], shares: int) -> None:
        self._do, self._items, self._left = do, items, shares
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._error: BaseException | None = None

    def share(self) -> None:
        """Do items until there are none, or one of them went wrong."""
        try:
            while (item := self._next()) is not _END:
                self._do(item)  # type: ignore[arg-type]
        except BaseException as error:  # raised where the work is waited for
            with self._lock:
                self._error = self._error or error
        with self._lock:
            self._left -= 1
            if not self._left:
                self._done.set()

    def wait(self) -> None:
        self._done.wait()
        if self._error is not None:
            raise self._error

    def _next(self) -> T | object:
        with self._lock:
            return _END if self._error is not None else next(self._items, _END)
