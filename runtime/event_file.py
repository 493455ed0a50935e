"""The events of a run, which its trainer has written as lines of JSON: read by anyone, while it runs and afterwards.

JSON has no NaN: a loss that is not finite is written as null and read as NaN.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from resources.regular_files import open_regular
from runtime.events import Steps, TrainingEvent

EVENTS_FILE: Final = "events.jsonl"
MOST_BYTES: Final = 4 << 30  # a hundred million steps
_CHUNK: Final = 4 << 20
_LONGEST_LINE: Final = 64 << 20
_COUNTS: Final = ("seq", "epoch", "first_step", "step", "steps_per_epoch", "epochs", "samples", "parameters")
_MOST: Final = 1 << 48
_STEPS: Final = b'{"type":"Steps"'

_decoder: msgspec.json.Decoder[TrainingEvent] = msgspec.json.Decoder(TrainingEvent)


class EventReader:
    """Reads what has been added since the last time. Lines cut short by a crash or a full disk are passed over.

    A file that is no regular one, or larger than any trainer makes it, has no events.
    """

    def __init__(self, folder: Path, skip: bytes = b"") -> None:
        """`skip`: events whose lines begin so are passed over without being read."""
        self._path = folder / EVENTS_FILE
        self._offset = 0
        self._skip = skip

    def read(self) -> list[TrainingEvent]:
        """New events in their order; none while there is no file. Raises OSError."""
        return [event for events in self.chunks() for event in events]

    @property
    def offset(self) -> int:
        """How many bytes have been read."""
        return self._offset

    @property
    def size(self) -> int:
        """How many bytes there are; 0 when that cannot be said."""
        try:
            return self._path.stat().st_size
        except (OSError, ValueError):
            return 0

    def chunks(self, at_once: int = _CHUNK) -> Iterator[list[TrainingEvent]]:
        """As `read`, of `at_once` bytes of the file each: what reads a long run need not hold all of it at once.

        Who stops in between goes on there the next time.
        """
        try:
            file = open_regular(self._path)
        except FileNotFoundError:
            return
        with file:
            if os.fstat(file.fileno()).st_size > MOST_BYTES:
                return
            file.seek(self._offset)
            rest = b""
            while data := file.read(at_once):
                complete = data.rfind(b"\n") + 1  # what follows the last one is still being written
                if complete:
                    self._offset += len(rest) + complete
                    yield list(self._events(rest + data[:complete]))
                    rest = data[complete:]
                elif len(rest) + len(data) <= _LONGEST_LINE:
                    rest += data
                else:
                    self._offset += len(rest) + len(data)  # no event is that long
                    rest = b""

    def _events(self, data: bytes) -> Iterator[TrainingEvent]:
        for line in data.split(b"\n"):
            if not line or (self._skip and line.startswith(self._skip)):
                continue
            event = _event(line)
            if event is not None:
                yield event


def read_milestones(folder: Path) -> Iterator[TrainingEvent]:
    """The events of a run without those of its steps, which are most of them."""
    for events in EventReader(folder, skip=_STEPS).chunks():
        yield from events


def _event(line: bytes) -> TrainingEvent | None:
    try:
        return _sane(_decoder.decode(line))
    except msgspec.ValidationError:
        try:
            event: TrainingEvent = msgspec.convert(_null_to_nan(msgspec.json.decode(line)), TrainingEvent)
            return _sane(event)
        except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):  # text that is none is a ValueError
            return None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _sane(event: TrainingEvent) -> TrainingEvent | None:
    """The event, if its counts are counts that a run can have and its rows fit their names."""
    for name in _COUNTS:
        value = getattr(event, name, 0)
        if isinstance(value, int) and not 0 <= value < _MOST:
            return None
    if isinstance(event, Steps) and any(len(row) != len(event.names) for row in event.values):
        return None
    return event


def _null_to_nan(value: Any) -> Any:
    if value is None:
        return float("nan")
    if isinstance(value, dict):
        return {key: _null_to_nan(item) for key, item in value.items()}
    return [_null_to_nan(item) for item in value] if isinstance(value, list) else value
