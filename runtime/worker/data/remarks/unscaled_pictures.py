"""Pictures of 0 to 255, or their pixels in a row, that nothing scales: Keras expects numbers about as large as 1."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from resources.plain import listed
from resources.text import Text
from runtime.messages.checking import DataProblem
from runtime.worker.data.blocks import first_block
from runtime.worker.data.columns import SMALLEST_IMAGE
from runtime.worker.data.fitting import Fit
from runtime.worker.data.oddities import DataFacts

_BRIGHTEST: Final = 255
_NOT_SMALL: Final = 32  # what reaches this is neither 0 to 1 nor a few levels of grey
_BRIGHT: Final = 200  # what pixels in a row reach, and counts of something rarely do
_CHANNELS: Final = (1, 3, 4)
_FEWEST_PIXELS: Final = 64


def _unscaled(facts: DataFacts) -> Iterator[DataProblem]:
    for fitted in facts.inputs:
        if fitted.endpoint.scaled or not fitted.dtype.startswith(("float", "bfloat")) or not _like_pictures(fitted):
            continue
        columns = [first_block(facts.source, name) for name in fitted.columns]
        low = min(float(values.min()) for values in columns if values.size)
        high = max(float(values.max()) for values in columns if values.size)
        whole = all(values.dtype.kind in "iu" or bool((values == np.floor(values)).all()) for values in columns)
        reaches = _NOT_SMALL if is_picture(fitted.shape) else _BRIGHT
        if whole and low >= 0 and reaches < high <= _BRIGHTEST:
            names = listed(fitted.columns)
            text = Text.of(
                "{file}: {column} holds pictures of 0 to {high}, and nothing in the model scales them: put a Rescaling "
                "of 1/255 behind {target}.",
                file=facts.source.title,
                column=names,
                high=int(high),
                target=fitted.endpoint.name,
            )
            yield DataProblem("warning", text, fitted.endpoint.name, names, kind="unscaled")


def _like_pictures(fitted: Fit) -> bool:
    """Pictures, or so many numbers in a row that they may be the pixels of one."""
    return is_picture(fitted.shape) or (len(fitted.shape) == 1 and fitted.shape[0] >= _FEWEST_PIXELS)


def is_picture(shape: Sequence[int]) -> bool:
    """Height and width, with or without colours."""
    flat = len(shape) == 2 or (len(shape) == 3 and shape[2] in _CHANNELS)
    return flat and min(shape[:2]) >= SMALLEST_IMAGE


REMARK = _unscaled
