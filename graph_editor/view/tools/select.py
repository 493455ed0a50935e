"""Draw a rectangle over boxes and notes to select them.

With Shift they join the selection, with Alt they leave it, with Ctrl each does what it can.
"""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsRectItem

from graph_editor.view.items.hits import boxes_in
from graph_editor.view.tools.base import Gesture, Pointer
from graph_editor.view.tools.canvas import Canvas
from resources.text import Text

_ABOVE_ALL = 50.0


class SelectGesture(Gesture):
    priority = 90
    words = ((Text("Drag over the canvas"), Text("Select boxes; Shift adds, Alt takes away, Ctrl does either")),)
    pans_at_edges = True

    @classmethod
    def begins(cls, canvas: Canvas, at: Pointer) -> "SelectGesture | None":
        return cls(canvas) if at.button == Qt.MouseButton.LeftButton else None

    def start(self, at: Pointer) -> None:
        scene = self.canvas.graph_scene
        self._origin: QPointF = at.scene
        self._before = scene.selection, scene.notes.selected
        keys = Qt.KeyboardModifier
        self._adds = not at.modifiers & keys.AltModifier
        self._takes = bool(at.modifiers & (keys.AltModifier | keys.ControlModifier))
        self._kept = self._before if at.adds or self._takes else ((), ())
        scene.select(*self._kept)
        self._band = QGraphicsRectItem()
        self._band.setZValue(_ABOVE_ALL)
        pen = scene.style_sheet.band_edge
        pen.setCosmetic(True)
        self._band.setPen(pen)
        self._band.setBrush(scene.style_sheet.band_fill)
        scene.addItem(self._band)

    def update(self, at: Pointer) -> None:
        scene = self.canvas.graph_scene
        area = QRectF(self._origin, at.scene).normalized()
        self._band.setRect(area)
        boxes, notes = self._kept
        scene.select(self._joined(boxes, boxes_in(scene, area)), self._joined(notes, scene.notes.within(area)))

    def _joined(self, earlier: tuple[str, ...], inside: list[str]) -> list[str]:
        leaving = set(earlier).intersection(inside) if self._takes else set()
        return [key for key in (*earlier, *(inside if self._adds else ())) if key not in leaving]

    def finish(self, at: Pointer) -> None:
        self._take_band_away()

    def cancel(self) -> None:
        self._take_band_away()
        self.canvas.graph_scene.select(*self._before)

    def _take_band_away(self) -> None:
        self.canvas.graph_scene.removeItem(self._band)


GESTURE = SelectGesture
