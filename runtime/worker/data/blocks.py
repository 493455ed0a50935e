"""How much of a column is looked at before training, and reading it in pieces that fit into memory."""

from collections.abc import Iterator
from typing import Final

from runtime.worker.data.fitting import Fit
from runtime.worker.data.source import Array, Source

CHECKED_BYTES: Final = 2 * 2**30  # of one column; what lies behind is checked while it is read for training
CHECKED_FILES: Final = 256  # where a sample is a file: decoding all of them would take as long as training with them
CHUNK_BYTES: Final = 64 * 2**20


def checked_samples(source: Source, name: str) -> int:
    """How many samples of a column are looked at; what lies behind is checked while it is read."""
    files = source.run_rows(name) == 1 and not source.in_memory()
    most = CHECKED_FILES if files else source.shape(name)[0]
    return min(source.shape(name)[0], most, max(1, CHECKED_BYTES // source.sample_bytes(name)))


def checked_whole(source: Source, fitted: Fit) -> bool:
    """Whether the check has looked at every sample."""
    return all(checked_samples(source, name) == source.shape(name)[0] for name in fitted.columns)


def blocks(source: Source, name: str) -> Iterator[tuple[int, Array]]:
    """The samples that are looked at, in pieces that fit into memory, each with the number of its first one."""
    last, size = checked_samples(source, name), max(1, CHUNK_BYTES // source.sample_bytes(name))
    for first in range(0, last, size):
        yield first, source.read(name, slice(first, min(first + size, last)))


def first_block(source: Source, name: str) -> Array:
    """As many samples from the beginning as are read at once."""
    return next((values for _, values in blocks(source, name)), source.read(name, slice(0, 0)))
