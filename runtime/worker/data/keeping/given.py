"""One sample that a person gives, as a source of one row: it goes through the same steps as all others."""

from __future__ import annotations

import io
import math
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from resources.text import Text
from runtime.evaluation.kept_data import KeptColumn
from runtime.messages.trained import GivenValue
from runtime.spec import ColumnKind
from runtime.worker.data.columns import number_text
from runtime.worker.data.fitting import shape_text
from runtime.worker.data.pictures.reading import PictureError, PictureFormat, read_header
from runtime.worker.data.source import Array, DataError, Source

_FEW_SHADES, _BRIGHTEST = 64, 255  # pictures that go no higher than the one are not of 8 bits


class GivenSource(Source):
    """`values` in columns as `columns` has them; a column without a value is missing (NaN, no word, "")."""

    def __init__(self, columns: Mapping[str, KeptColumn], values: Mapping[str, GivenValue]) -> None:
        """Raises DataError naming the column whose value cannot be one."""
        self._columns = dict(columns)
        self._words = {name: _words(column, values.get(name)) for name, column in columns.items()}
        self._values = {
            name: _array(name, column, values.get(name, GivenValue()), self._words[name])
            for name, column in columns.items()
        }

    @property
    def title(self) -> str:
        return str(Text("The sample"))

    def names(self) -> tuple[str, ...]:
        return tuple(self._columns)

    def shape(self, name: str) -> tuple[int, ...]:
        found: tuple[int, ...] = self._values[name].shape
        return found

    def dtype(self, name: str) -> np.dtype[Any]:
        found: np.dtype[Any] = self._values[name].dtype
        return found

    def read(self, name: str, rows: slice) -> Array:
        self.require(name)
        found: Array = self._values[name][rows]
        return found

    def categories(self, name: str) -> tuple[str, ...]:
        return self._words[name]

    def sample_kind(self, name: str) -> ColumnKind | None:
        return self._columns[name].kind


def _words(column: KeptColumn, value: GivenValue | None) -> tuple[str, ...]:
    """Words that training did not know come behind the known ones."""
    text = value.text if value is not None else None
    new = column.categories and text and text not in column.categories
    return (*column.categories, text) if new and text else column.categories


def _array(name: str, column: KeptColumn, value: GivenValue, words: tuple[str, ...]) -> Array:
    """Shape (1, *sample)."""
    if value.tensor is not None:
        return _of_tensor(name, column, value)
    if value.file is not None:
        return _of_file(name, column, value.file)
    if words:
        return np.array([words.index(value.text) if value.text else -1], np.int64)
    if column.dtype == "object":
        return np.array([value.text or ""], object)
    if math.prod(column.shape) != 1:
        raise DataError(Text("The sample has no {column} yet.", {"column": name}))
    return np.full((1, *column.shape), _number(name, value), _number_dtype(column, value))


def _number_dtype(column: KeptColumn, value: GivenValue) -> np.dtype[Any]:
    """Of whole numbers in training a missing one, or one with a fraction, is a float all the same."""
    dtype = np.dtype(column.dtype)
    whole = value.number is not None and float(value.number).is_integer()
    return dtype if dtype.kind == "f" or (dtype.kind in "iub" and whole) else np.dtype(np.float64)


def _number(name: str, value: GivenValue) -> float:
    if value.number is not None:
        return value.number
    if not value.text:
        return math.nan
    try:
        return float(value.text.strip())
    except ValueError as error:
        text = Text.of("{column} takes a number, and {value} is none.", column=name, value=f"“{value.text[:40]}”")
        raise DataError(text) from error


def _of_tensor(name: str, column: KeptColumn, value: GivenValue) -> Array:
    assert value.tensor is not None
    shape = tuple(value.tensor.shape)
    if shape != column.shape:
        raise _misfit(name, column, shape_text(shape))
    try:
        dtype = np.dtype(value.tensor.dtype)
        array = np.frombuffer(value.tensor.data, dtype.newbyteorder("<")).reshape(1, *shape)
    except (TypeError, ValueError) as error:
        raise DataError(Text("The numbers for {column} are not as they should be.", {"column": name})) from error
    return array.astype(np.dtype(column.dtype), copy=True)


def _of_file(name: str, column: KeptColumn, data: bytes) -> Array:
    try:
        if column.file is not None and column.file.kind == "sound":
            return _sound(column.file.settings, data)
        picture = _picture_format(column)
        have = picture.size if column.file is not None else read_header(io.BytesIO(data)).size
        if have != picture.size:  # what no training did to a picture is not done to this one
            raise _misfit(name, column, shape_text(have))
        pixels = picture.decode(data)
    except PictureError as error:
        raise DataError(Text.of("The file for {column}: {reason}", column=name, reason=error.reason)) from error
    if pixels.shape != column.shape:
        if pixels.size != math.prod(column.shape):
            raise _misfit(name, column, shape_text(pixels.shape))
        pixels = pixels.reshape(column.shape)
    if column.file is None:
        pixels = _of_other_shades(pixels, column)
    return pixels[None].astype(np.dtype(column.dtype), copy=False)


def _of_other_shades(pixels: Array, column: KeptColumn) -> Array:
    """Values of 8 bits between the lowest and highest of the data, unless the data has values of 8 bits itself."""
    low, high = column.low, column.high
    if pixels.dtype != np.uint8 or low is None or high is None or (low >= 0 and _FEW_SHADES < high <= _BRIGHTEST):
        return pixels
    values = low + pixels / _BRIGHTEST * (high - low)
    return np.rint(values) if np.dtype(column.dtype).kind in "iu" else values


def _picture_format(column: KeptColumn) -> PictureFormat:
    """As files were read in training; arrays get pictures of their own size, in their number of channels."""
    if column.file is not None and column.file.kind == "picture":
        settings = dict(column.file.settings)
        return PictureFormat(**{**settings, "size": tuple(settings["size"])})
    shape = column.shape
    channels = shape[2] if len(shape) == 3 else 1
    colours = {1: "grey", 3: "rgb", 4: "rgba"}
    if len(shape) not in (2, 3) or channels not in colours:
        raise DataError(Text("A picture cannot be made into {shape}.", {"shape": shape_text(shape)}))
    depth = "16" if column.dtype == "uint16" else "8"
    return PictureFormat((shape[0], shape[1]), colours[channels], depth)


def _sound(settings: Mapping[str, Any], data: bytes) -> Array:
    """Sounds are read from a file alone: libsndfile tells formats by their content."""
    from resources.python_code.in_scripts import sounds

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("sound.wav" if data[:4] == b"RIFF" else "sound.flac" if data[:4] == b"fLaC" else "sound")
        path.write_bytes(data)
        try:
            values: Array = sounds.read_sound(path, settings["rate"], settings["seconds"], settings["channels"])
        except Exception as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise DataError(Text("The sound cannot be read: {reason}.", {"reason": reason})) from error
    return values[None]


def _misfit(name: str, column: KeptColumn, have: str) -> DataError:
    low = "" if column.low is None else number_text(column.low)
    return DataError(
        Text.of("{column} is {wanted} in training, but this is {have}.", column=name, wanted=shape_text(column.shape),
                have=have),
        low,
    )  # fmt: skip
