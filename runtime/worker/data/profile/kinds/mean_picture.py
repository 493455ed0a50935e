"""The mean picture of each class, or of all."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from resources.text import Text
from runtime.messages.looking import Thumbnail
from runtime.messages.profiling import Pictures, ProfilePart
from runtime.worker.data.looking.thumbnails import packed, small_picture, square
from runtime.worker.data.profile.looked import Looked
from runtime.worker.data.source import Array, DataError
from runtime.worker.process.control import CancelledError

ORDER: Final = 30
_SIZE: Final = 48
_OF_EACH: Final = 24  # pictures of a class
_MOST_OF_ALL: Final = 480
_MOST_CLASSES: Final = 60


def _mean_pictures(looked: Looked) -> Iterator[ProfilePart]:
    if looked.column.kind not in ("image", "mask"):
        return
    names, groups = _groups(looked)
    pictures: list[Thumbnail] = []
    found: list[str] = []
    for name, rows in zip(names, groups, strict=True):
        picture = _mean(looked, rows)
        if picture is not None:
            found.append(name)
            pictures.append(picture)
    if pictures:
        title = Text("Mean of each class") if looked.labels is not None else Text("Mean picture")
        yield Pictures(title, tuple(found), tuple(pictures))


def _groups(looked: Looked) -> tuple[list[str], list[Array]]:
    if looked.labels is None:
        return [""], [_spread(looked.rows, 2 * _OF_EACH)]
    labels = looked.labels
    counts = np.bincount(labels.places[labels.places >= 0], minlength=len(labels.names))
    shown = np.sort(np.argsort(-counts, kind="stable")[:_MOST_CLASSES])
    each = max(2, min(_OF_EACH, _MOST_OF_ALL // max(1, len(shown))))
    rows = [_spread(labels.rows[labels.places == place], each) for place in shown.tolist()]
    return [labels.names[place] for place in shown.tolist()], rows


def _spread(rows: Array, most: int) -> Array:
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]


def _mean(looked: Looked, rows: Array) -> Thumbnail | None:
    """Of those that can be read; None when there are none."""
    total: Array | None = None
    count = 0
    for row in rows.tolist():
        if not looked.waits():
            raise CancelledError
        try:
            picture = small_picture(looked.source, looked.column, row, _SIZE)
        except DataError:
            continue  # the gallery marks it, and the check names it
        if picture is None:
            continue
        pixels = square(picture, min(_SIZE, max(picture.width, picture.height)) if total is None else len(total))
        if total is None:
            total = pixels
        elif pixels.shape[2] == total.shape[2]:
            total += pixels
        else:  # grey beside colour
            total = total + pixels[..., :3].mean(axis=2, keepdims=True)
        count += 1
    return None if total is None else packed((total / count).astype(np.uint8))


PROFILE = _mean_pictures
