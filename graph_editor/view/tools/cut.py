"""Draw a stroke through wires to take them away: with Ctrl and Shift held, over the bare canvas."""

from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from graph_editor.view.items.hits import box_at, port_at
from graph_editor.view.items.wire_item import WireItem, WireKey
from graph_editor.view.tools.base import Gesture, Pointer
from graph_editor.view.tools.canvas import Canvas
from resources.text import Text

_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
_ABOVE_ALL = 50.0


class CutGesture(Gesture):
    priority = 10
    words = ((Text("Ctrl+Shift and drag over wires"), Text("Cut them")),)
    cursor = Qt.CursorShape.CrossCursor
    pans_at_edges = True

    @classmethod
    def begins(cls, canvas: Canvas, at: Pointer) -> "CutGesture | None":
        if at.button != Qt.MouseButton.LeftButton or at.modifiers & _KEYS != _KEYS:
            return None
        scene = canvas.graph_scene
        taken = box_at(scene, at.scene) is not None or port_at(scene, at.scene, canvas.zoom) is not None
        return None if taken else cls(canvas)

    def start(self, at: Pointer) -> None:
        scene = self.canvas.graph_scene
        self._last = at.scene
        self._crossed: dict[WireKey, WireItem] = {}
        self._path = QPainterPath(at.scene)
        self._stroke = QGraphicsPathItem()
        self._stroke.setZValue(_ABOVE_ALL)
        pen = QPen(scene.style_sheet.wire_refused)
        pen.setCosmetic(True)
        self._stroke.setPen(pen)
        scene.addItem(self._stroke)

    def update(self, at: Pointer) -> None:
        if at.scene == self._last:
            return
        step, self._last = QLineF(self._last, at.scene), at.scene
        self._path.lineTo(at.scene)
        self._stroke.setPath(self._path)
        area = QRectF(step.p1(), step.p2()).normalized().adjusted(-1, -1, 1, 1)
        for wire in self.canvas.graph_scene.shown_wires():
            key = wire.edge.target, wire.edge.path
            if key not in self._crossed and wire.boundingRect().intersects(area) and _crosses(wire, step):
                self._crossed[key] = wire
                wire.show_state(hovered=True)

    def finish(self, at: Pointer) -> None:
        self.update(at)
        edges = [wire.edge for wire in self._crossed.values()]
        self._clean_up()
        if edges:
            self.canvas.actions_on_boxes.cut_wires(edges)

    def cancel(self) -> None:
        self._clean_up()

    def _clean_up(self) -> None:
        for wire in self._crossed.values():
            wire.show_state(hovered=False)
        self.canvas.graph_scene.removeItem(self._stroke)


def _crosses(wire: WireItem, step: QLineF) -> bool:
    crossed = QLineF.IntersectionType.BoundedIntersection
    points = [QPointF(*point) for point in wire.points()]
    return any(QLineF(a, b).intersects(step)[0] == crossed for a, b in pairwise(points))


GESTURE = CutGesture
