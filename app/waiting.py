"""Work that a person waits for, while the window goes on painting."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QObject, Qt, Signal

T = TypeVar("T")


class _Bell(QObject):
    rang = Signal()


def wait_for(job: Callable[[], T]) -> T:
    """What `job` returns or raises, from a thread of its own; keys and mouse are put off until it is done."""
    outcome: Future[T] = Future()
    loop, bell = QEventLoop(), _Bell()
    bell.rang.connect(loop.quit, Qt.ConnectionType.QueuedConnection)

    def work() -> None:
        try:
            outcome.set_result(job())
        except BaseException as error:
            outcome.set_exception(error)
        bell.rang.emit()

    thread = Thread(target=work, name="lamella-wait", daemon=True)
    thread.start()
    loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    thread.join()
    return outcome.result()
