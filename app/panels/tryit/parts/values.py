"""Values of columns as people give them: between numbers, pictures on the screen, and what travels to the evaluator."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from runtime.messages.looking import Thumbnail
from runtime.messages.trained import GivenTensor, GivenValue
from runtime.messages.trying import FormField

Array = NDArray[Any]
_DRAWN: Final = (1, 3)  # channels of pictures that a pen makes
_MOST_EDGE: Final = 1024
_USUAL_EDGE: Final = 64  # of a picture whose size nobody says
_FEW_SHADES, _BRIGHTEST = 64, 255  # pictures that go no higher than the one are not of 8 bits
_INK: Final = 0.25  # of the range: a value so far from the ground belongs to what is drawn
_USUAL_EXTENT: Final = 0.75


class Canvas:
    """What a drawing is made on: (height, width, channels), and which values its ground and its ink have.

    Raises ValueError for a column that nobody can draw: of more channels than a colour has, or too large.
    """

    def __init__(self, field: FormField) -> None:
        example = array_of(field.example.tensor) if field.example.tensor is not None else None
        self.height, self.width, self.channels = _size(field, example)
        self.shape = _sample_shape(field, example, (self.height, self.width, self.channels))
        self.dtype = example.dtype if example is not None else np.dtype("uint8")
        low, high = field.low, field.high
        if low is None or high is None or not low < high or not math.isfinite(high - low):
            low, high = 0.0, 255.0
        self.low, self.high = low, high
        shown = None if example is None else self._as_picture(example)
        self.dark = shown is None or _border(shown) < (low + high) / 2
        self.extent = _USUAL_EXTENT if shown is None else _extent(self.coverage(shown))

    def _as_picture(self, values: Array) -> Array | None:
        size = self.height * self.width * self.channels
        return values.reshape(self.height, self.width, self.channels).astype(float) if values.size == size else None

    def coverage(self, picture: Array) -> Array:
        """How much ink there is at each place, from 0 to 1. Shape (height, width)."""
        share: Array = np.clip((picture.mean(axis=2) - self.low) / (self.high - self.low), 0.0, 1.0)
        return share if self.dark else 1.0 - share

    def tensor(self, shares: Array) -> GivenTensor:
        """`shares` of the way from the lowest to the highest value, (height, width, channels), as the column has it."""
        values = self.low + shares * (self.high - self.low)
        values = np.rint(values) if self.dtype.kind in "iu" else values
        return tensor_of(values.reshape(self.shape).astype(self.dtype))

    def given(self, fitted: GivenTensor) -> GivenTensor:
        """A picture of 8 bits as the column has it: as it is, unless the values of the column are no such."""
        pixels = array_of(fitted)
        if self.low >= 0 and _FEW_SHADES < self.high <= _BRIGHTEST:
            return tensor_of(pixels.reshape(self.shape).astype(self.dtype))
        return self.tensor(pixels / _BRIGHTEST)

    def shares(self, tensor: GivenTensor) -> Array | None:
        """The other way round; None for a tensor of another size."""
        picture = self._as_picture(array_of(tensor))
        return None if picture is None else np.clip((picture - self.low) / (self.high - self.low), 0.0, 1.0)


def _size(field: FormField, example: Array | None) -> tuple[int, int, int]:
    shape: tuple[int | None, ...] = field.shape
    if example is not None and example.ndim == len(shape):
        shape = tuple(have if size is None else size for have, size in zip(example.shape, shape, strict=True))
    if len(shape) == 2:
        shape = (*shape, 1)
    if len(shape) != 3:
        raise ValueError(f"no picture has the shape {shape}")
    height, width = (_USUAL_EDGE if size is None else size for size in shape[:2])
    channels = 3 if shape[2] is None else shape[2]
    if channels not in _DRAWN or not (0 < height <= _MOST_EDGE and 0 < width <= _MOST_EDGE):
        raise ValueError(f"nobody draws {height} x {width} x {channels}")
    return height, width, channels


def _sample_shape(field: FormField, example: Array | None, size: tuple[int, int, int]) -> tuple[int, ...]:
    axes = len(field.shape) if example is None else example.ndim
    return size[:2] if axes == 2 else size


def _border(picture: Array) -> float:
    """The usual value at the border of a picture."""
    edges = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    return float(np.median(edges.mean(axis=1)))


def _extent(coverage: Array) -> float:
    """How much of the longer side of a picture is taken by what is drawn in it."""
    rows, columns = (np.flatnonzero(coverage.max(axis=axis) > _INK) for axis in (1, 0))
    if not len(rows):
        return _USUAL_EXTENT
    taken = max(rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1)
    return float(min(1.0, max(0.3, taken / max(coverage.shape))))


def array_of(tensor: GivenTensor) -> Array:
    """Raises ValueError for bytes that are not what the tensor says."""
    return np.frombuffer(tensor.data, np.dtype(tensor.dtype).newbyteorder("<")).reshape(tensor.shape)


def tensor_of(values: Array) -> GivenTensor:
    little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    return GivenTensor(values.shape, values.dtype.name, little.tobytes())


def thumbnail_of(shares: Array) -> Thumbnail:
    """A picture of shares from 0 to 1, (height, width, channels), as the screen has it."""
    height, width, channels = shares.shape
    return Thumbnail(width, height, channels, np.rint(shares * 255).astype(np.uint8).tobytes())


def shares_of(image: QImage, channels: int) -> Array:
    """The pixels of an image: (height, width, 1 or 3), from 0 to 1."""
    kind = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
    image = image.convertToFormat(kind)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = lines[:, : image.width() * channels].reshape(image.height(), image.width(), channels)
    return pixels / 255.0


def same_value(first: GivenValue | None, second: GivenValue | None) -> bool:
    return first == second
