"""Writing a file so that at every moment either the old or the new one is there, whole."""

import contextlib
import errno
import os
import shutil
import stat
from pathlib import Path
from typing import Final

from resources.regular_files import NotRegularFileError, open_regular
from resources.temporaries import temporary_name

_CHUNK: Final = 1 << 20
_FLAGS: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` beside ``path`` and swap it in; raises OSError with the old file untouched.

    A file that may not be written is not replaced either, and what is no regular file never is.
    """
    target, mode = replaceable(path)
    temporary = target.with_name(temporary_name(target.name))
    handle = os.open(temporary, _FLAGS, 0o666 if mode is None else 0o600)  # a new one gets what the umask leaves
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):  # the first error is the one to tell; a later start sweeps
            temporary.unlink()
        raise
    sync_folder(target.parent)


def copy_atomically(source: Path, target: Path) -> None:
    """Copy a regular file, however large, to where there is none yet. Raises OSError with nothing left behind."""
    temporary = target.with_name(temporary_name(target.name))
    try:
        with open_regular(source) as original, os.fdopen(os.open(temporary, _FLAGS, 0o666), "wb") as copy:
            shutil.copyfileobj(original, copy, _CHUNK)
        swap_in(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def swap_in(written: Path, target: Path, mode: int | None = None) -> None:
    """Put what a library has written beside `target` into its place, on the disk before it gets the name.

    Raises OSError; then `target` is what it was, and `written` is still there. `mode`: its rights from now on.
    """
    if not stat.S_ISREG(written.lstat().st_mode):
        raise NotRegularFileError(errno.EEXIST, "it is no regular file", str(written))
    with written.open("rb+") as file:
        os.fsync(file.fileno())
    if mode is not None:
        written.chmod(mode)
    written.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make new names in the folder last through a power cut, where the system can."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):  # the file is whole and in its place; some file systems cannot sync folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def replaceable(path: Path) -> tuple[Path, int | None]:
    """Return where a file swapped in for ``path`` goes, and the rights of the old one (None: there is none).

    A link stays a link. Raises OSError for what is never replaced: a folder, a device, a pipe, a file without the
    right to write, links that lead to each other.
    """
    try:
        target = path.resolve()
    except RuntimeError as error:  # what pathlib raises before Python 3.13
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from error
    try:
        facts = target.stat()
    except FileNotFoundError:
        return target, None
    if stat.S_ISDIR(facts.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    if not stat.S_ISREG(facts.st_mode):
        raise NotRegularFileError(errno.EEXIST, "it is no regular file", str(target))
    if not facts.st_mode & 0o222 or not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    return target, stat.S_IMODE(facts.st_mode) & 0o777
