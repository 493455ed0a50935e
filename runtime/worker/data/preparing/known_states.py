"""What steps have learnt, kept in memory and in the cache folder: window and trainer ask for the same things."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from resources.cache_folder import cache_dir
from resources.private_files import write_private
from resources.regular_files import read_regular
from runtime.step_samples import State

FORMAT: Final = b"1"  # another number where steps learn otherwise than before
_FOLDER: Final = "steps"
_LARGEST: Final = 64 * 2**20  # bytes of one state on the disk
_ALL: Final = 256 * 2**20  # bytes of all of them: the oldest go first
_MOST: Final = 256  # in memory
_log = logging.getLogger(__name__)


class KnownStates:
    """`folder` None: nothing is kept on the disk."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._states: OrderedDict[bytes, State] = OrderedDict()
        self._lock = threading.Lock()

    @staticmethod
    def of_this_computer() -> KnownStates:
        return KnownStates(cache_dir() / _FOLDER)

    def get(self, key: bytes, learn: Callable[[], State], *, lasting: bool) -> State:
        """The state of `key`, learnt if it is not known. `lasting`: the key stands for files as they are now."""
        with self._lock:
            if key in self._states:
                self._states.move_to_end(key)
                return self._states[key]
        state = self._read(key) if lasting else None
        if state is None:
            state = learn()
            if lasting:
                self._write(key, state)
        with self._lock:
            self._states[key] = state
            while len(self._states) > _MOST:
                self._states.popitem(last=False)
        return state

    def _path(self, key: bytes) -> Path | None:
        return None if self._folder is None else self._folder / f"{key.hex()}.json"

    def _read(self, key: bytes) -> State | None:
        """What is missing or damaged is learnt again."""
        path = self._path(key)
        if path is None:
            return None
        try:
            state = msgspec.json.decode(read_regular(path, _LARGEST))
            os.utime(path)
        except (OSError, msgspec.DecodeError):
            return None
        return state if isinstance(state, dict) else None

    def _write(self, key: bytes, state: State) -> None:
        """A full disk ends the keeping, not the work."""
        path = self._path(key)
        content = msgspec.json.encode(state)
        if path is None or len(content) > _LARGEST:
            return
        try:
            write_private(path, content)
            _make_room(path.parent)
        except OSError as error:
            _log.info("what a step has learnt is not kept: %s", error)


def _make_room(folder: Path) -> None:
    files = []
    for path in folder.glob("*.json"):
        with contextlib.suppress(OSError):  # another process has deleted it
            status = path.stat()
            files.append((status.st_mtime, status.st_size, path))
    total = 0
    for _, size, path in sorted(files, reverse=True):
        total += size
        if total > _ALL:
            with contextlib.suppress(OSError):  # the same
                path.unlink()
