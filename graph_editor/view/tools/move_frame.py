"""Drag a frame by its title or its border: its boxes and the notes in it go along.

A press without a drag selects the boxes, and on the arrow it collapses the frame.
"""

from PySide6.QtCore import QRectF, Qt

from graph_editor.view.tools.base import Pointer
from graph_editor.view.tools.canvas import Canvas
from graph_editor.view.tools.move import MoveGesture
from resources.text import Text


class MoveFrameGesture(MoveGesture):
    priority = 35
    words = ((Text("Drag the title of a frame"), Text("Move it with all its boxes; double click: rename")),)

    def __init__(self, canvas: Canvas, boxes: list[str], area: QRectF, toggle: QRectF) -> None:
        super().__init__(canvas, boxes[:1])
        self._boxes, self._area, self._toggle = boxes, area, toggle

    @classmethod
    def begins(cls, canvas: Canvas, at: Pointer) -> "MoveFrameGesture | None":
        if at.button != Qt.MouseButton.LeftButton:
            return None
        scene = canvas.graph_scene
        item = scene.frames.handle_at(at.scene, canvas.zoom)
        boxes = [key for key in item.frame.boxes if key in scene.boxes] if item else []
        return cls(canvas, boxes, item.rect(), item.toggle()) if item and boxes else None

    def start(self, at: Pointer) -> None:
        scene = self.canvas.graph_scene
        before = scene.selection, scene.notes.selected
        kept = before if at.adds else ((), ())
        scene.select([*kept[0], *self._boxes], kept[1])
        super().start(at)
        self._selection_before, self._notes_before = before
        inside = [key for key, note in scene.notes.items.items() if self._area.contains(note.rect())]
        self._notes |= {key: scene.notes.items[key].note.box for key in inside}

    def _click(self) -> None:
        """All its boxes stay selected, and may collapse."""
        if self._toggle.contains(self._origin) and not self._adds:
            self.canvas.run_action("collapse_into_one")


GESTURE = MoveFrameGesture
