"""Lights up what the mouse is over, and says more about it in a tooltip."""

from PySide6.QtCore import QPointF, Qt

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.teaching import parameter_lines
from graph_editor.document.graph import ArgumentPath, TensorRef
from graph_editor.view.items.collapsed_frames import CollapsedFrame, collapsed_frame_tooltip
from graph_editor.view.items.hits import DotHit, InputHit, OutputHit, box_at, dot_at, end_at, port_at, wire_at
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.items.wire_item import WireItem
from graph_editor.view.painting.content import box_tooltip
from resources.text import tr

Lit = dict[str, tuple[str, int] | None]  # the boxes that light up, and which port of each


class Hover:
    def __init__(self, scene: GraphScene, catalog: Catalog) -> None:
        self._scene = scene
        self._catalog = catalog
        self._boxes: set[str] = set()
        self._wires: list[WireItem] = []
        self.dot: DotHit | None = None  # the dot of a wire under the mouse

    def update(self, at: QPointF, zoom: float) -> Qt.CursorShape:
        """Light up what is at a place; the cursor that goes with it."""
        scene = self._scene
        port = port_at(scene, at, zoom)
        box = box_at(scene, at)
        dot = dot_at(scene, at, zoom) if port is None and box is None else None
        wire = wire_at(scene, at, zoom) if port is None and box is None else None
        self.dot, wire = dot, dot.wire if dot else wire
        if wire is not None:
            self._show(self._ends(wire), set(self._ends(wire)), [wire], wire)
        elif port is not None:
            self._show(self._port(port), {box.call_id} if box else set(), self._wires_of(port))
        elif box is not None:
            wires = [wire for member in box.members for wire in scene.wires_at(member) if not wire.hidden]
            self._show({box.call_id: None}, {box.call_id}, wires)
        else:
            self.clear()
        held = port is None and box is None and wire is None and scene.frames.handle_at(at, zoom) is not None
        if dot is not None or (held and scene.notes.at(at) is None):
            return Qt.CursorShape.SizeAllCursor
        if port is not None or (wire is not None and end_at(wire, at, zoom)):
            return Qt.CursorShape.CrossCursor
        if wire is not None:
            return Qt.CursorShape.PointingHandCursor
        corner = box is None and scene.notes.corner_at(at) is not None
        return Qt.CursorShape.SizeFDiagCursor if corner else Qt.CursorShape.ArrowCursor

    def _port(self, port: InputHit | OutputHit) -> Lit:
        if isinstance(port, OutputHit):
            return self._output(port.tensor)
        return {port.call: self._input(port.call, port.slot.path)}

    def _output(self, tensor: TensorRef) -> Lit:
        collapsed_frame = self._scene.collapsed_frames.of(tensor.call)
        return (
            {collapsed_frame.call_id: collapsed_frame.outlet(tensor)}
            if collapsed_frame
            else {tensor.call: ("out", tensor.index)}
        )

    def _input(self, call_id: str, path: ArgumentPath) -> tuple[str, int] | None:
        paths = [slot.path for slot in self._scene.boxes[call_id].shown_inputs()]
        return ("in", paths.index(path)) if path in paths else None

    def _ends(self, wire: WireItem) -> Lit:
        source, target = wire.edge.source, wire.edge.target
        collapsed_frame = self._scene.collapsed_frames.of(target)
        if collapsed_frame is not None:
            return {**self._output(source), collapsed_frame.call_id: collapsed_frame.inlet(source)}
        return {**self._output(source), target: self._input(target, wire.edge.path)}

    def _wires_of(self, port: InputHit | OutputHit) -> list[WireItem]:
        if isinstance(port, InputHit):
            wire = self._scene.wires.get((port.call, port.slot.path))
            return [wire] if wire else []
        wires = self._scene.wires_at(port.tensor.call)
        return [wire for wire in wires if wire.edge.source == port.tensor and not wire.hidden]

    def clear(self) -> None:
        self.dot = None
        self._show({}, set(), [])

    def leave_dot(self) -> None:
        """Something else has been chosen since the mouse came to the dot: keys are meant for that."""
        self.dot = None

    def forget(self) -> None:
        """Items may be gone: hold on to none."""
        self._boxes = {key for key in self._boxes if self._is_here(key)}
        self._wires = []
        self.dot = None

    def _is_here(self, key: str) -> bool:
        return key in self._scene.boxes or key in self._scene.collapsed_frames.items

    def tooltip(self, at: QPointF, zoom: float) -> str:
        """Return what is worth knowing about the thing at a place."""
        scene = self._scene
        port = port_at(scene, at, zoom)
        if isinstance(port, InputHit):
            return tr("input “{name}”", name=port.slot.name)
        if isinstance(port, OutputHit):
            names = scene.boxes[port.tensor.call].look.output_names
            if port.tensor.index < len(names):
                return tr("output “{name}”", name=names[port.tensor.index])
        box = box_at(scene, at)
        if isinstance(box, CollapsedFrame):
            return collapsed_frame_tooltip(box, [scene.boxes[member].look.name for member in box.members])
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

    def _show(self, lit: Lit, hovered: set[str], wires: list[WireItem], wire: WireItem | None = None) -> None:
        scene = self._scene
        for call_id in self._boxes - lit.keys():
            if self._is_here(call_id):
                scene.shown(call_id).show_state(hovered=False, lit_port=None)
        for call_id, port in lit.items():
            scene.shown(call_id).show_state(hovered=call_id in hovered, lit_port=port)
        self._boxes = set(lit)
        for before in self._wires:
            if before not in wires:
                before.show_state(hovered=False, lit=False, hovered_dot=None)
        for item in wires:
            item.show_state(hovered=item is wire, lit=item is not wire, hovered_dot=None)
        if self.dot is not None:
            self.dot.wire.show_state(hovered_dot=self.dot.number)
        self._wires = wires
