"""Drag the lower right corner of a note to change its size."""

from PySide6.QtCore import QPointF, Qt

from graph_editor.document.canvas.notes import SMALLEST, Box
from graph_editor.view.items.note_items import NoteItem
from graph_editor.view.tools.base import Gesture, Pointer
from graph_editor.view.tools.canvas import Canvas
from resources.text import Text


class ResizeNoteGesture(Gesture):
    priority = 32
    words = ((Text("Drag a note by its corner"), Text("Change its size; double click: write")),)
    cursor = Qt.CursorShape.SizeFDiagCursor
    pans_at_edges = True

    def __init__(self, canvas: Canvas, note: NoteItem) -> None:
        super().__init__(canvas)
        self._id, self._rect, self._origin = note.note.id, note.rect(), QPointF()

    @classmethod
    def begins(cls, canvas: Canvas, at: Pointer) -> "ResizeNoteGesture | None":
        note = canvas.graph_scene.notes.corner_at(at.scene) if at.button == Qt.MouseButton.LeftButton else None
        return cls(canvas, note) if note else None

    def start(self, at: Pointer) -> None:
        self._origin = at.scene
        scene = self.canvas.graph_scene
        if self._id not in scene.notes.selected:
            scene.select((), [self._id])

    def update(self, at: Pointer) -> None:
        self.canvas.graph_scene.notes.preview({self._id: self._box(at)})

    def finish(self, at: Pointer) -> None:
        self.canvas.graph_scene.notes.refresh()
        if at.scene != self._origin:
            self.canvas.actions_on_boxes.resize_note(self._id, self._box(at))

    def cancel(self) -> None:
        self.canvas.graph_scene.notes.refresh()

    def _box(self, at: Pointer) -> Box:
        away, rect = at.scene - self._origin, self._rect
        width, height = rect.width() + away.x(), rect.height() + away.y()
        return rect.x(), rect.y(), round(max(width, SMALLEST[0])), round(max(height, SMALLEST[1]))


GESTURE = ResizeNoteGesture
