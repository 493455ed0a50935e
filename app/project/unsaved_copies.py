"""The files of copies of unsaved work: several generations for each program, and where those go that nobody wants now.

A name tells whose copy it is (see resources/temporaries.py) and which generation. Nothing is thrown away unread: what
a person declines lies in `kept` for a month, what cannot be read in `unreadable`.
"""

from __future__ import annotations

import contextlib
import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from graph_editor.document.files.file_format import MAX_BYTES
from resources.locks import LockedError, exclusive
from resources.private_files import private_folder, write_private
from resources.regular_files import read_regular
from resources.temporaries import is_abandoned, is_own_host, owner_mark

GENERATIONS: Final = 3
KEPT, UNREADABLE = "kept", "unreadable"
KEEP_DAYS: Final = 30
_LOCK: Final = "claims.lock"
_APART_SECONDS: Final = 60.0  # at least so much work lies between two generations
_QUIET_SECONDS: Final = 3600.0  # a copy of another host that is older than that is offered here
_LARGEST: Final = 2 * MAX_BYTES  # quotation marks and the like are written as two characters
_log = logging.getLogger(__name__)


class Copy(msgspec.Struct, frozen=True):
    """An autosaved copy. `project` is the path of the project's own file, empty when it has none."""

    project: str
    name: str
    saved: float  # seconds since 1970
    pid: int
    started: float  # start time of that process; 0 when the name of the file tells whose it is
    content: str
    runs: str = ""  # the runs folder of a project that has no file


@dataclass(frozen=True)
class Abandoned:
    """What one program that is gone has left: `files` are all of it, `copies` those that can be read, newest first."""

    files: tuple[Path, ...]
    copies: tuple[tuple[Path, Copy], ...]


class CopyWriter:
    """The copies of this program's project. All methods are called on one thread and raise OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stem = f"copy{owner_mark()}"
        self._generation = 1
        self._began = 0.0  # when the newest generation was first written

    @property
    def newest(self) -> Path:
        return self._path(self._generation)

    def write(self, copy: Copy) -> None:
        """Write over the newest generation, or begin another when that is of some time ago."""
        fresh = self._began and time.monotonic() - self._began > _APART_SECONDS
        generation = self._generation + 1 if fresh else self._generation
        write_private(self._path(generation), msgspec.json.encode(copy))
        if fresh or not self._began:
            self._began = time.monotonic()
        self._generation = generation
        self._path(generation - GENERATIONS).unlink(missing_ok=True)

    def clear(self) -> None:
        """The work is safe elsewhere, or was given up on purpose."""
        for generation in range(max(0, self._generation - GENERATIONS), self._generation + 1):
            self._path(generation).unlink(missing_ok=True)
        self._began = 0.0

    def _path(self, generation: int) -> Path:
        return self._folder / f"{self._stem}.{generation}.json"


def abandoned(folder: Path) -> list[Abandoned]:
    """The copies of programs that are gone, those with the newest copy first."""
    groups: dict[str, list[Path]] = {}
    for path in folder.glob("*.json"):
        groups.setdefault(re.sub(r"\.\d+\.json$", "", path.name), []).append(path)
    found = [_read_group(sorted(paths, key=_generation_of, reverse=True)) for paths in groups.values()]
    left = [group for group in found if group is not None]
    return sorted(left, key=lambda group: group.copies[0][1].saved if group.copies else 0.0, reverse=True)


def claim(folder: Path, abandoned: Abandoned) -> Abandoned | None:
    """Make the copies this program's own, so that no other one offers them; None when another one was faster.

    They get names that say whose they are now: when this program dies, they are abandoned again.
    """
    stem = f"copy{owner_mark()}"
    names = {path: folder / f"{stem}.{_generation_of(path)}.json" for path in abandoned.files}
    try:
        with exclusive(folder / _LOCK):
            if not all(path.exists() for path in names):
                return None
            for path, own in names.items():
                path.rename(own)
    except LockedError:
        return None  # the next start offers them
    except OSError as error:
        _log.warning("Automatic copies could not be claimed: %s", error)
        return abandoned  # rather offered twice than never
    return Abandoned(tuple(names.values()), tuple((names[path], copy) for path, copy in abandoned.copies))


def read_copy(path: Path) -> Copy | None:
    """None when the file is no whole copy. Raises OSError."""
    try:
        return msgspec.json.decode(read_regular(path, _LARGEST), type=Copy)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def put_aside(files: Sequence[Path], where: str) -> list[Path]:
    """Move copies to the folder `where` beside them; the new places of those that are still there."""
    targets = []
    for path in files:
        try:
            target = private_folder(path.parent / where) / path.name
            path.replace(target)
            targets.append(target)
        except FileNotFoundError:
            continue  # another window was faster
        except OSError as error:
            _log.warning("An automatic copy could not be put aside: %s", error)
    return targets


def keep(files: Sequence[Path]) -> list[Path]:
    """Put readable copies where a person finds them again: named after their project and time."""
    targets = []
    for path in files:
        with contextlib.suppress(OSError):
            copy = read_copy(path)
            if copy is None:
                continue
            when = time.strftime("%Y-%m-%d %H.%M.%S", time.localtime(copy.saved))
            name = re.sub(r"[^\w .-]", "_", copy.name)[:60].strip(". ") or "copy"
            target = private_folder(path.parent / KEPT) / f"{name} {when}.json"
            path.replace(target)
            targets.append(target)
    return targets


def forget_old(folder: Path) -> None:
    """Delete what has lain aside for a month."""
    for path in [*folder.glob(f"{KEPT}/*.json"), *folder.glob(f"{UNREADABLE}/*.json")]:
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > KEEP_DAYS * 86_400:
                path.unlink()


def _read_group(files: list[Path]) -> Abandoned | None:
    """None while its program lives."""
    if any(_is_in_use(path) for path in files):
        return None
    copies = []
    for path in files:
        try:
            copy = read_copy(path)
        except OSError as error:
            _log.warning("An automatic copy could not be read: %s", error)
            continue
        if copy is not None and copy.started and _is_running(copy):  # of an older Lamella: its name does not tell
            return None
        if copy is not None:
            copies.append((path, copy))
    return Abandoned(tuple(files), tuple(copies))


def _is_in_use(path: Path) -> bool:
    own = is_own_host(path.name)
    if own is False:
        with contextlib.suppress(OSError):
            return time.time() - path.stat().st_mtime < _QUIET_SECONDS
    return own is True and not is_abandoned(path.name)


def _is_running(copy: Copy) -> bool:
    import psutil

    try:
        return abs(psutil.Process(copy.pid).create_time() - copy.started) < 5.0
    except psutil.Error:
        return False


def _generation_of(path: Path) -> int:
    found = re.search(r"\.(\d+)\.json$", path.name)
    return int(found[1]) if found else 0
