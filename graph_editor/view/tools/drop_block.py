"""A block is dragged here, from the palette or as a file: a ghost shows its size, a wire it would join lights up."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from graph_editor.document.clips.block_placing import size_of
from graph_editor.document.clips.blocks import SUFFIX, Block, load_block, read_block
from graph_editor.document.files.file_format import FileError
from graph_editor.view.items.hits import wire_at
from graph_editor.view.items.wire_item import WireItem
from graph_editor.view.painting.style import Face, Style, line
from graph_editor.view.tools.canvas import Canvas

BLOCK_MIME: Final = "application/x-lamella-block"
_SIDE, _ABOVE = 22.0, 34.0


def dragged_file(mime: QMimeData) -> Path | None:
    """The one block file that is being dragged, if it is one."""
    urls = mime.urls() if mime.hasUrls() else []
    path = Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
    return path if path is not None and path.suffix == SUFFIX else None


def dragged_block(canvas: Canvas, mime: QMimeData) -> Block | None:
    """The block that is being dragged, if it is one; why a file cannot be read is said."""
    path = dragged_file(mime)
    if path is None and not mime.hasFormat(BLOCK_MIME):
        return None
    try:
        return load_block(path) if path is not None else read_block(bytes(mime.data(BLOCK_MIME).data()), "block")
    except FileError as error:
        canvas.report_problem(str(error.text))
        return None


class DropBlock:
    def __init__(self, canvas: Canvas, block: Block, file: Path | None = None) -> None:
        self._canvas, self._block, self._file = canvas, block, file
        self._wire: WireItem | None = None

    def start(self, at: QPointF) -> None:
        scene = self._canvas.graph_scene
        self._ghost = GhostBlock(self._block, scene.style_sheet)
        scene.addItem(self._ghost)
        self.update(at)

    def update(self, at: QPointF) -> None:
        self._ghost.setPos(at)
        wire = wire_at(self._canvas.graph_scene, at, self._canvas.zoom) if self._block.is_link else None
        if wire is not self._wire:
            self._light(wire)

    def finish(self, at: QPointF) -> None:
        wire = self._wire
        self.cancel()
        self._canvas.drop_block(self._block, at, wire.edge if wire else None, self._file)

    def cancel(self) -> None:
        self._light(None)
        self._canvas.graph_scene.removeItem(self._ghost)

    def _light(self, wire: WireItem | None) -> None:
        for item, lit in ((self._wire, False), (wire, True)):
            if item is not None:
                item.show_state(hovered=lit)
        self._wire = wire


class GhostBlock(QGraphicsItem):
    """The frame that is not there yet, around the place where the mouse is."""

    def __init__(self, block: Block, style: Style) -> None:
        super().__init__()
        self._style = style
        width, height = size_of(block)
        self._area = QRectF(-width / 2, -height / 2, width, height).adjusted(-_SIDE, -_ABOVE, _SIDE, _SIDE)
        face = Face(style.theme.font(13, bold=True), style.theme.color("text"))
        words = face.elided(block.name, self._area.width() - 24)
        self._name = line(face, words, self._area.left() + 12, self._area.top() + 17)
        self.setZValue(45.0)
        self.setOpacity(0.85)

    def boundingRect(self) -> QRectF:
        return self._area.adjusted(-3, -3, 3, 3)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setPen(self._style.ghost)
        painter.setBrush(self._style.theme.color("accent", 0.12))
        painter.drawRoundedRect(self._area, 12, 12)
        self._name.paint(painter)
