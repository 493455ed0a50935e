"""The one way to open a file that somebody named: a regular file, without waiting, and no more of it than is wanted.

A path in a project or a folder of runs may lead to a pipe that never answers, a device without an end, or a file
that grows while it is read. So: open without blocking, look at what was opened (not at the path, which may be another
file by then), and count while reading.
"""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

_CHUNK: Final = 1 << 20
_LARGEST_PIECE: Final = 1 << 26  # that is asked for at once
_FLAGS: Final = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY", "O_NOINHERIT")
)
_DEVICES: Final = frozenset(  # of Windows, whatever ending and folder they are given
    (
        "CON",
        "PRN",
        "AUX",
        "NUL",
        "CONIN$",
        "CONOUT$",
        *(f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789"),
    )
)


class NotRegularFileError(OSError):
    """The path leads to a folder, a pipe, a socket or a device."""


class FileTooLargeError(OSError):
    """There is more in the file than the caller takes. `limit` is in bytes."""

    def __init__(self, path: Path, limit: int) -> None:
        super().__init__(None, f"it is larger than {limit:,} bytes", str(path))
        self.limit = limit


def open_regular(path: Path | str) -> BinaryIO:
    """The file, opened for reading; raises OSError, NotRegularFileError for anything that is no regular file."""
    return os.fdopen(_opened(path)[0], "rb")


def _opened(path: Path | str) -> tuple[int, int]:
    """The file, opened, and how many bytes it has. Raises OSError, NotRegularFileError."""
    if os.name == "nt" and is_windows_device(Path(path)):
        raise NotRegularFileError(None, "it is no regular file", str(path))
    try:
        handle = os.open(path, _FLAGS)
    except ValueError as error:  # a zero byte, or half of a character
        raise OSError(errno.EINVAL, "no file can have this name", shown_path(path)) from error
    except OSError as error:
        if error.errno in (errno.ENXIO, errno.ENODEV, errno.EOPNOTSUPP):  # a socket, or a device without a driver
            raise NotRegularFileError(None, "it is no regular file", str(path)) from error
        raise
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise NotRegularFileError(None, "it is no regular file", str(path))
        return handle, status.st_size
    except BaseException:
        os.close(handle)
        raise


def require_regular(path: Path) -> None:
    """For libraries that open a path themselves. Raises OSError, NotRegularFileError."""
    open_regular(path).close()


def read_regular(path: Path | str, limit: int) -> bytes:
    """All of the file, if it has at most `limit` bytes; raises OSError, FileTooLargeError when there are more."""
    handle, size = _opened(path)
    try:
        parts: list[bytes] = []
        left, piece = limit + 1, min(size + 1, _LARGEST_PIECE)
        while left > 0 and (part := os.read(handle, min(piece, left))):
            parts.append(part)
            left -= len(part)
            piece = _CHUNK
    finally:
        os.close(handle)
    if left <= 0:
        raise FileTooLargeError(Path(path), limit)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def shown_path(path: Path | str) -> str:
    """The path as it can be shown, logged and sent: what is no character is written out."""
    return str(path).replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()


def is_windows_device(path: Path) -> bool:
    """Whether Windows takes the name for a device, in any folder and with any ending."""
    return path.name.split(".")[0].split(":")[0].rstrip(" ").upper() in _DEVICES
