"""Arrays in files as columns that are read while a model trains.

Scripts hold this word by word (`resources/python_code/shared.py`).
"""

import typing

import numpy as np

from resources.python_code.in_scripts.later import LaterColumn
from resources.python_code.in_scripts.words import as_numbers


def later_column(arrays: typing.Sequence[typing.Any]) -> typing.Any:
    """Arrays one after the other: numbers are read when they are asked for, words at once."""
    if any(array.dtype.kind in "OSU" for array in arrays):
        return as_numbers(np.concatenate([array[:] for array in arrays]))
    starts = np.cumsum([0, *map(len, arrays)])
    dtype = np.result_type(*(array.dtype for array in arrays)).newbyteorder("=")

    def read(rows: typing.Any) -> typing.Any:
        ends = np.searchsorted(rows, starts)
        pieces = [
            near_rows(array, rows[first:last] - start)
            for array, start, first, last in zip(arrays, starts, ends, ends[1:], strict=False)
            if first < last or array is arrays[0]
        ]
        return np.concatenate(pieces).astype(dtype, copy=False)

    return LaterColumn(int(starts[-1]), read)


def near_rows(array: typing.Any, rows: typing.Any) -> typing.Any:
    """Rows that rise: of near ones, what lies between them is read along, which is faster."""
    if len(rows) and rows[-1] - rows[0] >= 4 * len(rows):
        return array[rows]
    first, last = (rows[0], rows[-1] + 1) if len(rows) else (0, 0)
    return array[first:last][rows - first]
