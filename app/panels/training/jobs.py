"""Reading files off the GUI thread; the newest question of a kind is the one that is answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid


class Jobs(QObject):
    """`ask(kind, job, callback)`: `job` runs in a thread, `callback` gets its result on the GUI thread.

    A job that raises calls `callback` with the exception. A newer job of the same kind makes older answers void.
    """

    _done = Signal(str, int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers: dict[str, int] = {}
        self._running: dict[str, int] = {}
        self._done.connect(self._on_done)

    def ask(self, kind: str, job: Callable[[], Any], callback: Callable[[Any], None]) -> None:
        number = self._numbers.get(kind, 0) + 1
        self._numbers[kind] = number
        self._running[kind] = self._running.get(kind, 0) + 1

        def work() -> None:
            try:
                result: Any = job()
            except Exception as error:
                result = error
            if isValid(self):  # the panel may be gone by now
                self._done.emit(kind, number, callback, result)

        threading.Thread(target=work, name=f"reading {kind}", daemon=True).start()

    def busy(self, kind: str) -> bool:
        return self._running.get(kind, 0) > 0

    def _on_done(self, kind: str, number: int, callback: Callable[[Any], None], result: Any) -> None:
        self._running[kind] -= 1
        if number == self._numbers[kind]:
            callback(result)
