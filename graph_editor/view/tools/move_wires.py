"""Drag all wires of an output to another one, with Ctrl held; dropped on nothing they are taken away."""

from PySide6.QtCore import QPointF, Qt

from graph_editor.document.changes.wires import why_not_all
from graph_editor.document.graph import Edge, TensorRef
from graph_editor.view.items.collapsed_frames import CollapsedFrame
from graph_editor.view.items.hits import OutputHit, box_at, port_at
from graph_editor.view.items.wire_preview import WirePreview
from graph_editor.view.tools.base import Gesture, Pointer
from graph_editor.view.tools.canvas import Canvas
from graph_editor.view.tools.clicking import click_port
from resources.text import Text, tr

_THRESHOLD = 4  # pixels before a press becomes a drag


class MoveWiresGesture(Gesture):
    priority = 15
    words = ((Text("Ctrl and drag from an output"), Text("Lead all its wires elsewhere, or disconnect them")),)
    cursor = Qt.CursorShape.CrossCursor
    pans_at_edges = True
    pans_beyond = False

    def __init__(self, canvas: Canvas, edges: list[Edge]) -> None:
        super().__init__(canvas)
        self._edges = edges
        self._previews: list[tuple[Edge, WirePreview]] = []
        self._target: TensorRef | None = None
        self._reason = ""

    @classmethod
    def begins(cls, canvas: Canvas, at: Pointer) -> "MoveWiresGesture | None":
        if at.button != Qt.MouseButton.LeftButton or at.modifiers != Qt.KeyboardModifier.ControlModifier:
            return None
        port = port_at(canvas.graph_scene, at.scene, canvas.zoom)
        if not isinstance(port, OutputHit):
            return None
        graph = canvas.graph_scene.graph
        hides = canvas.graph_scene.collapsed_frames.hides
        edges = [edge for edge in graph.edges_from(port.tensor.call) if edge.source == port.tensor and not hides(edge)]
        return cls(canvas, edges) if edges else None

    def start(self, at: Pointer) -> None:
        self._first = at.view

    def update(self, at: Pointer) -> None:
        scene = self.canvas.graph_scene
        if not self._previews:
            if (at.view - self._first).manhattanLength() < _THRESHOLD:
                return
            self._pick_up()
        place = self._find(at)
        for edge, preview in self._previews:
            end = scene.collapsed_frames.end_of(edge)
            preview.lead(place, end, refused=bool(self._reason), dots=scene.dots.of(edge))
        self.canvas.show_reason(self._reason, at.view)

    def finish(self, at: Pointer) -> None:
        self.update(at)
        dragged, target, reason = bool(self._previews), self._target, self._reason
        self._clean_up()
        if not dragged:
            click_port(self.canvas, at)
        if not dragged or reason or self.is_outside(at):
            return
        if target is None:
            self.canvas.actions_on_boxes.cut_wires(self._edges)
        elif target != self._edges[0].source:
            self.canvas.actions_on_boxes.lead_from(self._edges, target)

    def cancel(self) -> None:
        self._clean_up()

    def _find(self, at: Pointer) -> QPointF:
        """Learn which output the loose ends are at; where they are."""
        scene = self.canvas.graph_scene
        port, box = port_at(scene, at.scene, self.canvas.zoom), box_at(scene, at.scene)
        self._target, place = None, at.scene
        if isinstance(port, OutputHit):
            self._target, place = port.tensor, port.place
        elif isinstance(box, CollapsedFrame):
            self._reason = tr("Open the frame to wire its boxes.")
            return place
        elif box is not None:
            own = box.call_id == self._edges[0].source.call
            self._target = self._edges[0].source if own else TensorRef(box.call_id)
            place = box.output_place(self._target.index)
        reason = None
        if self._target is not None and self._target != self._edges[0].source:
            reason = why_not_all(self.canvas.document, self._target, (edge.target for edge in self._edges))
        self._reason = str(reason) if reason else ""
        return place

    def _pick_up(self) -> None:
        scene = self.canvas.graph_scene
        for edge in self._edges:
            preview = WirePreview(scene.style_sheet)
            scene.addItem(preview)
            self._previews.append((edge, preview))
        self._show_wires(False)

    def _show_wires(self, visible: bool) -> None:
        scene = self.canvas.graph_scene
        for edge in self._edges:
            wire = scene.wires.get((edge.target, edge.path))
            if wire is not None:
                wire.setVisible(visible)

    def _clean_up(self) -> None:
        for _, preview in self._previews:
            self.canvas.graph_scene.removeItem(preview)
        if self._previews:
            self._show_wires(True)
        self._previews = []
        self.canvas.show_reason("")


GESTURE = MoveWiresGesture
