"""Which files of a folder are whole: each is read once, so that none stops a training that is under way.

What was found is kept in the user's cache, by the times and sizes of the files and by how they are read: whoever trains
goes on where the check has stopped, and the check knows what a training has found. It is only a convenience: where it
cannot be written or read, the files are read again.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from resources.atomic import write_atomically
from resources.cache_folder import cache_dir
from resources.regular_files import read_regular
from resources.text import Text
from runtime.worker.data.stamps import folder_stamp
from runtime.worker.process.waiting import got_on

Reason = str | Text
Bad = Mapping[int, Reason]
SECONDS: Final = 3.0  # that a check takes for it: a few thousand small pictures
_FOLDER: Final = "read_through"
_LARGEST: Final = 2**22
_MOST: Final = 100  # folders that are remembered; the oldest go first


class _Known(msgspec.Struct, frozen=True):
    """Of the first `read` files those that cannot be read, and why."""

    read: int = 0
    bad: dict[int, Reason] = {}


class ReadThrough:
    """`count` files below `root`, read in pieces of `piece`; `how` says how, `look(first, last)` gives the bad ones."""

    def __init__(self, root: str, how: object, count: int, piece: int, look: Callable[[int, int], Bad]) -> None:
        self._root, self._how, self._count, self._piece, self._look = root, how, count, piece, look
        self._known = _Known()

    @property
    def whole(self) -> bool:
        return self._known.read >= self._count

    def go_on(self, seconds: float = SECONDS, tell: Callable[[float], None] = lambda _part: None) -> Bad:
        """Of the files that were read by now, those that cannot be. Stops after `seconds`, or when all were read.

        Raises CancelledError when nobody waits any more, and what `tell` raises, which hears how much is done.
        """
        path = self._path() if not self.whole else None
        before = self._known = self._kept(path)
        until = time.monotonic() + seconds
        try:
            while not self.whole and time.monotonic() < until:
                first = self._known.read
                tell(first / self._count)
                got_on(first, self._count, "files", again=True)
                last = min(first + self._piece, self._count)
                self._known = _Known(last, {**self._known.bad, **self._look(first, last)})
        finally:
            if self._known != before:
                self._keep(path)
        return self._known.bad

    def _path(self) -> Path | None:
        try:
            stamp = folder_stamp(self._root)
        except OSError:
            return None
        key = repr((self._root, self._how, self._count, stamp)).encode("utf-8", "surrogatepass")
        return cache_dir() / _FOLDER / f"{hashlib.sha256(key).hexdigest()[:40]}.json"

    def _kept(self, path: Path | None) -> _Known:
        """What is known, by whoever has read more."""
        if path is not None:
            with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
                known = msgspec.json.decode(read_regular(path, _LARGEST), type=_Known)
                if self._known.read < known.read <= self._count:
                    return known
        return self._known

    def _keep(self, path: Path | None) -> None:
        if path is None:
            return
        with contextlib.suppress(OSError):  # a full disk, or one that nobody may write on: it is found out again
            path.parent.mkdir(parents=True, exist_ok=True)
            files = sorted(path.parent.glob("*.json"), key=lambda file: file.stat().st_mtime)
            for old in files[: max(0, len(files) - _MOST + 1)]:
                old.unlink(missing_ok=True)
            write_atomically(path, msgspec.json.encode(self._known))
