"""An explanation as people see it: colours over a picture, weights of words, bars of columns."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from resources.text import Text
from runtime.messages.inside import Explained
from runtime.messages.looking import Thumbnail
from runtime.messages.views import Bars, Label, Words
from runtime.worker.data.thumbnails import averaged, thumbnail_of
from runtime.worker.evaluation.explaining.places import length_of_text
from runtime.worker.evaluation.explaining.question import Array, Attribution, Question, form_of

# Orange and blue are told apart by people who see few colours.
_FOR: Final = (255, 122, 26)
_AGAINST: Final = (47, 103, 232)
_OPAQUE: Final = 210  # of 255, where most speaks for or against
_OUTLIERS: Final = 99.5  # per cent: what lies above is as strong as can be
_MOST_BARS: Final = 512


def drawn(question: Question, found: Attribution, score: float, size: int, columns: Sequence[str]) -> Explained:
    """`columns` are the names of the values of a vector, where there are as many. The id is 0."""
    form = form_of(question)
    original = overlay = None
    words, bars = None, None
    if form == "picture":
        original, overlay = _original(question.array[0], size), overlay_of(found.values, size)
    elif found.tokens is not None:
        words = _words(found)
    else:
        bars = _bars(found.values.ravel(), columns, form == "sequence")
    return Explained(0, score, original, overlay, words, bars, found.total, found.note)


def overlay_of(values: Array, size: int) -> Thumbnail:
    """(height, width) as RGBA: the stronger, the less the picture is seen through it; orange for, blue against."""
    largest = max(values.shape)
    if largest > size:
        height, width = (max(1, round(side * size / largest)) for side in values.shape)
        values = averaged(averaged(values, height, 0), width, 1)
    strength = np.abs(np.nan_to_num(values, posinf=0.0, neginf=0.0))
    most = float(np.percentile(strength, _OUTLIERS)) or float(strength.max())
    pixels = np.zeros((*values.shape, 4), np.uint8)
    pixels[..., :3] = np.where((values >= 0)[..., None], _FOR, _AGAINST)
    pixels[..., 3] = np.clip(strength / most if most > 0 else strength, 0, 1) * _OPAQUE
    height, width = values.shape
    return Thumbnail(width, height, 4, pixels.tobytes())


def _original(picture: Array, size: int) -> Thumbnail | None:
    pixels = thumbnail_of(np.asarray(picture), size)
    if pixels is None and picture.ndim == 3:  # many channels: their mean
        pixels = thumbnail_of(picture.mean(2, keepdims=True), size)
    if pixels is None:
        return None
    height, width, channels = pixels.shape
    return Thumbnail(width, height, channels, pixels.tobytes())


def _words(found: Attribution) -> Words:
    """Weights from -1 to 1; what is padding at the end is left out."""
    tokens = found.tokens or ()
    used = length_of_text(np.array([token not in ("", "0") for token in tokens], np.int64)) if tokens else 0
    values = found.values.ravel()[:used]
    most = float(np.abs(values).max()) if values.size else 0.0
    weights = values / most if most > 0 else values
    return Words(tokens[:used], tuple(map(float, np.nan_to_num(weights))))


def _bars(values: Array, columns: Sequence[str], steps: bool) -> Bars:
    shown = np.nan_to_num(values[:_MOST_BARS])
    names = tuple(columns) if len(columns) == len(shown) else tuple(str(place) for place in range(len(shown)))
    axis = Label(text=Text("Step")) if steps else Label(text=Text("Column"))
    return Bars(axis, Label(text=Text("Share in the score")), tuple(map(float, shown)), names)
