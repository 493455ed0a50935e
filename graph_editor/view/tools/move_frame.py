"""Drag a frame by its title: all its boxes go along. A press without a drag selects them."""

from PySide6.QtCore import Qt

from graph_editor.view.canvas import Canvas
from graph_editor.view.tools.base import Pointer
from graph_editor.view.tools.move import MoveGesture


class MoveFrameGesture(MoveGesture):
    priority = 35

    def __init__(self, canvas: Canvas, boxes: list[str]) -> None:
        super().__init__(canvas, boxes[0])
        self._boxes = boxes

    @classmethod
    def begins(cls, canvas: Canvas, at: Pointer) -> "MoveFrameGesture | None":
        if at.button != Qt.MouseButton.LeftButton:
            return None
        scene = canvas.graph_scene
        item = scene.frames.bar_at(at.scene)
        boxes = [key for key in item.frame.boxes if key in scene.boxes] if item else []
        return cls(canvas, boxes) if boxes else None

    def start(self, at: Pointer) -> None:
        scene = self.canvas.graph_scene
        before = scene.selection
        scene.select([*scene.selection, *self._boxes] if at.adds else self._boxes)
        super().start(at)
        self._selection_before = before

    def _click(self) -> None:
        """All its boxes stay selected."""


GESTURE = MoveFrameGesture
