"""The events of a run as lines of JSON: written by its trainer, read by anyone, while it runs and afterwards.

JSON has no NaN: a loss that is not finite is written as null and read as NaN.
"""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from runtime.protocol import TrainingEvent

EVENTS_FILE: Final = "events.jsonl"
_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[TrainingEvent] = msgspec.json.Decoder(TrainingEvent)


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


class EventReader:
    """Reads what has been added since the last time. Lines cut short by a crash or a full disk are passed over."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / EVENTS_FILE
        self._offset = 0

    def read(self) -> list[TrainingEvent]:
        """New events in their order; none while there is no file."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                data = file.read()
        except FileNotFoundError:
            return []
        complete = data.rfind(b"\n") + 1  # what follows is still being written
        self._offset += complete
        return list(_events(data[:complete]))


def read_events(folder: Path, after_seq: int = 0) -> list[TrainingEvent]:
    """The events of a run with a higher sequence number (they start at 1)."""
    return [event for event in EventReader(folder).read() if event.seq > after_seq]


def _events(data: bytes) -> Iterator[TrainingEvent]:
    for line in data.split(b"\n"):
        event = _event(line) if line else None
        if event is not None:
            yield event


def _event(line: bytes) -> TrainingEvent | None:
    try:
        return _decoder.decode(line)
    except msgspec.ValidationError:
        try:
            event: TrainingEvent = msgspec.convert(_null_to_nan(msgspec.json.decode(line)), TrainingEvent)
            return event
        except msgspec.ValidationError:
            return None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _null_to_nan(value: Any) -> Any:
    if value is None:
        return float("nan")
    if isinstance(value, dict):
        return {key: _null_to_nan(item) for key, item in value.items()}
    return [_null_to_nan(item) for item in value] if isinstance(value, list) else value
