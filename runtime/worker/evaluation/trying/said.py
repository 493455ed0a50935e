"""What a model says of one sample, as people read it. Free of Keras."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from runtime.messages.checking import Endpoint
from runtime.messages.looking import Thumbnail
from runtime.messages.trying import OutputTried
from runtime.messages.views import OutputKind
from runtime.worker.data.looking.thumbnails import packed
from runtime.worker.data.thumbnails import thumbnail_of
from runtime.worker.evaluation.measuring.judging import said_letters
from runtime.worker.evaluation.measuring.scales import Scale, shares

Array = NDArray[Any]
_MOST_VALUES: Final = 1000
_SHOWN: Final = 192  # pixels of a picture that a model makes
_COLOURS: Final = (  # of the classes of a mask
    (0, 0, 0), (91, 140, 255), (240, 149, 63), (76, 195, 138), (192, 132, 252), (244, 154, 193), (56, 199, 232),
    (247, 226, 122), (139, 147, 163),
)  # fmt: skip


def said(
    output: Endpoint,
    title: str,
    kind: OutputKind,
    classes: tuple[str, ...],
    columns: Sequence[str],
    values: Array,
    scale: Scale = "probabilities",
) -> OutputTried:
    """`values` of shape (1, *output), `columns` those of the truth."""
    one = np.asarray(values[0])
    if kind in ("binary", "classes", "labels"):
        shares = probabilities(kind, one.reshape(-1), scale)
        names = classes if len(classes) == len(shares) else tuple(str(number) for number in range(len(shares)))
        order = np.argsort(-np.nan_to_num(shares, nan=-1.0), kind="stable")[:_MOST_VALUES].tolist()
        chosen = tuple(float(shares[place]) for place in order)
        return OutputTried(output.name, title, kind, tuple(names[place] for place in order), chosen)
    if kind == "mask" and one.ndim == 3:
        return OutputTried(output.name, title, kind, picture=mask_picture(probabilities(kind, one, scale)))
    if kind == "pictures" and (picture := thumbnail_of(one, _SHOWN)) is not None:
        return OutputTried(output.name, title, kind, picture=packed(picture))
    if kind in ("tokens", "ctc") and one.ndim == 2:
        return OutputTried(output.name, title, kind, text=tokens(one, classes, ctc=kind == "ctc"))
    flat = tuple(float(value) for value in one.reshape(-1)[:_MOST_VALUES])
    names = tuple(columns) if len(columns) == one.size > 1 else ()
    return OutputTried(output.name, title, kind, names, flat)


def probabilities(kind: OutputKind, values: Array, scale: Scale) -> Array:
    """Shares along the last axis; a single number of a yes or no becomes both, the no first."""
    found = shares(values, scale, single=kind in ("binary", "labels") or values.shape[-1] == 1)
    return np.array([1.0 - found[0], found[0]]) if kind == "binary" else found


def mask_picture(shares: Array) -> Thumbnail:
    """The likeliest class of each pixel, in colours. `shares` of shape (height, width, classes)."""
    return class_picture((shares[..., 0] >= 0.5).astype(int) if shares.shape[-1] == 1 else shares.argmax(axis=-1))


def class_picture(numbers: Array, size: int = _SHOWN) -> Thumbnail:
    """Classes in colours. `numbers` of shape (height, width)."""
    colours = np.array(_COLOURS, np.uint8)
    picture = colours[np.where(numbers == 0, 0, (numbers - 1) % (len(colours) - 1) + 1)]
    small = thumbnail_of(picture, size)
    assert small is not None  # three colours a pixel
    return packed(small)


def tokens(shares: Array, classes: tuple[str, ...], *, ctc: bool) -> str:
    """The likeliest class of each step; of CTC without repetitions and blanks. `shares` of shape (steps, classes)."""
    return token_names(said_letters(shares) if ctc else shares.argmax(axis=-1).tolist(), classes)


def token_names(numbers: Sequence[int], classes: tuple[str, ...]) -> str:
    """Single letters as a word, others apart."""
    names = [classes[n] if n < len(classes) else str(n) for n in numbers]
    return ("" if all(len(name) == 1 for name in names) else " ").join(names)
