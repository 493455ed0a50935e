"""Layers and blocks that are dragged onto the canvas."""

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from graph_editor.view.commands.parts.canvas import WorkCanvas
from graph_editor.view.tools.drop_block import DropBlock, dragged_block, dragged_file
from graph_editor.view.tools.drop_layer import DropLayer, dragged_spec


class Drops:
    """One thing at a time hangs over ``canvas``."""

    def __init__(self, canvas: WorkCanvas) -> None:
        self._canvas = canvas
        self._drop: DropLayer | DropBlock | None = None

    def enter(self, event: QDragEnterEvent) -> None:
        drop = self._for(event.mimeData())
        if drop is None:
            event.ignore()
            return
        self._canvas.end_gesture()
        self._drop = drop
        drop.start(self._canvas.view.at_pixel(event.position()))
        event.acceptProposedAction()

    def move(self, event: QDragMoveEvent) -> None:
        if self._drop is None:
            event.ignore()
            return
        self._drop.update(self._canvas.view.at_pixel(event.position()))
        event.acceptProposedAction()

    def drop(self, event: QDropEvent) -> None:
        drop, self._drop = self._drop, None
        if drop is None:
            event.ignore()
            return
        self._canvas.view.setFocus(Qt.FocusReason.MouseFocusReason)  # before a form may open and take it
        drop.finish(self._canvas.view.at_pixel(event.position()))
        event.acceptProposedAction()

    def end(self) -> bool:
        """Let nothing come of what hangs there; whether anything did."""
        drop, self._drop = self._drop, None
        if drop is not None:
            drop.cancel()
        return drop is not None

    def _for(self, mime: QMimeData) -> DropLayer | DropBlock | None:
        spec = dragged_spec(self._canvas.catalog, mime)
        if spec is not None:
            return DropLayer(self._canvas, spec)
        block = dragged_block(self._canvas, mime)
        return DropBlock(self._canvas, block, dragged_file(mime)) if block is not None else None
