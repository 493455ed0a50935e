"""Which samples are looked at, where not all can be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from runtime.worker.data.source import Array, Source

MOST_ROWS: Final = 20_000
MOST_LABELS: Final = 2_000_000  # class numbers: all of them, save where there are more
MOST_BYTES: Final = 48 * 2**20
MOST_FILES: Final = 240  # where each sample is a file of its own
_RUNS: Final = 40  # in which samples of what lies on a disk are read: one by one takes too long


def spread_rows(source: Source, name: str, most: int = MOST_ROWS) -> Array:
    """Up to `most` samples spread over the column, in their order, as int64; the first and the last are among them."""
    samples, *shape = source.shape(name)
    row_bytes = max(1, math.prod(shape) * source.dtype(name).itemsize)
    of_files = not source.in_memory() and source.run_rows(name) == 1
    if of_files and shape:
        most = min(most, MOST_FILES)
    count = min(samples, max(1, min(most, MOST_BYTES // row_bytes)))
    if count == samples:
        return np.arange(samples, dtype=np.int64)
    if source.in_memory() or of_files or count <= _RUNS:
        return np.unique(np.linspace(0, samples - 1, count).astype(np.int64))
    length = count // _RUNS
    starts = np.linspace(0, samples - length, _RUNS).astype(np.int64)
    return np.unique((starts[:, None] + np.arange(length)).reshape(-1))
