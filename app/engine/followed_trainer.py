"""A trainer that this window did not start, or has lost: followed and steered through its run folder. No Qt here."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.engine.run_state import RunState
from resources.os_reasons import os_reason
from resources.regular_files import open_regular
from resources.text import Text
from runtime.event_file import EventReader
from runtime.events import RunEnded, RunFailed, TrainingEvent
from runtime.messages.control import request_learning_rate, request_pause, request_resume, request_stop
from runtime.messages.training import Pause, Resume, SetLearningRate, Stop
from runtime.store import CONSOLE_FILE, RESULT_FILE, RUN_FILE, RunInfo, read_run

LOOK_SECONDS = 0.25
_ALIVE_SECONDS = 2.0  # between two looks at the process
_TAIL = 4000  # bytes of what was printed last

Request = Pause | Resume | Stop | SetLearningRate


class Reports(Protocol):
    """What is called on a thread of the trainer."""

    def report_event(self, event: TrainingEvent) -> None: ...

    def report_exit(self, text: Text, last_output: str) -> None: ...

    def report_refusal(self, reason: str) -> None: ...


@dataclass(frozen=True, slots=True)
class OngoingRun:
    """A run that is going on, how it stands by its events so far, and the reader that goes on from there."""

    info: RunInfo
    state: RunState
    reader: EventReader


class Finder:
    """Looks for a run that is going on. Only one thread at a time may use it."""

    def __init__(self) -> None:
        self._over: set[Path] = set()  # without a result, and yet not going on: none of them ever will again

    def find(self, runs: Path, but: frozenset[Path]) -> OngoingRun | None:
        """The latest run in the folder `runs` that is going on, none of those in the folders `but`. Raises OSError."""
        infos = [info for folder in self._unfinished(runs, but) if (info := read_run(folder)) is not None]
        self._over |= {info.folder for info in infos if info.status != "running"}
        running = [info for info in infos if info.status == "running"]
        if not running:
            return None
        info = max(running, key=lambda each: each.number)
        reader, state = EventReader(info.folder), RunState()
        for events in reader.chunks():
            for event in events:
                state.apply(event)
        return OngoingRun(info, state, reader)

    def _unfinished(self, runs: Path, but: frozenset[Path]) -> list[Path]:
        if not runs.is_dir():
            return []
        return [
            folder
            for folder in runs.iterdir()
            if not folder.name.startswith(".")
            and folder not in but
            and folder not in self._over
            and (folder / RUN_FILE).is_file()
            and not (folder / RESULT_FILE).exists()
        ]


class FollowedTrainer:
    """Reads what the run writes, four times a second, on a thread of its own; asks for things by files in the folder.

    Several may follow one run: each only asks, and the trainer's events tell all of them what became of it.
    """

    def __init__(self, reports: Reports, ongoing: OngoingRun) -> None:
        self._reports = reports
        self._folder = ongoing.info.folder
        self._reader = ongoing.reader
        self._asked: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._next_look = time.monotonic() + _ALIVE_SECONDS
        self._thread = threading.Thread(target=self._follow, name="lamella-follow", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def send(self, message: Request) -> None:
        self._asked.put(message)

    def detach(self) -> None:
        self._asked.put(None)
        self._thread.join()

    def kill(self) -> None:
        """The process belongs to somebody else: it is asked to stop."""
        self.send(Stop())

    def _follow(self) -> None:
        while True:
            reason = self._reason_gone()  # asked before reading: a run that ends meanwhile has told so in its events
            if self._report():
                return
            if reason is not None:
                self._reports.report_exit(reason, self._last_output())
                return
            if not self._pass_on():
                return

    def _report(self) -> bool:
        """Pass on what is new; whether that was the end."""
        with contextlib.suppress(OSError):  # tried again; what keeps it for good is found out by `_reason_gone`
            for events in self._reader.chunks():
                for event in events:
                    self._reports.report_event(event)
                    if isinstance(event, RunEnded | RunFailed):
                        return True
        return False

    def _pass_on(self) -> bool:
        """Pass on what is asked until the next look; False when nobody wants to know any more."""
        until = time.monotonic() + LOOK_SECONDS
        while (seconds := until - time.monotonic()) > 0:
            try:
                message = self._asked.get(timeout=seconds)
            except queue.Empty:
                break
            if message is None:
                return False
            try:
                self._ask(message)
            except (OSError, ValueError) as error:
                self._reports.report_refusal(str(os_reason(error)) if isinstance(error, OSError) else str(error))
        return True

    def _ask(self, message: Request) -> None:
        match message:
            case Pause():
                request_pause(self._folder)
            case Resume():
                request_resume(self._folder)
            case Stop():
                request_stop(self._folder)
            case SetLearningRate():
                request_learning_rate(self._folder, message.value)

    def _reason_gone(self) -> Text | None:
        """Why nothing more is to come; None while the trainer lives, as far as was looked."""
        if time.monotonic() < self._next_look:
            return None
        self._next_look = time.monotonic() + _ALIVE_SECONDS
        info = read_run(self._folder)
        if info is None or not self._folder.is_dir():
            return Text("The folder of this run is gone.")
        if info.status == "running":
            return None
        if info.result.error is not None:
            return info.result.error
        if info.status == "interrupted":
            return Text("The trainer of this run is gone: it was killed, or the computer was started anew.")
        return Text("This run has ended, and the end of its curves could not be written.")

    def _last_output(self) -> str:
        with contextlib.suppress(OSError), open_regular(self._folder / CONSOLE_FILE) as file:
            file.seek(max(0, file.seek(0, 2) - _TAIL))
            return file.read(_TAIL).decode("utf-8", "replace")
        return ""
