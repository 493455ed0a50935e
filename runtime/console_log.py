"""What a worker prints, as a file that does not grow without end: its beginning and its end stay.

The beginning tells how things were set up, the end why they went wrong. What lies between them is left out once the
file is four times as long, and a line in its place says how much that was.
"""

import io
import os
import re
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

HEAD_BYTES: Final = 1 << 20
TAIL_BYTES: Final = 1 << 20
LONGEST_BYTES: Final = 4 << 20
_CHECK_SECONDS: Final = 0.5
_LONGEST_LINE: Final = 1 << 16  # no end of a line is looked for farther than that
_MARK: Final = re.compile(rb"\n\[Lamella left out ([\d,]+) bytes here\]\n")


class ConsoleLog:
    """The file, written through this object."""

    def __init__(self, path: Path) -> None:
        """Raises OSError. What is in the file already stays in front."""
        self._path = path
        self._file: BinaryIO = path.open("ab", buffering=0)

    def write(self, data: bytes) -> None:
        """Raises OSError."""
        self._file.write(data)
        if self._file.tell() > LONGEST_BYTES:
            shorten(self._path)
            self._file.seek(0, os.SEEK_END)

    def close(self) -> None:
        self._file.close()


class _Enduring(io.FileIO):
    """A stream whose reader may be gone: what nobody can read is dropped, and whoever prints goes on."""

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes


def print_without_readers() -> None:
    """From now on this process may print although nobody reads it: a window that was killed takes the pipe along.

    Between that and the moment when the worker hears of it, a layer that prints would else end the training.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        stream.flush()
        raw = _Enduring(stream.fileno(), "w", closefd=False)
        setattr(sys, name, io.TextIOWrapper(raw, "utf-8", "backslashreplace", write_through=True))


def print_into(path: Path) -> None:
    """Everything that this process prints goes to the end of `path` from now on, or nowhere if that cannot be.

    It is written directly, so that the last words of a crash are there; a thread looks after the length.
    """
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    except OSError:
        file = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(file, stream.fileno())
    os.close(file)
    threading.Thread(target=_look_after, args=(path,), name="console log", daemon=True).start()


def _look_after(path: Path) -> None:
    while True:
        threading.Event().wait(_CHECK_SECONDS)
        try:
            if path.stat().st_size > LONGEST_BYTES:
                shorten(path)
        except OSError:
            continue  # the folder was moved or is gone; it may come back


def shorten(path: Path) -> None:
    """Leave out what lies between the beginning and the end of a log. Raises OSError.

    It happens in place, since a full disk has no room for a second file and others may have this one open.
    """
    with path.open("r+b", buffering=0) as file:
        head, left_out = _head(file)
        end = file.seek(0, os.SEEK_END)
        start = max(end - TAIL_BYTES, head)
        file.seek(start)
        tail = file.read(TAIL_BYTES)
        skipped = _line_start(tail)
        left_out += start + skipped - head
        file.seek(head)
        file.write(b"\n[Lamella left out %s bytes here]\n" % f"{left_out:,}".encode() + tail[skipped:])
        file.truncate()


def _head(file: BinaryIO) -> tuple[int, int]:
    """The end of the beginning that stays, and how much was left out behind it (with the line that says so)."""
    beginning = file.read(HEAD_BYTES + 100)
    if mark := _MARK.search(beginning):
        return mark.start(), int(mark[1].replace(b",", b"")) - len(mark[0])
    last_line = beginning.rfind(b"\n", HEAD_BYTES - _LONGEST_LINE, HEAD_BYTES)
    return (last_line if last_line >= 0 else HEAD_BYTES), 0


def _line_start(tail: bytes) -> int:
    """Return where the first whole line begins; in a line without an end, the first whole letter."""
    if found := tail.find(b"\n", 0, _LONGEST_LINE) + 1:
        return found
    return next((place for place in range(4) if tail[place : place + 1] and tail[place] & 0xC0 != 0x80), 0)
