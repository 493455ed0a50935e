"""What Lamella remembers about a person's work is that person's alone: files of mode 0600 in folders of mode 0700.

For settings, state and the data folder; the files of projects keep what the umask says. Windows keeps a user's own
folders private by itself, and its modes say nothing about others: there nothing is changed.
"""

import logging
import os
import stat
from pathlib import Path
from typing import Final

from resources.atomic import write_atomically

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600
_MOST: Final = 20_000  # files that are looked at; each start goes on where wide ones are left
_log = logging.getLogger(__name__)


def private_folder(path: Path) -> Path:
    """Make the folder, and what is missing above it, for its owner alone; narrow it if it is there. Raises OSError."""
    for missing in reversed([folder for folder in (path, *path.parents) if not folder.exists()]):
        missing.mkdir(mode=FOLDER_MODE, exist_ok=True)
    _narrow(path, FOLDER_MODE)
    return path


def write_private(path: Path, content: bytes) -> None:
    """Write a file of state atomically, in a folder that is made when it is missing. Raises OSError."""
    private_folder(path.parent)  # before the file: nobody else can look into it while it is new
    write_atomically(path, content)
    _narrow(path, FILE_MODE)


def narrow_file(path: Path) -> None:
    """Make a file that something else has written its owner's alone. Raises OSError."""
    _narrow(path, FILE_MODE)


def private_opener(path: str, flags: int) -> int:
    """For `open(…, opener=)`: the file is made, or becomes, its owner's alone."""
    handle = os.open(path, flags, FILE_MODE)
    if hasattr(os, "fchmod"):
        os.fchmod(handle, FILE_MODE)
    return handle


def stay_private(folder: Path) -> None:
    """From now on this process makes nothing that others can read, if the folder it works in is private."""
    if os.name != "nt" and folder.is_dir() and not folder.stat().st_mode & 0o077:
        os.umask(0o077)


def narrow_all(root: Path) -> None:
    """Narrow everything in a folder that an older Lamella, or a copy, left open to others. Links are not followed.

    What belongs to somebody else stays as it is, and that is logged.
    """
    if os.name == "nt" or root.is_symlink() or not root.is_dir():
        return
    left = _MOST
    _narrow_logged(root, FOLDER_MODE)
    for place, folders, files in os.walk(root):
        for names, mode in ((folders, FOLDER_MODE), (files, FILE_MODE)):
            for name in names[:left]:
                _narrow_logged(Path(place) / name, mode)
            left -= len(names)
        if left <= 0:
            return


def _narrow_logged(path: Path, mode: int) -> None:
    try:
        _narrow(path, mode)
    except OSError as error:
        _log.warning("%s stays readable for others: %s", path, error)


def _narrow(path: Path, mode: int) -> None:
    """Take away what others may do; what the owner may not do stays forbidden."""
    if os.name == "nt":
        return
    facts = path.lstat()
    if stat.S_ISREG(facts.st_mode) or stat.S_ISDIR(facts.st_mode):
        have = stat.S_IMODE(facts.st_mode)
        if have & ~mode & 0o7077:
            path.chmod(have & mode)
