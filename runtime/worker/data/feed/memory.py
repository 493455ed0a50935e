"""Memory of arrays that nobody holds any more is used again.

New memory is handed out by the system page by page, and TensorFlow has the C library give freed memory back at once:
batches made anew each time were filled four times slower than batches in memory that was used before.
"""

from __future__ import annotations

import math
import sys
from collections import deque
from typing import Any, Final

import numpy as np

from runtime.worker.data.source import Array

ALIGNED: Final = 64  # bytes: TensorFlow and JAX take an array that begins at a multiple as it is, and copy others
_MOST: Final = 32  # arrays that are kept
_MOST_BYTES: Final = 128 * 2**20
_UNUSED: Final = 3  # references: of the deque, of a variable, and of the call that counts them


def aligned(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    """New memory that backends take without a copy; its values are anything."""
    return _beginning_well(np.empty(math.prod(shape) * dtype.itemsize + ALIGNED, np.uint8), shape, dtype)


def _beginning_well(memory: Array, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    first = -int(memory.__array_interface__["data"][0]) % ALIGNED
    array: Array = memory[first : first + math.prod(shape) * dtype.itemsize].view(dtype).reshape(shape)
    return array


class Recycled:
    """Gives arrays whose memory is no other's as long as they, a view of them, or a tensor on them is held."""

    def __init__(self) -> None:
        self._all: deque[Array] = deque()

    def array(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """Its values are anything."""
        size = math.prod(shape) * dtype.itemsize
        if dtype.hasobject or not size:
            return np.empty(shape, dtype)
        return _beginning_well(self._unused(size), shape, dtype)

    def clear(self) -> None:
        self._all.clear()

    def _unused(self, size: int) -> Array:
        for _ in range(len(self._all)):
            self._all.rotate(-1)
            memory = self._all[-1]
            if len(memory) == size + ALIGNED and sys.getrefcount(memory) == _UNUSED:
                return memory
        memory = np.empty(size + ALIGNED, np.uint8)
        self._all.append(memory)
        while len(self._all) > _MOST or sum(map(len, self._all)) > _MOST_BYTES:
            self._all.popleft()
        return memory
