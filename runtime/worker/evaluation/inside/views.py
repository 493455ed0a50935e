"""What comes out of a box for one sample, small enough to be drawn on the box.

The number of axes decides: maps are tiles of channels, sequences lines of features, vectors bars, whole numbers and
words are told as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from resources.text import Text
from runtime.messages.inside import Activation, CallAt, Line, SmallView, Tiles, Tokens, Vector
from runtime.messages.looking import Thumbnail
from runtime.messages.views import Heat
from runtime.worker.data.thumbnails import averaged, thumbnail_of
from runtime.worker.evaluation.inside.figures import figures_of

Array = NDArray[Any]
_LONGEST: Final = 256  # values of a vector, or steps of a line
_TOKENS: Final = 64
_PLACES: Final = 32  # places along a side that say how active a channel is
_SPREAD: Final = (0.5, 99.5)  # per cent of values that black and white stand for
_SAMPLED: Final = 2048  # values that say where they lie
_PICTURE_CHANNELS: Final = (1, 3, 4)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a tensor is shown.

    `size`: length of a map; `most`: maps or lines, from number `first` on when they are `in_order` in place of the most
    active first. `names`: of the classes of an output. `picture`: it comes into the model. `words`: by whole number.
    """

    size: int = 24
    most: int = 16
    first: int = 0
    in_order: bool = False
    names: tuple[str, ...] = ()
    picture: bool = False
    channels_first: bool = False
    words: Sequence[str] = ()


def activation_of(call: CallAt, output: int, values: Array, dtype: str, manner: Manner) -> Activation:
    """`values` is one sample, without the sample axis."""
    low, high, mean, zeros, nans = figures_of(values)
    error = None if values.size else Text("There is nothing in it: one of its sizes is 0.")
    view = view_of(values, manner) if values.size else None
    return Activation(call, output, tuple(values.shape), dtype, low, high, mean, zeros, nans, view, error)


def view_of(values: Array, manner: Manner) -> SmallView | None:
    """None for what has too many axes to be drawn."""
    if values.dtype.kind == "c":
        values = np.abs(values)
    if values.dtype.kind not in "biuf":
        return Tokens(tuple(str(word) for word in values.ravel()[:_TOKENS]), values.size)
    if manner.picture and values.dtype.kind in "iu" and values.ndim < 2:
        return _tokens(values, manner)
    if values.ndim <= 1:
        return _tokens(values, manner) if _are_places(values, manner) else _vector(values.ravel(), manner)
    if manner.channels_first and values.ndim >= 3:
        values = np.moveaxis(values, 0, -1)
    if values.ndim == 2 and not manner.picture:
        return _line(values, manner)
    if values.ndim == 2:
        return _tiles(values[..., None], manner) if min(values.shape) > 1 else _line(values, manner)
    while values.ndim > 3:
        values = values[len(values) // 2]  # the middle slice of a volume, the middle step of a film
    if manner.picture and values.shape[2] in _PICTURE_CHANNELS:
        return _picture(values, manner)
    return _tiles(values, manner)


def heat_of(scores: Array, longest: int, names: tuple[Sequence[str], Sequence[str]] = ((), ())) -> Heat:
    """Attention (queries, keys) of one head or of the mean of heads; long sequences as means of neighbours."""
    values = np.nan_to_num(scores.astype(np.float64), posinf=0.0, neginf=0.0)
    fits = max(values.shape) <= longest
    for axis in (0, 1):
        if values.shape[axis] > longest:
            values = averaged(values, longest, axis)
    rows, columns = (tuple(part) if fits else () for part in names)
    return Heat(tuple(tuple(map(float, row)) for row in values), rows, columns)


def _are_places(values: Array, manner: Manner) -> bool:
    return values.dtype.kind in "iu" and values.ndim == 1 and not manner.names


def _tokens(values: Array, manner: Manner) -> Tokens:
    flat = values.ravel()[:_TOKENS]
    return Tokens(tuple(word_of(int(value), manner.words) for value in flat), values.size)


def word_of(value: int, words: Sequence[str]) -> str:
    return words[value] if 0 <= value < len(words) and words[value] else str(value)


def _vector(values: Array, manner: Manner) -> Vector:
    count = values.size
    numbers = values.astype(np.float64)
    if count > _LONGEST:
        numbers = averaged(numbers, _LONGEST, 0)
    names = manner.names if len(manner.names) == count and count <= _LONGEST else ()
    return Vector(_floats(numbers), tuple(names), count)


def _line(values: Array, manner: Manner) -> SmallView:
    """(steps, features)"""
    numbers = np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
    chosen = _chosen(np.abs(numbers).mean(0), manner)
    numbers = numbers[:, chosen]
    if len(numbers) > _LONGEST:
        numbers = averaged(numbers, _LONGEST, 0)
    lines = tuple(_floats(numbers[:, place]) for place in range(numbers.shape[1]))
    return Line(lines, tuple(map(int, chosen)), values.shape[1])


def _chosen(activity: Array, manner: Manner) -> Array:
    """Numbers of the channels to show."""
    if manner.in_order:
        return np.arange(manner.first, min(manner.first + manner.most, len(activity)))
    return np.argsort(-activity, kind="stable")[: manner.most]


def _tiles(values: Array, manner: Manner) -> Tiles:
    """(height, width, channels). How active a channel is, is the mean of its absolute values at some places."""
    height, width, channels = values.shape
    chosen = _chosen(_activity(values[:: max(1, height // _PLACES), :: max(1, width // _PLACES)]), manner)
    maps = np.ascontiguousarray(np.moveaxis(values[..., chosen], 2, 0), np.float32)
    pixels = _grey(_shrunk(_finite(maps), manner.size))
    height, width = pixels.shape[1:]
    shown = tuple(Thumbnail(width, height, 1, one.tobytes()) for one in pixels)
    return Tiles(shown, tuple(map(int, chosen)), channels)


def _activity(values: Array) -> Array:
    """(channels,): the mean of the absolute values of (height, width, channels). A product is the fastest sum."""
    sizes = np.abs(values).astype(np.float32, copy=False).reshape(-1, values.shape[2])
    weights = np.full(len(sizes), 1 / len(sizes), np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        means: Array = weights @ sizes
    return means if np.isfinite(means).all() else weights @ _finite(sizes)


def _finite(values: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(values.sum()):
            return values
    return np.nan_to_num(values, posinf=0.0, neginf=0.0)


def _shrunk(maps: Array, size: int) -> Array:
    """(channels, height, width) as means of neighbours, by products of matrices: faster than sums in a loop."""
    _, height, width = maps.shape
    largest = max(height, width)
    if largest <= size:
        return maps
    rows, columns = (max(1, round(side * size / largest)) for side in (height, width))
    shrunk: Array = _means(height, rows) @ (maps @ _means(width, columns).T)
    return shrunk


@lru_cache(maxsize=64)
def _means(values: int, count: int) -> Array:
    """(count, values): a matrix that makes means of neighbours, as `averaged` does."""
    return averaged(np.eye(values, dtype=np.float32), count, 0).astype(np.float32)


def _grey(maps: Array) -> Array:
    """One scale for all maps of a box, so that they can be compared; single outliers do not darken the rest."""
    if not maps.size:
        return maps.astype(np.uint8)
    low, high = _spread(maps)
    if high <= low:
        low, high = float(maps.min()), float(maps.max())
    if high <= low:
        return np.full(maps.shape, 255 if high > 0 else 0, np.uint8)
    grey: Array = np.clip((maps - low) * (255.0 / (high - low)), 0, 255).astype(np.uint8)
    return grey


def _spread(maps: Array) -> tuple[float, float]:
    values = maps.ravel()[:: max(1, maps.size // _SAMPLED)]
    low, high = (round(share / 100 * (len(values) - 1)) for share in _SPREAD)
    ordered = np.partition(values, (low, high))
    return float(ordered[low]), float(ordered[high])


def _picture(values: Array, manner: Manner) -> Tiles:
    pixels = thumbnail_of(values, manner.size)
    if pixels is None:
        return _tiles(values, manner)
    height, width, channels = pixels.shape
    return Tiles((Thumbnail(width, height, channels, pixels.tobytes()),), (), values.shape[2])


def _floats(values: Array) -> tuple[float, ...]:
    return tuple(float(value) for value in np.nan_to_num(values, posinf=0.0, neginf=0.0))
