"""What a run is asked through its folder: by whoever finds it running, without a connection to its trainer.

A stop is a file of its own, which lasts and cannot be misread. Pause, resume and learning rate are lines of JSON that
are appended in the order in which they were asked for; the trainer looks twice a second and answers with the events
that it always writes. A trainer with a connection looks, too.
"""

import math
import os
import stat
from pathlib import Path
from typing import Final

import msgspec

from resources.regular_files import NotRegularFileError, open_regular
from runtime.messages.training import Pause, Resume, SetLearningRate

STOP_FILE: Final = "stop.request"
CONTROL_FILE: Final = "control.jsonl"

_MOST_BYTES: Final = 64 << 10  # read at one look; of more, only the end counts
_APPEND: Final = os.O_WRONLY | os.O_CREAT | os.O_APPEND
_FLAGS: Final = ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY", "O_NOINHERIT")

Request = Pause | Resume | SetLearningRate
_decoder: "msgspec.json.Decoder[Request]" = msgspec.json.Decoder(Request)


def request_stop(folder: Path) -> None:
    """Asks the trainer of the run to end after its batch and to save the model. Raises OSError."""
    (folder / STOP_FILE).touch()


def request_pause(folder: Path) -> None:
    """Asks the trainer to wait before its next batch. Raises OSError."""
    _append(folder, Pause())


def request_resume(folder: Path) -> None:
    """Asks a trainer that waits to go on. Raises OSError."""
    _append(folder, Resume())


def request_learning_rate(folder: Path, value: float) -> None:
    """Asks for another learning rate from the next batch on. Raises OSError, ValueError for what is no rate."""
    if not is_rate(value):
        raise ValueError(f"{value} is no learning rate")
    _append(folder, SetLearningRate(value))


def is_rate(value: float) -> bool:
    """Whether an optimizer can work with it: finite, also in 32 bits, and not negative."""
    return 0.0 <= value < 3.4e38 and math.isfinite(value)


class ControlReader:
    """Reads what has been asked for since the last time. What is no request of this kind is passed over."""

    def __init__(self, folder: Path) -> None:
        self._stop = folder / STOP_FILE
        self._path = folder / CONTROL_FILE
        self._offset = 0

    def stop_requested(self) -> bool:
        return self._stop.exists()

    def read(self) -> list[Request]:
        """New requests in their order; none while there is no file. Raises OSError; never waits."""
        try:
            with open_regular(self._path) as file:
                end = os.fstat(file.fileno()).st_size
                self._offset = min(max(self._offset, end - _MOST_BYTES), end)
                file.seek(self._offset)
                data = file.read(_MOST_BYTES)
        except FileNotFoundError:
            return []
        complete = data.rfind(b"\n") + 1  # what follows is still being written
        self._offset += complete
        return [request for line in data[:complete].splitlines() if (request := _request(line)) is not None]


def _request(line: bytes) -> Request | None:
    try:
        request = _decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return None if isinstance(request, SetLearningRate) and not is_rate(request.value) else request


def _append(folder: Path, request: Request) -> None:
    """One write at the end of the file, so that two who ask at once do not mix."""
    path = folder / CONTROL_FILE
    flags = _APPEND
    for name in _FLAGS:
        flags |= getattr(os, name, 0)
    handle = os.open(path, flags, 0o666)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise NotRegularFileError(None, "it is no regular file", str(path))
        line = b"\n" + msgspec.json.encode(request) + b"\n"  # the line before may have been cut short
        written = os.write(handle, line)
        if written < len(line):
            raise OSError(None, "only a part of the request could be written", str(path))
    finally:
        os.close(handle)
