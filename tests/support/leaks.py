"""What a test must not leave behind: threads, child processes, running timers and Qt threads.

A thing that is still there after the grace time is named with the line that started it, where that is known.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
import traceback
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

GRACE_SECONDS = 30.0
OURS = ("app", "graph_editor", "runtime", "resources", "tests")
HELPERS_OF_PYTHON = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")
HELPERS: set[int] = set()  # the numbers of processes that serve all tests, and may be started by one


class Leaks:
    """Remembers what runs now; `wait()` says what has been added since and does not go away."""

    def __init__(self, qt: QtRecorder | None) -> None:
        self._threads = set(threading.enumerate())
        self._children = _children()
        self._qt = qt
        if qt:
            qt.forget()

    def wait(self) -> list[str]:
        """Sentences about what is left, after waiting for it to end by itself."""
        deadline = time.monotonic() + GRACE_SECONDS
        while (left := self._left()) and time.monotonic() < deadline:
            if self._qt:
                self._qt.process_events()
            time.sleep(0.002)
        return left

    def _left(self) -> list[str]:
        threads = [
            _describe(t) for t in threading.enumerate() if t not in self._threads and t.is_alive() and _counts(t)
        ]
        children = [f"the process {_command(child)}" for child in _children() - self._children]
        return threads + children + (self._qt.running() if self._qt else [])


def _counts(thread: threading.Thread) -> bool:
    """Daemon threads of other people's packages live as long as those packages want; all others are ours to end."""
    return not thread.daemon or _origin(thread).split(".")[0] in OURS


def _origin(thread: threading.Thread) -> str:
    target = getattr(thread, "_target", None)
    return str(getattr(target, "__module__", None) or type(thread).__module__)


def _describe(thread: threading.Thread) -> str:
    frame = sys._current_frames().get(thread.ident or 0)
    place = traceback.format_stack(frame)[-1].strip().replace("\n", " ") if frame else "between two lines"
    return f"the thread {thread.name!r} of {_origin(thread)}, at {place}"


def _children() -> set[psutil.Process]:
    return {child for child in _descendants() if _is_alive(child)}


def _descendants() -> list[psutil.Process]:
    """All below this process. Linux knows them; elsewhere all of the machine are looked through, some 5 ms a time."""
    found: list[psutil.Process] = []
    parents = [os.getpid()]
    while parents:
        try:
            lists = [path.read_text("ascii") for path in Path(f"/proc/{parents.pop()}/task").glob("*/children")]
        except OSError:  # it, or one of its threads, has just ended
            return psutil.Process().children(recursive=True)
        if not lists and not found:
            return psutil.Process().children(recursive=True)
        for number in map(int, " ".join(lists).split()):
            with contextlib.suppress(psutil.NoSuchProcess):
                found.append(psutil.Process(number))
            parents.append(number)
    return found


def _is_alive(process: psutil.Process) -> bool:
    try:
        command = " ".join(process.cmdline())
        alive = process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
    return alive and process.pid not in HELPERS and not any(helper in command for helper in HELPERS_OF_PYTHON)


def _command(process: psutil.Process) -> str:
    try:
        return f"{process.pid} ({' '.join(process.cmdline())[:120]})"
    except psutil.Error:
        return str(process.pid)


class QtRecorder:
    """Notes every QTimer and QThread that Python code starts, with the line that did it."""

    def __init__(self) -> None:
        from PySide6 import QtCore

        self._core = QtCore
        self._started: list[tuple[weakref.ref[Any], Callable[[Any], bool], str]] = []
        self._watch(QtCore.QTimer, lambda timer: timer.isActive())
        self._watch(QtCore.QThread, lambda thread: thread.isRunning())

    def _watch(self, kind: Any, is_running: Callable[[Any], bool]) -> None:
        start = kind.start

        def start_and_note(subject: Any, *arguments: Any, **keywords: Any) -> Any:
            line = traceback.extract_stack(limit=2)[0]
            self._started.append((weakref.ref(subject), is_running, f"{line.filename}:{line.lineno}"))
            return start(subject, *arguments, **keywords)

        kind.start = start_and_note

    def forget(self) -> None:
        self._started.clear()

    def process_events(self) -> None:
        if self._core.QCoreApplication.instance() is not None:
            self._core.QCoreApplication.processEvents()
            self._core.QCoreApplication.sendPostedEvents(None, self._core.QEvent.Type.DeferredDelete.value)

    def running(self) -> list[str]:
        import shiboken6

        self.process_events()
        left = []
        for reference, is_running, line in self._started:
            subject = reference()
            if subject is not None and shiboken6.isValid(subject) and is_running(subject):
                left.append(f"the {type(subject).__name__} {subject.objectName()!r} started at {line}")
        if pool := self._core.QThreadPool.globalInstance().activeThreadCount():
            left.append(f"{pool} jobs in Qt's thread pool")
        return left
