"""Samples of the data as a person could have given them, and what a model sees. Free of Keras."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from runtime.evaluation.kept_data import KeptColumn
from runtime.messages.looking import Thumbnail
from runtime.messages.trained import GivenTensor, GivenValue
from runtime.messages.trying import ShownValue
from runtime.worker.data.columns import number_text
from runtime.worker.data.looking.thumbnails import packed
from runtime.worker.data.looking.waves import small_wave
from runtime.worker.data.source import Source
from runtime.worker.data.thumbnails import thumbnail_of

Array = NDArray[Any]
_MOST_BYTES: Final = 2 << 20  # of a value that is sent as it is
_DARK: Final = 64  # pictures that go no higher have fewer shades than eight bits
_WRITTEN: Final = 6  # numbers


def given_value(source: Source, name: str, row: int) -> GivenValue:
    """What sample `row` has in a column before its steps, as a person would give it. Raises DataError."""
    value = source.take(name, np.array([row], np.int64))[0]
    words = source.categories(name)
    if words:
        return GivenValue(text=words[int(value)] if int(value) >= 0 else "")
    if isinstance(value, str):
        return GivenValue(text=value)
    array = np.asarray(value)
    if array.ndim:
        return GivenValue(tensor=tensor_of(array))
    return GivenValue(number=float(array)) if np.isfinite(array) else GivenValue()


def shown_value(
    source: Source, name: str, column: KeptColumn, row: int, size: int, *, truth: bool = False
) -> ShownValue:
    """The same with what it looks like; values of many bytes are only shown. Raises DataError."""
    value = given_value(source, name, row)
    if value.tensor is None:
        text = number_text(value.number) if value.number is not None else value.text or ""
        return ShownValue(name, column.kind, text, value, truth=truth)
    array = array_of(value.tensor)
    picture = _picture(source, name, column, row, array, size) if column.kind in ("image", "mask") else None
    wave = small_wave(array) if column.kind == "audio" else None
    text = "" if picture is not None or wave is not None else numbers_text(array)
    sent = value if array.nbytes <= _MOST_BYTES else None
    return ShownValue(name, column.kind, text, sent, picture, wave, truth)


def numbers_text(array: Array) -> str:
    """The first numbers of an array."""
    flat = array.reshape(-1)[:_WRITTEN]
    exact = flat.astype(np.float64) if flat.dtype.kind == "b" else flat
    text = " ".join(number_text(float(str(number))) for number in exact)  # of 32 bits no more digits than it has
    return text + (" …" if array.size > _WRITTEN else "")


def tensor_of(array: Array) -> GivenTensor:
    little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    return GivenTensor(array.shape, array.dtype.name, little.tobytes())


def array_of(tensor: GivenTensor) -> Array:
    return np.frombuffer(tensor.data, np.dtype(tensor.dtype).newbyteorder("<")).reshape(tensor.shape)


def _picture(source: Source, name: str, column: KeptColumn, row: int, array: Array, size: int) -> Thumbnail | None:
    if column.file is not None:
        pixels = source.thumbnail(name, row, size)
        return None if pixels is None or pixels.size == 0 else packed(pixels)
    return picture_of(array, column, size)


def picture_of(array: Array, column: KeptColumn | None, size: int) -> Thumbnail | None:
    """Numbers as a picture; of few shades the brightest one is white. None for what is no picture."""
    high = column.high if column is not None else None
    if (
        array.size
        and array.dtype.kind in "biuf"
        and 1 < float(np.nanmax(array)) <= _DARK
        and float(np.nanmin(array)) >= 0
    ):
        array = array.astype(np.float64) / max(float(high or 0), float(np.nanmax(array)))
    pixels = thumbnail_of(array, size)
    return None if pixels is None else packed(pixels)


def seen(
    arrays: Mapping[str, Array], columns: Mapping[str, tuple[KeptColumn, ...]], size: int
) -> tuple[tuple[str, Thumbnail], ...]:
    """What of the inputs can be seen; `arrays` have a sample axis of 1."""
    found = []
    for name, array in arrays.items():
        of = columns.get(name, ())
        if len(of) == 1 and of[0].kind in ("image", "mask") and array.ndim in (3, 4):
            picture = picture_of(array[0], of[0], size)
            if picture is not None:
                found.append((name, picture))
    return tuple(found)
