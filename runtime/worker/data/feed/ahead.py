"""What will be asked for next is made ready in a thread of its own, while what was asked for is used."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Ahead(Generic[K, V]):
    """`load(key)` gives what is asked for, `following(key)` what is asked for after it, None for nothing.

    Two are held at most: the last one that was asked for and the one after it; `drop` gets what is not held any more.
    What `load` raises, `get` raises.
    """

    def __init__(
        self, load: Callable[[K], V], following: Callable[[K], K | None], drop: Callable[[V], None], name: str
    ) -> None:
        self._load, self._following, self._drop, self._name = load, following, drop, name
        self._changed = threading.Condition()
        self._ready: dict[K, V] = {}
        self._wanted: list[K] = []
        self._error: Exception | None = None
        self._closed = False
        self._thread: threading.Thread | None = None

    def get(self, key: K) -> V:
        """Waits until it is there. Another call may let go of it: use it before that."""
        with self._changed:
            if self._closed:
                raise RuntimeError("the feed is closed")
            after = self._following(key)
            self._wanted = [key] if after is None else [key, after]
            for old in [one for one in self._ready if one not in self._wanted]:
                self._drop(self._ready.pop(old))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify_all()
            while key not in self._ready and self._error is None and not self._closed:
                self._changed.wait()
            if key in self._ready:
                return self._ready[key]
            raise self._error or RuntimeError("the feed is closed")

    def rest(self) -> None:
        """Lets go of what is held, until something is asked for again."""
        with self._changed:
            self._wanted = []
            self._ready.clear()

    def close(self) -> None:
        """Waits for the thread, which ends after what it is reading now."""
        with self._changed:
            self._closed = True
            self._wanted = []
            self._ready.clear()
            thread = self._thread
            self._changed.notify_all()
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _work(self) -> None:
        while (key := self._next()) is not None:
            try:
                value = self._load(key[0])
            except Exception as error:  # told by whoever asks
                with self._changed:
                    self._error = error
                    self._changed.notify_all()
                return
            with self._changed:
                if key[0] in self._wanted:
                    self._ready[key[0]] = value
                elif self._wanted:
                    self._drop(value)
                self._changed.notify_all()
            del value  # else it would be held while nothing is wanted

    def _next(self) -> tuple[K] | None:
        with self._changed:
            while not self._closed:
                missing = [key for key in self._wanted if key not in self._ready]
                if missing:
                    return (missing[0],)
                self._changed.wait()
        return None
