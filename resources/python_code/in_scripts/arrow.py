"""Columns of Arrow as arrays of NumPy. Scripts hold this word by word.

(`resources/python_code/shared.py`)
"""

import typing

import numpy as np
import pyarrow as pa

from resources.python_code.in_scripts.cells import cells_column


def arrow_values(column: typing.Any) -> typing.Any:
    """An array, or a column, of Arrow as NumPy has it.

    Numbers stay what they are; with gaps they are floats, NaN where there is none. Times are
    seconds since 1970; those without a zone are taken as UTC. Lists of one length are vectors.
    Words become their places among the sorted different words, -1 where there is none.
    """
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if isinstance(column, pa.ChunkedArray):  # what does not fit into one array
        return np.concatenate([arrow_values(chunk) for chunk in column.chunks])
    kind = column.type
    if isinstance(column, pa.ExtensionArray):
        return arrow_values(column.storage)
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_fixed_size_list(kind):
        if column.null_count:
            empty = [np.nan] * kind.list_size
            rows = [empty if row is None else row for row in column.to_pylist()]
            return np.array(rows, np.float64)  # None becomes NaN
        return arrow_values(column.flatten()).reshape(-1, kind.list_size)
    if pa.types.is_struct(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise ValueError("A column holds pictures as bytes: decode them here, with Pillow perhaps.")
    if is_words(kind):
        return cells_column(column.to_pylist())
    if pa.types.is_decimal(kind) or pa.types.is_null(kind):
        column = column.cast(pa.float64())
    elif pa.types.is_temporal(kind):
        return arrow_seconds(column)
    values = column.to_numpy(zero_copy_only=False)
    if values.dtype == object:  # true, false, and gaps
        values = np.array([np.nan if value is None else value for value in values], np.float64)
    return values


def arrow_seconds(column: typing.Any) -> typing.Any:
    """Times and dates as float64 seconds, NaN for gaps."""
    kind = column.type
    per_second = 1.0
    if pa.types.is_date(kind):
        column = column.cast(pa.timestamp("s"))
    else:
        per_second = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}[kind.unit]
    whole = column.cast(pa.int32()) if pa.types.is_time32(kind) else column.cast(pa.int64())
    values = whole.fill_null(0).to_numpy(zero_copy_only=False) / per_second
    values[column.is_null().to_numpy(zero_copy_only=False)] = np.nan
    return values


def is_words(kind: typing.Any) -> bool:
    """Whether a type of Arrow is that of texts."""
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )
