"""A picture made of pixels."""

from __future__ import annotations

import errno
from typing import Final

from graph_editor.view.items.pictures.format import PictureFormat, Sheet
from resources.text import Text, tr

_MOST_PIXELS: Final = 30_000  # a side; Qt's rasteriser ends at 32,767
_MOST_AREA: Final = 100e6  # pixels of four bytes; a larger graph is drawn at a smaller scale


def draw(sheet: Sheet) -> bytes:
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
    from PySide6.QtGui import QImage, QPainter

    area = sheet.area
    scale = min(
        sheet.scale, _MOST_PIXELS / max(area.width(), area.height()), (_MOST_AREA / area.width() / area.height()) ** 0.5
    )
    size = QSize(max(1, round(area.width() * scale)), max(1, round(area.height() * scale)))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    if image.isNull():
        raise OSError(errno.ENOMEM, tr("The picture of the graph does not fit into memory."))
    image.fill(sheet.ground)
    sheet.paint(lambda: QPainter(image))
    image.setDotsPerMeterX(round(96 * scale / 0.0254))
    image.setDotsPerMeterY(round(96 * scale / 0.0254))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())


FORMAT: Final = PictureFormat("png", Text("Picture (.png)…"), ".png", 70, draw)
