"""Line icons from the resources, drawn in any colour."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.system.places import RESOURCES

_INK = "#000000"  # what the monochrome icons are drawn in; any other colour in them stays
_SCALES = (1, 2)
_KEPT = 256  # pictures: a theme has about 60


@lru_cache(maxsize=_KEPT)  # Qt keeps what it made of each picture: one drawn anew would be kept again
def icon(name: str, color: str, size: int = 16) -> QIcon:
    """The icon `name` with its black ink in `color` ("#rrggbb"), `size` device-independent pixels high.

    The same icon for the same arguments: nothing is to be added to it.
    """
    source = (RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8").replace(_INK, color)
    renderer = QSvgRenderer(QByteArray(source.encode()))
    result = QIcon()
    for scale in _SCALES:
        pixmap = QPixmap(size * scale, size * scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, size * scale, size * scale))
        painter.end()
        pixmap.setDevicePixelRatio(scale)
        result.addPixmap(pixmap)
    return result
