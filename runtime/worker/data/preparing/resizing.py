"""Pictures of another size, as TensorFlow resizes them: pixel centres at halves, with or without smoothing."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from runtime.lazy import LazyModule
from runtime.step_samples import Array

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")


def resized(pictures: Array, height: int, width: int, interpolation: str, antialias: bool) -> Array:
    """`pictures`: (samples, height, width, channels), any type of numbers. float32 unless "nearest"."""
    if interpolation == "nearest":
        rows, columns = _nearest(pictures.shape[1], height), _nearest(pictures.shape[2], width)
        return pictures[:, rows][:, :, columns]
    if pictures.shape[1:3] == (height, width):
        return pictures.astype(np.float32)
    down = _weights(pictures.shape[1], height, antialias)
    across = _weights(pictures.shape[2], width, antialias)
    values = pictures.astype(np.float32)
    count, _, old, channels = values.shape
    stretched = np.matmul(down, values.reshape(count, values.shape[1], -1)).reshape(count, height, old, channels)
    found: Array = np.matmul(across, stretched)
    return found


def _nearest(old: int, new: int) -> Array:
    """The pixel that each new one lies in."""
    places = ((np.arange(new, dtype=np.float32) + np.float32(0.5)) * np.float32(old / new)).astype(np.int64)
    return np.minimum(places, old - 1)


@lru_cache(maxsize=64)
def _weights(old: int, new: int, antialias: bool) -> Array:
    """Shape (new, old): how much of each old pixel is in each new one."""
    scale = old / new
    width = max(scale, 1.0) if antialias else 1.0
    centres = (np.arange(new) + 0.5) * scale - 0.5
    if not antialias:
        centres = np.clip(centres, 0, old - 1)
    weights = np.maximum(0, 1 - np.abs(centres[:, None] - np.arange(old)) / width)
    shares: Array = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares
