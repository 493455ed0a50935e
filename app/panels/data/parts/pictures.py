"""Small pictures as Qt draws them."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from runtime.messages.looking import Thumbnail

_FORMATS = {
    1: QImage.Format.Format_Grayscale8,
    3: QImage.Format.Format_RGB888,
    4: QImage.Format.Format_RGBA8888,
}
_MOST = 3000


def image_of(picture: Thumbnail) -> QImage:
    """An empty one where the picture is not what it says."""
    kind = _FORMATS.get(picture.channels)
    stride = picture.width * picture.channels
    if kind is None or len(picture.data) != stride * picture.height:
        return QImage()
    return QImage(picture.data, picture.width, picture.height, stride, kind).copy()


class PictureCache:
    """Pixmaps of pictures that were drawn of late. Drawn pixel by pixel where they are enlarged, smooth where not."""

    def __init__(self) -> None:
        self._pixmaps: OrderedDict[tuple[int, int], tuple[Thumbnail, QPixmap]] = OrderedDict()

    def draw(self, painter: QPainter, area: QRect, picture: Thumbnail) -> QRect:
        """Draw the picture into the middle of `area`, as large as it fits, and return where it is."""
        edge = min(area.width(), area.height())
        pixmap = self._pixmap(picture, edge)
        if pixmap.isNull():
            return area
        target = QRect(0, 0, pixmap.width(), pixmap.height())
        target.moveCenter(area.center())
        painter.drawPixmap(target.topLeft(), pixmap)
        return target

    def draw_into(self, painter: QPainter, area: QRect, picture: Thumbnail) -> None:
        """Draw the picture so that it fills `area`, whatever its proportions are."""
        image = image_of(picture)
        if not image.isNull():
            painter.drawImage(area, image)

    def _pixmap(self, picture: Thumbnail, edge: int) -> QPixmap:
        key = (id(picture), edge)
        known = self._pixmaps.get(key)
        if known is not None:
            self._pixmaps.move_to_end(key)
            return known[1]
        image = image_of(picture)
        larger = max(image.width(), image.height()) < edge
        mode = Qt.TransformationMode.FastTransformation if larger else Qt.TransformationMode.SmoothTransformation
        if not image.isNull() and edge > 0:
            image = image.scaled(edge, edge, Qt.AspectRatioMode.KeepAspectRatio, mode)
        pixmap = QPixmap.fromImage(image)
        self._pixmaps[key] = (picture, pixmap)  # the picture is kept, so that its id stays its own
        while len(self._pixmaps) > _MOST:
            self._pixmaps.popitem(last=False)
        return pixmap
