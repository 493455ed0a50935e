"""What stands in one place of the data: a text, or a small picture, or why it cannot be read. Knows no Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resources import dates
from resources.text import Text
from runtime.messages.describing import Column
from runtime.messages.looking import ColumnPreview, SmallWave, Thumbnail

_FEW = 3
Array = NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class Cell:
    text: str = ""
    picture: Thumbnail | None = None
    wave: SmallWave | None = None
    reason: Text | None = None  # why there is neither
    missing: bool = False


def cells_of(preview: ColumnPreview, column: Column | None) -> list[Cell]:
    """A cell for each sample of the preview."""
    if preview.pictures:
        return [
            Cell(picture=picture, reason=preview.unreadable.get(place))
            for place, picture in enumerate(preview.pictures)
        ]
    if preview.waves:
        return [Cell(wave=wave, reason=preview.unreadable.get(place)) for place, wave in enumerate(preview.waves)]
    if preview.texts or not preview.data:
        return [Cell(" ".join(text.split()), missing=not text) for text in preview.texts]
    categories = column.categories if column is not None else ()
    whole = math.prod(column.shape) if column is not None else math.prod(preview.shape)
    values = read_samples(preview)
    if values.ndim == 1 and column is not None and column.kind == "date":
        return [Cell(date_text(value), missing=value != value) for value in values.tolist()]
    if values.ndim == 1:
        return [Cell(number_text(value, categories), missing=value != value) for value in values.tolist()]
    return [Cell(sample_text(sample, categories, whole)) for sample in values]


def read_samples(preview: ColumnPreview) -> Array:
    """The values as an array of shape (count, *shape)."""
    dtype = np.dtype(preview.dtype).newbyteorder("<")
    return np.frombuffer(preview.data, dtype=dtype).reshape(preview.count, *preview.shape)


def sample_text(sample: Array, categories: Sequence[str], whole: int) -> str:
    """A number, the name of a category, or the beginning of a vector of `whole` numbers."""
    flat = np.asarray(sample).reshape(-1)
    if whole == 1:
        return number_text(flat.tolist()[0], categories)
    shown = ", ".join(number_text(value, ()) for value in flat[:_FEW].tolist())
    return f"{shown}, …" if whole > _FEW else shown


def date_text(seconds: float) -> str:
    """A time as it is written down, without the hour at midnight; nothing for one that is missing."""
    text = dates.date_text(seconds)
    return number_text(seconds, ()) if text is None else text


def number_text(value: float | bool, categories: Sequence[str]) -> str:
    """Nothing for one that is missing."""
    if isinstance(value, bool):
        value = int(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "" if math.isnan(value) else "∞" if value > 0 else "−∞"
    if categories and float(value).is_integer() and 0 <= value < len(categories):
        return categories[int(value)]
    return f"{int(value)}" if float(value).is_integer() and abs(value) < 1e15 else f"{value:.6g}"
