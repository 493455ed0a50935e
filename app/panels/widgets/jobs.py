"""Reading files off the GUI thread; the newest question of a kind is the one that is answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal


class _Relay(QObject):
    """Speaks for a thread. It belongs to no panel and is there as long as the thread; who hears it may be gone."""

    done = Signal(str, int, object, object)


class Jobs(QObject):
    """`ask(kind, job, callback)`: `job` runs in a thread, `callback` gets its result on the GUI thread.

    A job that raises calls `callback` with the exception. A newer job of the same kind makes older answers void.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers: dict[str, int] = {}
        self._running: dict[str, int] = {}
        self._relay = _Relay()
        self._relay.done.connect(self._on_done)

    def ask(self, kind: str, job: Callable[[], Any], callback: Callable[[Any], None]) -> None:
        number = self._numbers.get(kind, 0) + 1
        self._numbers[kind] = number
        self._running[kind] = self._running.get(kind, 0) + 1

        relay = self._relay

        def work() -> None:
            try:
                result: Any = job()
            except Exception as error:
                result = error
            relay.done.emit(kind, number, callback, result)

        threading.Thread(target=work, name=f"reading {kind}", daemon=True).start()

    def busy(self, kind: str) -> bool:
        return self._running.get(kind, 0) > 0

    def _on_done(self, kind: str, number: int, callback: Callable[[Any], None], result: Any) -> None:
        self._running[kind] -= 1
        if number == self._numbers[kind]:
            callback(result)
