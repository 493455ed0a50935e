"""Drag the canvas under the view: with the middle button, or with the space bar held."""

from PySide6.QtCore import Qt

from graph_editor.view.tools.base import Gesture, Pointer
from graph_editor.view.tools.canvas import Canvas
from resources.text import Text


class PanGesture(Gesture):
    priority = 0
    words = ((Text("Middle button, or Space and drag"), Text("Move over the canvas")),)
    cursor = Qt.CursorShape.ClosedHandCursor

    @classmethod
    def begins(cls, canvas: Canvas, at: Pointer) -> "PanGesture | None":
        with_space = at.space and at.button == Qt.MouseButton.LeftButton
        return cls(canvas) if with_space or at.button == Qt.MouseButton.MiddleButton else None

    def start(self, at: Pointer) -> None:
        self._last = self._first = at.view

    def update(self, at: Pointer) -> None:
        step = at.view - self._last
        self._last = at.view
        self.canvas.scroll_by(step.x(), step.y())

    def finish(self, at: Pointer) -> None:
        self.update(at)

    def cancel(self) -> None:
        back = self._first - self._last
        self.canvas.scroll_by(back.x(), back.y())


GESTURE = PanGesture
