"""Windows over the rows of a time series as samples. Scripts hold this word by word."""

import typing

import numpy as np


def row_spans(
    count: int,
    size: int,
    stride: int,
    order_by: typing.Any = None,
    group_by: typing.Any = None,
) -> typing.Any:
    """Return the rows of each window, and of what lies behind it, shape (windows, size).

    Windows begin `stride` rows apart. Rows are ordered by a column; no window holds rows of two
    groups. Raises ValueError where no window fits.
    """
    keys = [
        np.unique(np.asarray(column).reshape(-1), return_inverse=True)[1]
        for column in (order_by, group_by)
        if column is not None
    ]
    order = np.lexsort(keys) if keys else np.arange(count)
    groups = keys[-1][order] if group_by is not None else order * 0
    series = np.split(order, np.flatnonzero(np.diff(groups)) + 1)
    series = [rows for rows in series if len(rows) >= size]
    if not series:
        raise ValueError(f"no window of {size} rows with what lies behind it fits into {count}")
    spans = [np.lib.stride_tricks.sliding_window_view(rows, size)[::stride] for rows in series]
    return np.concatenate(spans)


def spans_in_parts(spans: typing.Any, parts: typing.Sequence[typing.Any]) -> list[typing.Any]:
    """Return the windows of each part, given its rows; those over a border are in none."""
    part = np.full(1 + max(int(rows.max(initial=0)) for rows in (spans, *parts)), -1)
    for number, rows in enumerate(parts):
        part[rows] = number
    found = part[spans]
    alike = (found == found[:, :1]).all(axis=1)
    return [np.flatnonzero(alike & (found[:, 0] == number)) for number in range(len(parts))]


def rows_of_spans(spans: typing.Any, length: int) -> typing.Any:
    """Return the rows that windows of this length hold, and those that they tell, each once."""
    return np.unique(np.concatenate([spans[:, :length].reshape(-1), spans[:, -1]]))
