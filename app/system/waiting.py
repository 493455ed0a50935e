"""Work that a person waits for, while the window goes on painting."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QDialog

from graph_editor.background.background import Background
from graph_editor.background.task import Task

T = TypeVar("T")
SILENT_MS: Final = 500  # what takes no longer needs no words
DEAF_MS: Final = 1500  # a job that was told to end has this long


@dataclass(frozen=True, slots=True)
class Patience:
    """What is said when a job takes a while, and what makes it end early.

    `words` makes a dialog that says what goes on; rejecting it ends the wait.
    """

    words: Callable[[], QDialog]
    cancel: Callable[[], None]


def wait_for(job: Callable[[], T], patience: Patience | None = None) -> T:
    """Return what `job` returns or raises, from a thread of its own; keys and mouse are put off until it is done.

    With `patience`, a dialog says after a moment what goes on, and offers to end it: then CancelledError comes from
    the job, or from here when the job does not hear, as one that hangs in a network that is gone.
    """
    loop, background = QEventLoop(), Background()
    task = background.run(loop, job, lambda _task: loop.quit())
    if patience is not None:
        silence = QTimer()
        silence.setSingleShot(True)
        silence.timeout.connect(loop.quit)
        silence.start(SILENT_MS)
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        silence.stop()
        if not task.wait(0) and not _wait_in_words(patience, loop, task):
            raise CancelledError
    else:
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    task.wait()  # it has ended already, unless the program is told to end meanwhile
    return task.result()


def _wait_in_words(patience: Patience, loop: QEventLoop, task: Task[Any]) -> bool:
    """Whether the job has ended; otherwise a person has ended the wait, and the job did not hear."""
    dialog, deaf = patience.words(), QTimer()
    deaf.setSingleShot(True)
    deaf.setInterval(DEAF_MS)
    deaf.timeout.connect(loop.quit)
    dialog.rejected.connect(patience.cancel)
    dialog.rejected.connect(deaf.start)
    dialog.show()
    loop.exec()
    deaf.stop()
    dialog.rejected.disconnect()
    dialog.hide()
    dialog.deleteLater()
    return task.wait(0)
