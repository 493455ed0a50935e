"""Samples that took long to decode are kept as they are stored, in memory or else on the disk, for the next epoch.

Only of sources in which each sample is a file, and only if all of them find room: half of them would spare half. A disk
that gets full ends the keeping, not the training.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from typing import IO, Final

import numpy as np

from resources.os_reasons import os_reason
from resources.text import Text
from runtime.worker.data.feed.memory import aligned
from runtime.worker.data.source import Array
from runtime.worker.process.memory import free_memory

_SHARE_OF_MEMORY: Final = 0.3  # of what is free
_SHARE_OF_DISK: Final = 0.3


class Kept:
    """Rows of bytes by their number. `tell` is called once with the reason where keeping ends early."""

    def __init__(self, count: int, sizes: Sequence[int], tell: Callable[[Text], object]) -> None:
        """`sizes` are the bytes of each of the parts that a sample has."""
        self._sizes, self._size, self._tell = tuple(sizes), sum(sizes), tell
        self._has = np.zeros(count, bool)
        self._lock = threading.Lock()
        self._memory: list[Array] | None = None  # a part in one piece: batches are gathered from it
        self._file: IO[bytes] | None = None
        needed = count * self._size
        if needed <= _SHARE_OF_MEMORY * free_memory():
            self._memory = [aligned((count, size), np.dtype(np.uint8)) for size in self._sizes]
        elif needed <= _SHARE_OF_DISK * shutil.disk_usage(tempfile.gettempdir()).free:
            try:
                self._file = tempfile.TemporaryFile(prefix="lamella-", buffering=0)  # noqa: SIM115 - until `close`
            except OSError as error:
                self._end(error)

    @property
    def active(self) -> bool:
        return self._memory is not None or self._file is not None

    @property
    def holds_memory(self) -> bool:
        return self._memory is not None

    def has(self, rows: Array) -> Array:
        """Which of these samples are kept."""
        found: Array = self._has[rows] if self.active else np.zeros(len(rows), bool)
        return found

    def in_memory(self, rows: Array) -> list[Array] | None:
        """The parts of all samples, each of the shape (samples, bytes), if these ones are kept, and in memory."""
        memory = self._memory
        return memory if memory is not None and self._has[rows].all() else None

    def get(self, rows: Array) -> list[Array]:
        """The parts of kept samples, each of the shape (rows, bytes)."""
        if self._memory is not None:
            return [part[rows] for part in self._memory]
        out = np.empty((len(rows), self._size), np.uint8)
        with self._lock:
            assert self._file is not None  # or none is kept
            for place, row in enumerate(rows.tolist()):
                self._file.seek(row * self._size)
                self._file.readinto(memoryview(out[place]))  # type: ignore[attr-defined]
        return np.split(out, np.cumsum(self._sizes[:-1]), axis=1)

    def put(self, rows: Array, parts: Sequence[Array]) -> None:
        """`parts` are as `get` gives them."""
        if self._memory is not None:
            for kept, part in zip(self._memory, parts, strict=True):
                kept[rows] = part
            self._has[rows] = True
            return
        samples = np.concatenate(parts, axis=1)
        with self._lock:
            try:
                for row, sample in zip(rows.tolist(), samples, strict=True):
                    if self._file is None:
                        return
                    self._file.seek(row * self._size)
                    if self._file.write(memoryview(sample)) != self._size:
                        raise OSError(28, "No space left on device")
                    self._has[row] = True
            except OSError as error:
                self._end(error)

    def close(self) -> None:
        self._memory = None
        self._has[:] = False
        if self._file is not None:
            self._file.close()
            self._file = None

    def _end(self, error: OSError) -> None:
        self.close()
        self._tell(
            Text.of(
                "Decoded samples are not kept any more, and each epoch decodes them again: {reason}.",
                reason=os_reason(error),
            )
        )
