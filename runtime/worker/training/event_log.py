"""What a trainer reports: stamped, written to the run folder as lines of JSON, and passed on, in this order.

Imports no Keras.
"""

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from resources.text import Text
from runtime.event_file import EVENTS_FILE
from runtime.events import CallbackNote, ReportEvent, RunEnded, RunFailed, Steps, TrainingEvent
from runtime.store import result_of, write_result
from runtime.worker.process.failures import writing_reason

_RESERVE_FILE: Final = ".reserve"
_RESERVE_BYTES: Final = 64 * 1024  # more than the last events and the result take

_encoder = msgspec.json.Encoder()


class EventLog:
    """Writes events and passes them on; keeps what the result of the run is made of."""

    def __init__(self, folder: Path, report_event: ReportEvent) -> None:
        self._folder = folder
        self._pass_on = report_event
        self._kept: list[TrainingEvent] = []
        self._order = threading.RLock()  # events of two threads leave in the order of their numbers
        self._writer: EventWriter | None = None
        self._reserve = folder / _RESERVE_FILE
        try:
            self._writer = EventWriter(folder, self._on_error)
            self._reserve.write_bytes(bytes(_RESERVE_BYTES))
        except OSError as error:
            self._on_error(error)

    def report_event(self, event: TrainingEvent) -> None:
        if isinstance(event, (RunEnded, RunFailed)):
            self._release()
        with self._order:
            stamped = self._writer.write(event) if self._writer else msgspec.structs.replace(event, time=time.time())
            if not isinstance(stamped, Steps):
                self._kept.append(stamped)
            self._pass_on(stamped)

    def _on_error(self, error: OSError) -> None:
        text = Text.of(
            "The events of this run cannot be written ({reason}); training goes on.", reason=writing_reason(error)
        )
        self._pass_on(CallbackNote(text, time=time.time()))

    def _release(self) -> None:
        """Make room for the words about the end, which matter most where the disk is full."""
        with contextlib.suppress(OSError):  # it could not be made, or the folder is gone; writing will tell
            self._reserve.unlink()

    def finish(self) -> None:
        self._release()
        result = result_of(self._kept, "failed")
        try:
            write_result(self._folder, result)
        except OSError as error:
            self._on_error(error)
        if self._writer:
            self._writer.close()


class EventWriter:
    """Stamps events with a sequence number and the time and appends them to the file. Safe from several threads.

    A full disk loses events, not the run: `on_error` is called once, and writing is tried again with every event.
    """

    def __init__(self, folder: Path, on_error: Callable[[OSError], None]) -> None:
        """Raises OSError when the file cannot be opened."""
        self._file: BinaryIO = (folder / EVENTS_FILE).open("ab", buffering=0)
        self._lock = threading.Lock()
        self._on_error = on_error
        self._failed = False
        self._torn = self._file.tell() > 0  # a line of an earlier writer may have been cut short
        self._seq = 0

    def write(self, event: TrainingEvent) -> TrainingEvent:
        """The event as it was stamped."""
        failure = None
        with self._lock:
            self._seq += 1
            stamped = msgspec.structs.replace(event, seq=self._seq, time=time.time())
            line = _encoder.encode(stamped) + b"\n"
            try:
                self._write(b"\n" + line if self._torn else line)
            except OSError as error:
                failure, self._failed = (None if self._failed else error), True
        if failure is not None:
            self._on_error(failure)
        return stamped

    def _write(self, line: bytes) -> None:
        self._torn = True
        written = self._file.write(line)
        if written != len(line):  # a full disk takes a part
            self._file.write(line[written:])
        self._torn = False

    def close(self) -> None:
        self._file.close()
