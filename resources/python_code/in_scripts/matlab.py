"""Arrays of MATLAB with their samples first.

Scripts hold this word by word (`resources/python_code/shared.py`).
"""

import collections
import typing

import numpy as np

from resources.python_code.in_scripts.own_parts import stem_and_part


def is_vector(shape: typing.Sequence[int]) -> bool:
    """MATLAB has no arrays of one axis: a vector is a row or a column."""
    return len(shape) == 2 and 1 in shape


def sample_counts(shapes: typing.Mapping[str, typing.Sequence[int]]) -> dict[str, int]:
    """How many samples each array has, as far as it fits: in x_train as many as in y_train."""
    groups: dict[int | None, dict[str, typing.Sequence[int]]] = {}
    for name, shape in shapes.items():
        part = stem_and_part(name)
        groups.setdefault(part[1] if part else None, {})[name] = shape
    return {name: sample_count(group.values()) for group in groups.values() for name in group}


def sample_count(shapes: typing.Iterable[typing.Sequence[int]]) -> int:
    """The length that most arrays have as their first or last axis, or as vectors."""
    counts: typing.Counter[int] = collections.Counter()
    for shape in shapes:
        counts.update({max(shape)} if is_vector(shape) else {shape[0], shape[-1]})
    counts.pop(1, None)
    return max(counts, key=lambda length: (counts[length], length), default=0)


def sample_axis(shape: typing.Sequence[int], samples: str | None, count: int) -> int:
    """0 or the last axis. Without a word about it: that of so many samples."""
    if samples is not None:
        return 0 if samples == "first" else len(shape) - 1
    return len(shape) - 1 if shape[-1] == count != shape[0] else 0


def samples_first(values: typing.Any, samples: str | None, count: int) -> typing.Any:
    """An array with MATLAB's axes as one of samples; a vector as one number a sample."""
    if is_vector(values.shape):
        return values.reshape(-1)
    return np.moveaxis(values, sample_axis(values.shape, samples, count), 0)


def rows_of_text(codes: typing.Any) -> list[str]:
    """The rows of characters (samples, length), without the spaces that make them equally long."""
    codes = np.ascontiguousarray(codes, np.dtype("<u2"))
    return [row.tobytes().decode("utf-16-le", "replace").rstrip(" \0") for row in codes]
