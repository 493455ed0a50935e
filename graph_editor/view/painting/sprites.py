"""Pictures of boxes, made once for a zoom and copied to the screen as often as these are painted."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPixmap

_MOST_BYTES: Final = 96 * 2**20


@dataclass(slots=True)
class Sprite:
    """``picture`` shows ``area`` (scene units, as seen from the box) with ``scale`` pixels of the screen for a unit."""

    picture: QPixmap
    area: QRectF
    scale: float
    ratio: float  # of the screen: how many of its own pixels there are to one
    size: int  # bytes


class Sprites:
    """Those that were not used for the longest time go when they become too much."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._sprites: OrderedDict[Hashable, Sprite] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sprites)

    def get(self, key: Hashable) -> Sprite | None:
        sprite = self._sprites.get(key)
        if sprite is not None:
            self._sprites.move_to_end(key)
        return sprite

    def put(self, key: Hashable, sprite: Sprite) -> None:
        self.drop(key)
        self._sprites[key] = sprite
        self._bytes += sprite.size
        while self._bytes > self._most and len(self._sprites) > 1:
            self._bytes -= self._sprites.popitem(last=False)[1].size

    def drop(self, key: Hashable) -> None:
        sprite = self._sprites.pop(key, None)
        if sprite is not None:
            self._bytes -= sprite.size

    def clear(self) -> None:
        self._sprites.clear()
        self._bytes = 0


def empty_sprite(area: QRectF, scale: float, pixel_ratio: float) -> tuple[Sprite, QPointF]:
    """A transparent picture that has room for ``area``, with its edges on pixels; and where its corner is in units."""
    pixels = scale * pixel_ratio
    left, top = int(area.left() * pixels // 1), int(area.top() * pixels // 1)
    width, height = int(-(-area.right() * pixels // 1)) - left, int(-(-area.bottom() * pixels // 1)) - top
    picture = QPixmap(max(1, width), max(1, height))
    picture.setDevicePixelRatio(pixel_ratio)
    picture.fill(Qt.GlobalColor.transparent)
    exact = QRectF(left / pixels, top / pixels, width / pixels, height / pixels)
    return Sprite(picture, exact, pixels, pixel_ratio, width * height * 4), exact.topLeft()
