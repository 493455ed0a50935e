"""A picture that a person gives, decoded here: the window reads no files of strangers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from resources.text import Text
from runtime.messages.looking import Thumbnail
from runtime.messages.trained import GivenTensor
from runtime.messages.trying import OpenPicture, PictureOpened
from runtime.worker.data.looking.thumbnails import packed
from runtime.worker.data.pictures.reading import PictureError, PictureFormat, read_header, thumbnail
from runtime.worker.data.source import DataError
from runtime.worker.data.thumbnails import thumbnail_of

if TYPE_CHECKING:
    from runtime.worker.evaluation.evaluator import Evaluator

Array = NDArray[Any]
REQUEST = OpenPicture
_COLOURS = {1: "grey", 3: "rgb"}


def answer(_evaluator: Evaluator, request: OpenPicture) -> PictureOpened:
    """Raises DataError for what is no picture, or a damaged one."""
    return opened(request)


def opened(request: OpenPicture) -> PictureOpened:
    try:
        header = read_header(_stream(request.file))
        pixels = fitted(request.file, header.size, (request.height, request.width), _COLOURS[request.channels])
        original = _original(request.file, request.size)
    except PictureError as error:
        reason = Text.of("This picture cannot be read: {reason}.", reason=error.reason)
        raise DataError(reason, error.detail) from error
    tensor = GivenTensor(pixels.shape, "uint8", pixels.tobytes())
    return PictureOpened(request.id, original, *header.size, header.mode, tensor)


def fitted(file: bytes, have: tuple[int, int], want: tuple[int, int], colour: str) -> Array:
    """The picture of `have` (height, width) as uint8 of (*want, channels), its proportions kept. Raises PictureError.

    Where its proportions are others, the usual colour of its border stands beside it.
    """
    scale = min(want[0] / have[0], want[1] / have[1])
    inner = tuple(max(1, min(most, round(size * scale))) for size, most in zip(have, want, strict=True))
    pixels = PictureFormat((inner[0], inner[1]), colour).decode(file)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    whole = np.empty((*want, pixels.shape[2]), np.uint8)
    whole[...] = np.median(border, axis=0)
    top, left = (want[0] - inner[0]) // 2, (want[1] - inner[1]) // 2
    whole[top : top + inner[0], left : left + inner[1]] = pixels
    return whole


def _original(file: bytes, size: int) -> Thumbnail:
    pixels = thumbnail_of(thumbnail(file, size), size)
    assert pixels is not None  # a picture has 1, 3 or 4 channels there
    return packed(pixels)


def _stream(file: bytes) -> Any:
    import io

    return io.BytesIO(file)
