"""A lock among processes: the system takes it from one that dies."""

import contextlib
import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_AGAIN_SECONDS: Final = 0.02
_TAKEN: Final = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)


class LockedError(OSError):
    """Another process holds the lock, and does not give it back."""


@contextlib.contextmanager
def exclusive(path: Path, seconds: float = 2.0) -> Iterator[None]:
    """Hold the lock of the file at `path`, which is made if there is none and stays.

    For what takes a moment. Raises OSError, LockedError when another one has held it for `seconds`.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        until = time.monotonic() + seconds
        while not _taken(handle):
            if time.monotonic() > until:
                raise LockedError(errno.EAGAIN, "another process holds it", str(path))
            time.sleep(_AGAIN_SECONDS)
        yield
    finally:
        os.close(handle)  # and with it goes the lock


if os.name == "nt":
    import msvcrt

    def _taken(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError as error:
            if error.errno not in _TAKEN:
                raise
            return False
        return True

else:
    import fcntl

    def _taken(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise
            return False
        return True
