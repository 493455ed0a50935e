"""Lights up what the mouse is over, and says more about it in a tooltip."""

from PySide6.QtCore import QPointF, Qt

from graph_editor.catalog.catalog import Catalog
from graph_editor.view.content import box_tooltip
from graph_editor.view.hits import InputHit, OutputHit, box_at, end_at, port_at, wire_at
from graph_editor.view.metrics import TEXT_ZOOM
from graph_editor.view.scene import GraphScene
from graph_editor.view.teaching import parameter_lines
from graph_editor.view.wire_item import WireItem
from resources.text import tr


class Hover:
    def __init__(self, scene: GraphScene, catalog: Catalog) -> None:
        self._scene = scene
        self._catalog = catalog
        self._boxes: set[str] = set()
        self._wire: WireItem | None = None

    def update(self, at: QPointF, zoom: float) -> Qt.CursorShape:
        """Light up what is at a place; the cursor that goes with it."""
        scene = self._scene
        port = port_at(scene, at, zoom) if zoom >= TEXT_ZOOM else None
        box = box_at(scene, at)
        wire = wire_at(scene, at, zoom) if port is None and box is None else None
        lit: dict[str, tuple[str, int] | None] = {box.call_id: None} if box else {}
        if isinstance(port, OutputHit):
            lit[port.tensor.call] = ("out", port.tensor.index)
        elif isinstance(port, InputHit):
            slots = [slot.path for slot in scene.boxes[port.call].shown_inputs()]
            lit[port.call] = ("in", slots.index(port.slot.path))
        self._show(lit, wire, box.call_id if box else "")
        if port is not None or (wire is not None and end_at(wire, at)):
            return Qt.CursorShape.CrossCursor
        return Qt.CursorShape.PointingHandCursor if wire else Qt.CursorShape.ArrowCursor

    def clear(self) -> None:
        self._show({}, None, "")

    def forget(self) -> None:
        """Items may be gone: hold on to none."""
        self._boxes = {key for key in self._boxes if key in self._scene.boxes}
        self._wire = None

    def tooltip(self, at: QPointF, zoom: float) -> str:
        """What is worth knowing about the thing at a place."""
        scene = self._scene
        port = port_at(scene, at, zoom) if zoom >= TEXT_ZOOM else None
        if isinstance(port, InputHit):
            return tr("input “{name}”", name=port.slot.name)
        if isinstance(port, OutputHit):
            names = scene.boxes[port.tensor.call].look.output_names
            if port.tensor.index < len(names):
                return tr("output “{name}”", name=names[port.tensor.index])
        box = box_at(scene, at)
        if box is not None:
            operation = scene.graph.operation_of(box.call_id)
            spec = self._catalog.layer(operation.class_name, operation.module)
            incoming = [
                self._shape(edge.source.call, edge.source.index) for edge in scene.graph.edges_into(box.call_id)
            ]
            taught = parameter_lines(self._catalog, spec, operation.config) if spec else []
            help_text = "\n".join([self._catalog.help(spec), *taught]) if spec else ""
            return box_tooltip(box.look, help_text, incoming)
        wire = wire_at(scene, at, zoom)
        if wire is None:
            return ""
        source, target = scene.boxes[wire.edge.source.call].look, scene.boxes[wire.edge.target].look
        shape = self._shape(wire.edge.source.call, wire.edge.source.index)
        return "\n".join(text for text in (f"{source.name} → {target.name}", shape, wire.problem) if text)

    def _shape(self, call_id: str, index: int) -> str:
        labels = self._scene.boxes[call_id].look.labels
        return labels[index] if index < len(labels) else ""

    def _show(self, lit: dict[str, tuple[str, int] | None], wire: WireItem | None, hovered: str) -> None:
        boxes = self._scene.boxes
        for call_id in self._boxes - lit.keys():
            if call_id in boxes:
                boxes[call_id].show_state(hovered=False, lit_port=None)
        for call_id, port in lit.items():
            boxes[call_id].show_state(hovered=call_id == hovered, lit_port=port)
        self._boxes = set(lit)
        if self._wire is not wire and self._wire is not None:
            self._wire.show_state(hovered=False)
        if wire is not None:
            wire.show_state(hovered=True)
        self._wire = wire
