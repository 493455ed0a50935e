"""Names for what is only half there: they say which process makes it, so that what a killed one left can be taken away.

A name tells the host (with its space of process numbers), the boot, the process and when that started. What another
host made is never touched, nor what a living process makes, nor anything whose name is not exactly of this kind.
"""

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from resources import processes

_SHOWN: Final = 20  # characters of the final name, so that the whole is short enough for every file system
_NO_BOOT: Final = "00000000"
_MARK: Final = re.compile(
    r"\.lamella-(?P<host>[0-9a-f]{8})-(?P<boot>[0-9a-f]{8})-(?P<pid>[0-9a-f]{1,8})-(?P<start>[0-9a-f]{1,16})-[0-9a-f]{8}"
)
_NAME: Final = re.compile(r"\..{0,20}?" + _MARK.pattern + r"(\.[a-z0-9]+){1,2}", re.DOTALL)


class _Owner(NamedTuple):
    host: str
    boot: str
    pid: int
    start: int


def temporary_name(final: str, suffix: str = ".tmp") -> str:
    """A fresh name for what becomes `final`, in the same folder. `suffix` is for writers that look at it."""
    shown = final.lstrip(".")[:_SHOWN].replace(".lamella-", ".")
    return f".{shown}{owner_mark()}{suffix}"


def folder_prefix() -> str:
    """For folders among those of other programs (`tempfile.mkdtemp`), whose names end as that likes."""
    return f"lamella{owner_mark()}."


def owner_mark() -> str:
    """A part of a file's name that says whose it is, and is of this name alone."""
    pid = os.getpid()
    return f".lamella-{_host()}-{_boot()}-{pid:x}-{processes.own_start():x}-{secrets.token_hex(4)}"


def is_own_host(name: str) -> bool | None:
    """Whether a process of this host gave the name; None when no process of ours did."""
    found = _MARK.search(name)
    return None if found is None else found["host"] == _host()


def is_temporary(name: str) -> bool:
    """Whether the name is one that this module gives."""
    return _NAME.fullmatch(name) is not None


def is_abandoned(name: str) -> bool:
    """Whether the name is ours, of this host, and its process has ended."""
    match = _MARK.search(name)
    if match is None:
        return False
    owner = _Owner(match["host"], match["boot"], int(match["pid"], 16), int(match["start"], 16))
    return owner.host == _host() and not (owner.boot == _boot() and processes.is_running(owner.pid, owner.start))


def sweep(folders: Iterable[Path]) -> int:
    """Take away what ended processes left half done in these folders (not below them); returns how many things.

    What cannot be read or taken away is left: somebody else's, or a folder that has gone.
    """
    return sum(_remove(path) for folder in folders for path in _abandoned(folder))


def _abandoned(folder: Path) -> list[Path]:
    paths: list[Path] = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            ours = is_temporary(name) or re.fullmatch(r"lamella" + _MARK.pattern + r"\.\w+", name)
            if ours and is_abandoned(name) and _is_mine(entry.path):
                paths.append(Path(entry.path))
    return paths


def _is_mine(path: str) -> bool:
    """No link, no device, and of this user, where there are users."""
    facts = os.lstat(path)
    plain = stat.S_ISREG(facts.st_mode) or stat.S_ISDIR(facts.st_mode)
    return plain and (not hasattr(os, "getuid") or facts.st_uid == os.getuid())


def _remove(path: Path) -> bool:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError:
        return False  # the next start tries again
    return True


@cache
def _host() -> str:
    """This machine and its space of process numbers, in eight characters."""
    return hashlib.sha256(f"{processes.machine()} {processes.space()}".encode()).hexdigest()[:8]


def _boot() -> str:
    return processes.boot() or _NO_BOOT
