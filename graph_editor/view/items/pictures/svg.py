"""A picture made of lines and text, as sharp at any size."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graph_editor.view.items.pictures.format import PictureFormat, Sheet
from resources.text import Text, tr

if TYPE_CHECKING:
    from graph_editor.view.painting.theme import CanvasTheme

_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def draw(sheet: Sheet) -> bytes:
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
    from PySide6.QtGui import QPainter
    from PySide6.QtSvg import QSvgGenerator

    area = sheet.area
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(96)
    generator.setSize(QSize(round(area.width()), round(area.height())))
    generator.setViewBox(QRectF(0, 0, area.width(), area.height()))
    generator.setTitle(sheet.title)
    generator.setDescription(tr("A Keras model, drawn with Lamella"))

    def begin() -> QPainter:
        painter = QPainter(generator)
        if sheet.ground.alpha():
            painter.fillRect(QRectF(0, 0, area.width(), area.height()), sheet.ground)
        return painter

    sheet.paint(begin)
    svg = _readable(bytes(data.data()).decode("utf-8", "replace"))
    return _with_fallback_fonts(svg, sheet.theme).encode("utf-8")


def _readable(svg: str) -> str:
    """Qt escapes markup, but writes signs that no XML may hold: no program would open the file."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", svg)


def _with_fallback_fonts(svg: str, theme: CanvasTheme) -> str:
    """Name more typefaces than the one that was found here: a browser elsewhere may not have it."""
    for families in (theme.ui_families, theme.mono_families):
        names = ", ".join(family if "-" in family else f"'{family}'" for family in families)
        svg = svg.replace(f'font-family="{families[0]}"', f'font-family="{names}"')
    return svg


FORMAT: Final = PictureFormat("svg", Text("Picture (.svg)…"), ".svg", 80, draw, pixels=False)
