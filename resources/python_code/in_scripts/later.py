"""Columns that are read while a model trains, and the order in which their samples come.

Scripts hold this word by word (`resources/python_code/shared.py`).
"""

import typing

import numpy as np

MIXED_BLOCKS = 16


class LaterColumn:
    """A column that is read when samples are asked for: `read` gives those at rows that rise."""

    def __init__(self, count: int, read: typing.Callable[[typing.Any], typing.Any]) -> None:
        self.count, self.read = count, read

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, rows: typing.Any) -> typing.Any:
        if isinstance(rows, slice):
            rows = np.arange(*rows.indices(self.count))
        rising, places = np.unique(rows, return_inverse=True)
        return self.read(rising)[places]


def order_in_blocks(rows: typing.Any, block: int, seed: typing.Any) -> typing.Any:
    """The rows in an order that follows from the seed alone.

    Blocks of neighbours, which a file gives fast, come in another order, and so many of them at a
    time are mixed. With a block of 1, each row can come anywhere.
    """
    random = np.random.default_rng(seed)
    if block == 1:
        return rows[random.permutation(len(rows))]
    blocks = np.split(rows, range(block, len(rows), block))
    blocks = [blocks[place] for place in random.permutation(len(blocks))]
    mixed = [blocks[first : first + MIXED_BLOCKS] for first in range(0, len(blocks), MIXED_BLOCKS)]
    return np.concatenate([random.permutation(np.concatenate(some)) for some in mixed])
