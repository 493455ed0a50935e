"""Small pictures of samples for people to look at: what the gallery shows of a source that has none of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from runtime.lazy import LazyModule

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[Any]
else:
    np = LazyModule("numpy")
    Array = Any

_CHANNELS: Final = (1, 3, 4)


def thumbnail_of(values: Array, size: int) -> Array | None:
    """One sample as uint8 (height, width, 1, 3 or 4), neither side longer than `size`; None if it is no picture.

    Numbers of 0 to 255 and of 0 to 1 keep their brightness; others are shown from their least to their greatest.
    """
    values = values[..., None] if values.ndim == 2 else values
    if values.ndim != 3 or values.shape[2] not in _CHANNELS or 0 in values.shape or values.dtype.kind not in "biuf":
        return None
    largest = max(values.shape[:2])
    if largest > size:
        height, width = (max(1, round(side * size / largest)) for side in values.shape[:2])
        values = averaged(averaged(values.astype(np.float64), height, 0), width, 1)
        values = values if values.dtype.kind == "f" else values.astype(np.float64)
    return _bytes(values)


def averaged(values: Array, count: int, axis: int) -> Array:
    """Means of neighbours: `count` of them, no more than there are values along the axis."""
    edges = np.arange(count) * values.shape[axis] // count
    widths = np.diff(np.append(edges, values.shape[axis]))
    shape = [1] * values.ndim
    shape[axis] = count
    sums: Array = np.add.reduceat(values, edges, axis=axis) / widths.reshape(shape)
    return sums


def _bytes(values: Array) -> Array:
    if values.dtype == np.uint8:
        return values
    numbers = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(numbers.min()), float(numbers.max())
    if low >= 0 and high <= 1:
        numbers = numbers * 255
    elif low < 0 or high > 255:
        numbers = (numbers - low) * (255 / (high - low)) if high > low else np.zeros_like(numbers)
    shown: Array = np.clip(np.rint(numbers), 0, 255).astype(np.uint8)
    return shown
