"""Small pictures of blocks, and what the tooltip of one says."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPalette

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.canvas.make_room import FRAME_GAP
from graph_editor.document.changes.commands import INPUT, add_layer
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.clips.block_placing import place_block, size_of
from graph_editor.document.clips.blocks import Block, block_text, read_block
from graph_editor.document.document import ROOT, Document
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History
from graph_editor.view.items.thumbnail import thumbnail
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.words.markup import Markup, bold, italic, lines, png
from resources.text import language, tr

_LARGEST = QSize(320, 280)
_FINEST, _MARGIN = 0.55, 20
_MOST_BOXES = 200  # a larger block is told in words alone


def block_image(block: Block, catalog: Catalog, theme: CanvasTheme, size: QSize, ratio: float) -> QImage:
    """Its boxes on the ground of a canvas."""
    picture = thumbnail(_behind_an_input(block, catalog), catalog, theme, size, ratio, whole=True)
    ground = QImage(picture.size(), picture.format())
    ground.setDevicePixelRatio(ratio)
    ground.fill(theme.color("background"))
    painter = QPainter(ground)
    painter.drawImage(0, 0, picture)
    painter.end()
    return ground


def _behind_an_input(block: Block, catalog: Catalog) -> Document:
    """The boxes with what comes in above them, so that one sees where it goes."""
    if len(block.incoming) != 1:
        return block.clip.document
    document = Document()
    history = History(document, FOLLOW_UPS)
    edits, source = add_layer(document, INPUT, "keras.layers", None, (0.0, 0.0), catalog, name=tr("what comes in"))
    history.do("input", edits)
    places = document.positions.__getitem__
    edits, _ = place_block(document, ROOT, block, {}, (0.0, 0.0), places, after=TensorRef(source))
    history.do("block", edits)
    return document


def block_tooltip(block: Block, catalog: Catalog) -> Markup:
    """Its picture, what it is for and what is asked for."""
    parts: list[str] = [bold(block.name)]
    if len(block.calls) <= _MOST_BOXES:
        dark = QGuiApplication.palette().color(QPalette.ColorRole.Window).lightnessF() < 0.5
        picture = _picture(block_text(block), catalog, dark, language())
        size = _size(block)
        parts.append(png(picture, size.width(), size.height()))
    parts.append(block.description)
    if block.parameters:
        names = ", ".join(parameter.label for parameter in block.parameters)
        parts.append(tr("Asks for: {names}.", names=names))
    return lines([*parts, italic(tr("Drag it on to the canvas or a wire, or press Enter."))])


def _size(block: Block) -> QSize:
    """As large as its boxes are readable, and no larger."""
    width, height = size_of(block)
    width += FRAME_GAP
    height += 2 * FRAME_GAP if len(block.incoming) == 1 else 0
    factor = min((_LARGEST.width() - _MARGIN) / width, _FINEST)
    return QSize(
        min(round(width * factor) + _MARGIN, _LARGEST.width()), min(round(height * factor) + _MARGIN, _LARGEST.height())
    )


@lru_cache(maxsize=64)
def _picture(text: str, catalog: Catalog, dark: bool, _language: str) -> str:
    """PNG in base64; text of a box is in the language of now, hence that argument."""
    theme = CanvasTheme.named("dark" if dark else "light")
    block = read_block(text.encode(), "block")
    image = block_image(block, catalog, theme, _size(block), 2.0)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.toBase64().data()).decode()
