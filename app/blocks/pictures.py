"""Small pictures of blocks, and what the tooltip of one says."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QGuiApplication, QImage, QPalette

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.blocks import Block, block_text, read_block
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.view.thumbnail import thumbnail
from resources.text import language, tr

SIZE = QSize(220, 190)
_MOST_BOXES = 200  # a larger block is told in words alone


def block_image(block: Block, catalog: Catalog, theme: CanvasTheme, size: QSize, ratio: float) -> QImage:
    return thumbnail(block.clip.document, catalog, theme, size, ratio)


def block_tooltip(block: Block, catalog: Catalog) -> str:
    """Its picture, what it is for and what is asked for, as rich text."""
    parts = [f"<b>{escape(block.name)}</b>"]
    if len(block.calls) <= _MOST_BOXES:
        dark = QGuiApplication.palette().color(QPalette.ColorRole.Window).lightnessF() < 0.5
        picture = _picture(block_text(block), catalog, dark, language())
        parts.append(f'<img src="data:image/png;base64,{picture}" width="{SIZE.width()}" height="{SIZE.height()}">')
    if block.description:
        parts.append(escape(block.description, quote=False))
    if block.parameters:
        names = ", ".join(escape(parameter.label, quote=False) for parameter in block.parameters)
        parts.append(tr("Asks for: {names}.", names=names))
    parts.append(f"<i>{tr('Drag it on to the canvas or a wire, or press Enter.')}</i>")
    return "<br>".join(parts)


@lru_cache(maxsize=64)
def _picture(text: str, catalog: Catalog, dark: bool, _language: str) -> str:
    """PNG in base64; text of a box is in the language of now, hence that argument."""
    theme = CanvasTheme.named("dark" if dark else "light")
    image = block_image(read_block(text.encode(), "block"), catalog, theme, SIZE, 1.0)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.toBase64().data()).decode()
