"""Arrays of a large table in one file of the cache, memory mapped; in memory where the disk has no room.

`arrays` holds them one after the other; what they belong to stands in `facts` beside it. A folder is written under
another name and renamed when it is whole; the oldest ones go when all together are too large.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import msgspec

from resources.cache_folder import cache_dir
from resources.regular_files import read_regular, require_regular
from runtime.lazy import LazyModule
from runtime.worker.data.source import Array
from runtime.worker.process.memory import free_memory

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

VERSION: Final = 1  # of what is written; what has another one is read anew
MOST_BYTES: Final = 10 * 2**30  # of all tables together
_LEFT_FREE: Final = 2**30  # bytes of the disk that are never taken
_LEFT_MEMORY: Final = 256 * 2**20
_LOOK_AGAIN: Final = 64 * 2**20  # bytes between two looks at the room that is left
_ARRAYS, _FACTS, _PARTIAL = "arrays", "facts", ".part"
_DTYPES: Final = ("int64", "float64", "int32", "uint8")
_LARGEST_FACTS: Final = 2**29
_LEFT_BEHIND: Final = 3600.0  # seconds after which an unfinished folder is nobody's


class NoRoomError(Exception):
    """The disk is full, or cannot be written to."""


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`places` are where arrays begin, how many values they have, and their types; `facts` is of whoever wrote them."""

    version: int
    places: list[tuple[int, int, int]]
    facts: msgspec.Raw


def folder_of(path: Path, options: object) -> Path:
    """Where the arrays of a file as it is now are kept, read with these options. Raises OSError."""
    status = path.stat()
    key = [str(path.resolve()), status.st_size, status.st_mtime_ns, status.st_ino, repr(options), VERSION]
    return cache_dir() / "tables" / hashlib.sha256(msgspec.json.encode(key)).hexdigest()[:32]


class Arrays:
    """Arrays by the numbers that `put` gave."""

    def __init__(self, places: list[tuple[int, int, int]], mapped: Array | None, held: list[Array]) -> None:
        self._places, self._mapped, self._held = places, mapped, held

    def get(self, number: int) -> Array:
        if self._mapped is None:
            return self._held[number]
        start, count, kind = self._places[number]
        dtype = np.dtype(_DTYPES[kind])
        values: Array = self._mapped[start : start + count * dtype.itemsize].view(dtype)
        return values


class Writer:
    """`folder` None: in memory."""

    def __init__(self, folder: Path | None) -> None:
        """Raises NoRoomError."""
        self._folder, self._size, self._looked = folder, 0, -_LOOK_AGAIN
        self._places: list[tuple[int, int, int]] = []
        self._held: list[Array] = []
        self._file: BinaryIO | None = None
        if folder is None:
            return
        self._partial = folder.with_name(f"{folder.name}.{os.getpid()}{_PARTIAL}")
        try:
            _make_room(folder.parent)
            shutil.rmtree(self._partial, ignore_errors=True)
            self._partial.mkdir(parents=True, mode=0o700)
            self._file = (self._partial / _ARRAYS).open("xb", buffering=2**20)
        except OSError as error:
            raise NoRoomError from error

    def put(self, values: Array) -> int:
        """The number of the array. Raises NoRoomError, MemoryError."""
        values = np.ascontiguousarray(values)
        self._require_room(values.nbytes)
        if self._file is None:
            self._held.append(values)
            self._places.append((0, 0, 0))
        else:
            try:
                self._file.write(values.tobytes())
                self._file.write(bytes(-values.nbytes % 8))
            except OSError as error:
                raise NoRoomError from error
            self._places.append((self._size, len(values), _DTYPES.index(values.dtype.name)))
        self._size += values.nbytes + -values.nbytes % 8
        return len(self._places) - 1

    def put_rows(self, values: Array) -> range:
        """The numbers of the rows of a matrix of values of eight bytes. Raises NoRoomError, MemoryError."""
        first, (count, length) = self.put(values.reshape(-1)), values.shape
        start, _, kind = self._places.pop()
        each = length * values.dtype.itemsize
        self._places += [(start + each * number, length, kind) for number in range(count)]
        if self._file is None:
            self._held[first:] = list(values)
        return range(first, first + count)

    def _require_room(self, more: int) -> None:
        if self._size + more - self._looked < _LOOK_AGAIN:
            return
        self._looked = self._size
        if self._file is None:
            if free_memory() < more + _LEFT_MEMORY:
                raise MemoryError
            return
        try:
            free = shutil.disk_usage(self._partial).free
        except OSError as error:
            raise NoRoomError from error
        if free < more + _LEFT_FREE:
            raise NoRoomError

    def written(self) -> Arrays:
        """Return what was put until now, to be read while more is put. Raises NoRoomError."""
        if self._file is None:
            return Arrays(self._places, None, self._held)
        try:
            self._file.flush()
            return Arrays(self._places, _mapped(self._partial / _ARRAYS), [])
        except OSError as error:
            raise NoRoomError from error

    def finish(self, facts: Any) -> Arrays:
        """Raises NoRoomError."""
        if self._file is None or self._folder is None:
            return Arrays(self._places, None, self._held)
        kept = Kept(VERSION, self._places, msgspec.Raw(msgspec.msgpack.encode(facts)))
        try:
            self._file.close()
            (self._partial / _FACTS).write_bytes(msgspec.msgpack.encode(kept))
            shutil.rmtree(self._folder, ignore_errors=True)  # one that is damaged, or somebody else's that is the same
            self._partial.rename(self._folder)
            return Arrays(self._places, _mapped(self._folder / _ARRAYS), [])
        except OSError as error:
            raise NoRoomError from error

    def drop(self) -> None:
        """What was not finished goes."""
        if self._file is not None:
            with contextlib.suppress(OSError):  # the disk is full: there is nothing more to write
                self._file.close()
            shutil.rmtree(self._partial, ignore_errors=True)


def opened(folder: Path) -> tuple[Arrays, bytes] | None:
    """What is kept in a folder, and the facts about it; None where it is not there, or not whole."""
    try:
        require_regular(folder / _ARRAYS)
        kept = msgspec.msgpack.decode(read_regular(folder / _FACTS, _LARGEST_FACTS), type=Kept)
        mapped = _mapped(folder / _ARRAYS)
        with contextlib.suppress(OSError):  # a cache that can only be read
            os.utime(folder)
    except (OSError, ValueError, msgspec.MsgspecError):
        return None
    sizes = [np.dtype(name).itemsize for name in _DTYPES]
    for start, count, kind in kept.places:
        if not 0 <= kind < len(sizes) or start < 0 or start + count * sizes[kind] > len(mapped):
            return None
    return (Arrays(kept.places, mapped, []), bytes(kept.facts)) if kept.version == VERSION else None


def _mapped(path: Path) -> Array:
    if path.stat().st_size == 0:
        return np.zeros(0, np.uint8)
    return np.memmap(path, np.uint8, "r")


def _make_room(folder: Path) -> None:
    """The tables that were opened last stay. Raises OSError."""
    if not folder.is_dir():
        return
    found = sorted(((entry.stat().st_mtime, entry) for entry in folder.iterdir() if entry.is_dir()), reverse=True)
    total = 0
    for changed, entry in found:
        total += sum(file.stat().st_size for file in entry.iterdir())
        left_behind = entry.name.endswith(_PARTIAL) and time.time() - changed > _LEFT_BEHIND
        if left_behind or (total > MOST_BYTES and not entry.name.endswith(_PARTIAL)):
            shutil.rmtree(entry, ignore_errors=True)
