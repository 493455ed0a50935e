"""Pictures of the data as augmentation makes them, for people who set its strengths."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from resources.text import Text
from resources.training.augmentations import range_of
from runtime.messages.looking import AugmentData, DataAugmented, Thumbnail
from runtime.spec import Augmentation
from runtime.worker.data.augmenting.layers import Augmenter
from runtime.worker.data.augmenting.plan import Planned, known_kind, require_colours
from runtime.worker.data.fitting import shape_text
from runtime.worker.data.looking.thumbnails import packed
from runtime.worker.data.opening import Sources
from runtime.worker.data.source import Array, DataError
from runtime.worker.data.thumbnails import thumbnail_of
from runtime.worker.process.control import CancelledError

_MOST_TIMES: Final = 16
_MOST_ROWS: Final = 16
_MOST_BYTES: Final = 32 * 2**20  # of the pictures as float32
_RANKS: Final = (3, 4)
_NAME: Final = "picture"


def augment_data(message: AugmentData, sources: Sources, waits: Callable[[], bool]) -> DataAugmented:
    """Raises DataError, and CancelledError when nobody waits any more."""
    source = sources.prepared(message.data, message.how, waits)
    source.require(message.column)
    shape = source.shape(message.column)
    if len(shape) not in _RANKS or source.dtype(message.column).kind not in "biuf":
        raise DataError(
            Text.of("{column} holds no pictures: its samples are {shape}.",
                    column=message.column, shape=shape_text(shape[1:]))
        )  # fmt: skip
    plan = [_planned(layer, shape[1:], message.column) for layer in message.data.augmentation]
    most = max(1, min(_MOST_ROWS, _MOST_BYTES // max(1, 4 * math.prod(shape[1:]))))
    rows = [row for row in message.rows if 0 <= row < shape[0]][:most]
    pictures = source.take(message.column, np.array(rows, np.int64)).astype(np.float32)
    if not len(pictures):
        return DataAugmented(message.id, (), ())
    augmenter = Augmenter(plan, message.seed)
    found = []
    for number in range(max(1, min(message.times, _MOST_TIMES))):
        if not waits():
            raise CancelledError
        found.append(augmenter.batch({_NAME: pictures}, 0, number)[_NAME])
    low, high = range_of(float(np.nanmin(pictures)), float(np.nanmax(pictures))) or (0.0, 1.0)

    def shown(values: Array) -> Thumbnail:
        scaled = (np.nan_to_num(values) - low) * (255 / max(high - low, 1e-9))
        pixels = thumbnail_of(np.clip(np.rint(scaled), 0, 255).astype(np.uint8), message.size)
        if pixels is None:
            raise DataError(
                Text.of("{column} holds no pictures: its samples are {shape}.",
                        column=message.column, shape=shape_text(shape[1:]))
            )  # fmt: skip
        return packed(np.asarray(pixels))

    return DataAugmented(
        message.id,
        tuple(shown(picture) for picture in pictures),
        tuple(tuple(shown(batch[place]) for batch in found) for place in range(len(pictures))),
    )


def _planned(layer: Augmentation, shape: tuple[int, ...], column: str) -> Planned:
    """Raises DataError."""
    kind = known_kind(layer)
    require_colours(kind, shape, column)
    return Planned(kind, layer, (_NAME,))
