"""Drag a note; boxes and notes that are selected with it go along. A press without a drag selects."""

from PySide6.QtCore import Qt

from graph_editor.view.tools.base import Pointer
from graph_editor.view.tools.canvas import Canvas
from graph_editor.view.tools.move import MoveGesture
from graph_editor.view.tools.snapping import Snapping


class MoveNoteGesture(MoveGesture):
    priority = 33

    def __init__(self, canvas: Canvas, note_id: str) -> None:
        super().__init__(canvas, ())
        self._note = note_id

    @classmethod
    def begins(cls, canvas: Canvas, at: Pointer) -> "MoveNoteGesture | None":
        note = canvas.graph_scene.notes.at(at.scene) if at.button == Qt.MouseButton.LeftButton else None
        return cls(canvas, note.note.id) if note else None

    def _choose(self) -> bool:
        scene = self.canvas.graph_scene
        if self._note in scene.notes.selected:
            return True
        kept = (scene.selection, scene.notes.selected) if self._adds else ((), ())
        scene.select(kept[0], [*kept[1], self._note])
        return False

    def _click(self) -> None:
        scene = self.canvas.graph_scene
        if self._was_selected and self._adds:
            scene.select(scene.selection, [key for key in scene.notes.selected if key != self._note])
        elif not self._adds:
            scene.select((), [self._note])

    def _pull(self, snapping: Snapping, dx: int, dy: int) -> tuple[int, int]:
        x, y, width, height = self._notes[self._note]
        return snapping.pull_corner((x + dx, y + dy, width, height), self.canvas.zoom)


GESTURE = MoveNoteGesture
