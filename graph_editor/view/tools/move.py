"""Drag boxes; a press without a drag selects."""

from PySide6.QtCore import QPointF, Qt

from graph_editor.document.document import Point
from graph_editor.view.canvas import Canvas
from graph_editor.view.hits import box_at
from graph_editor.view.tools.base import Gesture, Pointer

_THRESHOLD = 4  # pixels before a press becomes a drag


class MoveGesture(Gesture):
    priority = 30

    def __init__(self, canvas: Canvas, call_id: str) -> None:
        super().__init__(canvas)
        self._pressed = call_id
        self._origin = QPointF()
        self._before: dict[str, Point] = {}
        self._selection_before: tuple[str, ...] = ()
        self._dragging = False

    @classmethod
    def begins(cls, canvas: Canvas, at: Pointer) -> "MoveGesture | None":
        box = box_at(canvas.graph_scene, at.scene) if at.button == Qt.MouseButton.LeftButton else None
        return cls(canvas, box.call_id) if box else None

    def start(self, at: Pointer) -> None:
        scene = self.canvas.graph_scene
        self._first, self._origin = at.view, at.scene
        self._selection_before = scene.selection
        self._was_selected = self._pressed in scene.selection
        self._adds = at.adds
        if not self._was_selected:
            scene.select([*scene.selection, self._pressed] if at.adds else [self._pressed])
        self._before = {call_id: scene.place_of(call_id) for call_id in scene.selection}

    def update(self, at: Pointer) -> None:
        if not self._dragging and (at.view - self._first).manhattanLength() < _THRESHOLD:
            return
        self._dragging = True
        self.canvas.graph_scene.preview_places(self._moved(at))

    def finish(self, at: Pointer) -> None:
        scene = self.canvas.graph_scene
        if not self._dragging:
            self._click()
            return
        moved = self._moved(at)
        scene.preview_places(self._before)
        self.canvas.actions_on_boxes.move(moved)

    def cancel(self) -> None:
        scene = self.canvas.graph_scene
        scene.preview_places({key: scene.place_of(key) for key in self._before if key in scene.boxes})
        scene.select(self._selection_before)

    def _click(self) -> None:
        """A press that stayed in place: with a modifier a selected box leaves the selection, else it stays alone."""
        scene = self.canvas.graph_scene
        if self._was_selected and self._adds:
            scene.select(call_id for call_id in scene.selection if call_id != self._pressed)
        elif not self._adds:
            scene.select([self._pressed])

    def _moved(self, at: Pointer) -> dict[str, Point]:
        dx, dy = round(at.scene.x() - self._origin.x()), round(at.scene.y() - self._origin.y())
        here = self.canvas.graph_scene.boxes
        return {key: (x + dx, y + dy) for key, (x, y) in self._before.items() if key in here}


GESTURE = MoveGesture
