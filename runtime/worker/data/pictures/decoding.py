"""Decoding many files at once: in threads where pictures are so large that decoding, not Python, takes the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from runtime.worker.devices.cores import cpu_cores
from runtime.worker.process.crew import Crew

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]
else:
    Array = Any

_MOST_THREADS: Final = 16
_WORTH_IT: Final = 96 * 96  # pixels of a usual picture: below, threads wait for Python's lock and make it slower
BUNCH: Final = 256  # small pictures that are decoded by one call
_WORTH_A_BUNCH: Final = 16
_PIECE: Final = 8  # samples that a thread takes at a time


class Decoder:
    """Reads samples into an array. Its threads start when they are needed, and end with `close`."""

    def __init__(self, pixels: int) -> None:
        """`pixels` of a usual picture."""
        self._threads = min(cpu_cores(), _MOST_THREADS) if pixels >= _WORTH_IT else 1
        self._pool: Crew | None = None

    def fill(
        self,
        out: Array,
        rows: Sequence[int],
        read: Callable[[int], Array],
        read_many: Callable[[Sequence[int]], Array | None] = lambda _rows: None,
    ) -> None:
        """`out[i]` becomes `read(rows[i])`. The first error is raised, after all have ended.

        Small ones are asked of `read_many` first, a bunch at a time; it gives None where it does not serve.
        """

        def piece(first: int) -> None:
            for place in range(first, min(first + _PIECE, len(rows))):
                out[place] = read(rows[place])

        if self._threads == 1 or len(rows) <= _PIECE:
            for first in range(0, len(rows), BUNCH):
                bunch = rows[first : first + BUNCH]
                many = read_many(bunch) if len(bunch) >= _WORTH_A_BUNCH else None
                if many is not None:
                    out[first : first + len(bunch)] = many
                    continue
                for place, row in enumerate(bunch, first):
                    out[place] = read(row)
            return
        if self._pool is None:
            self._pool = Crew(self._threads, "decode")
        self._pool.each(piece, range(0, len(rows), _PIECE))

    def close(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None
