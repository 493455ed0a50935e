"""Samples as small pictures that are all shown alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from runtime.messages.describing import Column
from runtime.messages.looking import Thumbnail

if TYPE_CHECKING:
    from runtime.worker.data.source import Array, Source

_DARK: Final = 64  # whole numbers that go no higher than this are pictures of fewer shades


def small_picture(source: Source, column: Column, row: int, size: int) -> Thumbnail | None:
    """Sample `row`, no side longer than `size`; None if it is no picture. Raises DataError."""
    pixels = source.thumbnail(column.name, row, size)
    if pixels is None or pixels.size == 0:
        return None
    highest = column.maximum
    if column.dtype == "uint8" and highest is not None and 0 < highest <= _DARK:
        pixels = np.minimum(pixels.astype(np.float64) * (255 / highest), 255).astype(np.uint8)
    return packed(pixels)


def packed(pixels: Array) -> Thumbnail:
    """`pixels` of uint8 (height, width, channels)."""
    height, width, channels = pixels.shape
    return Thumbnail(width, height, channels, np.ascontiguousarray(pixels).tobytes())


def square(picture: Thumbnail, size: int) -> Array:
    """The picture stretched to `size` by `size`, as floats of (size, size, channels): to be added to others."""
    pixels = np.frombuffer(picture.data, np.uint8).reshape(picture.height, picture.width, picture.channels)
    rows = np.arange(size) * picture.height // size
    columns = np.arange(size) * picture.width // size
    return pixels[rows][:, columns].astype(np.float64)
