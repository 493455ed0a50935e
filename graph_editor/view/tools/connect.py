"""Drag a wire: from an output, backwards from an input, or by the end of a wire that is there already.

What cannot be is refused during the drag, with the reason at the cursor. Dropped on nothing, a wire that was picked up
is taken away, and a new one asks for a layer to put there.
"""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, Qt

from graph_editor.catalog.fitting import by_axes
from graph_editor.document.canvas.seen import seen_as_one
from graph_editor.document.changes import commands
from graph_editor.document.changes.wires import why_not_all
from graph_editor.document.graph import ArgumentPath, Edge, TensorRef
from graph_editor.document.ports import Ports
from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH
from graph_editor.view.items.collapsed_frames import CollapsedFrame
from graph_editor.view.items.hits import InputHit, OutputHit, box_at, end_at, port_at, stand_in_at, wire_at
from graph_editor.view.items.wire_preview import WirePreview
from graph_editor.view.tools.base import Gesture, Pointer
from graph_editor.view.tools.canvas import Canvas
from graph_editor.view.tools.clicking import click_port
from resources.text import Text, tr


@dataclass(frozen=True, slots=True)
class Fixed:
    """The end that stays: an output (``tensor``) or an input (``call`` and ``path``)."""

    place: QPointF
    tensor: TensorRef | None = None
    call: str = ""
    path: ArgumentPath | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where the loose end is: what it would be wired to, and why that cannot be."""

    box: str = ""
    tensor: TensorRef | None = None
    path: ArgumentPath | None = None
    place: QPointF | None = None
    reason: str = ""


class ConnectGesture(Gesture):
    priority = 20
    words = (
        (Text("Drag from a port"), Text("Wire two layers")),
        (Text("Drop a wire on the canvas"), Text("Add a layer that fits, and wire it")),
        (Text("Drag the end of a wire"), Text("Wire it elsewhere, or disconnect it")),
    )
    pans_at_edges = True
    pans_beyond = False  # a wire leads to no panel
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, canvas: Canvas, fixed: Fixed, edge: Edge | None = None) -> None:
        super().__init__(canvas)
        self._fixed = fixed
        self._edge = edge  # the wire that was picked up
        self._edges = seen_as_one(canvas.document, edge) if edge is not None else []  # with it
        self._target = Target()
        self._lit = ""
        self._dragged = False

    @classmethod
    def begins(cls, canvas: Canvas, at: Pointer) -> "ConnectGesture | None":
        if at.button != Qt.MouseButton.LeftButton:
            return None
        scene = canvas.graph_scene
        port = port_at(scene, at.scene, canvas.zoom)
        if isinstance(port, OutputHit):
            return cls(canvas, Fixed(port.place, port.tensor))
        if isinstance(port, InputHit):
            wire = scene.wires.get((port.call, port.slot.path))
            if wire is None:
                return cls(canvas, Fixed(port.place, None, port.call, port.slot.path))
            return cls._by_end(canvas, wire.edge, "target")
        wire = wire_at(scene, at.scene, canvas.zoom) if box_at(scene, at.scene) is None else None
        end = end_at(wire, at.scene, canvas.zoom) if wire else None
        return cls._by_end(canvas, wire.edge, end) if wire and end else None

    @classmethod
    def _by_end(cls, canvas: Canvas, edge: Edge, end: str) -> "ConnectGesture":
        scene = canvas.graph_scene
        if end == "target":
            place = scene.collapsed_frames.start_of(edge.source)
            return cls(canvas, Fixed(place, edge.source), edge)
        place = scene.collapsed_frames.end_of(edge)
        return cls(canvas, Fixed(place, None, edge.target, edge.path), edge)

    def start(self, at: Pointer) -> None:
        scene = self.canvas.graph_scene
        self._first = at.view
        self._preview = WirePreview(scene.style_sheet)
        self._preview.setVisible(False)
        scene.addItem(self._preview)

    def update(self, at: Pointer) -> None:
        if not self._dragged and (at.view - self._first).manhattanLength() < 4:
            return
        if not self._dragged:
            self._dragged = True
            self._show_picked_up(False)
            self._preview.setVisible(True)
        self._target = self._find(at)
        if self._light(self._target):
            self._target = self._find(at)  # more ports may show now
        loose = self._target.place or at.scene
        start, end = (self._fixed.place, loose) if self._fixed.tensor else (loose, self._fixed.place)
        dots = self.canvas.graph_scene.dots.of(self._edge) if self._edge is not None else ()
        self._preview.lead(start, end, refused=bool(self._target.reason), dots=dots)
        self.canvas.show_reason(self._target.reason, at.view)

    def finish(self, at: Pointer) -> None:
        if self._dragged:
            self.update(at)
        target = self._target
        self._clean_up()
        if self._dragged and self.is_outside(at):
            return
        if not self._dragged:
            click_port(self.canvas, at)
        if not self._dragged or target.reason:
            return
        actions = self.canvas.actions_on_boxes
        if not target.box:
            if self._edge is not None:
                actions.disconnect_seen(self._edge)
            else:
                self._ask_for_layer(at.scene)
        elif self._fixed.tensor is None:
            assert target.tensor is not None
            if self._edge is None:
                actions.connect(target.tensor, self._fixed.call, self._fixed.path)
            elif self._edge.source != target.tensor:
                actions.resource(self._edge, target.tensor)
        elif self._edge is not None:
            actions.reconnect(self._edge, target.box, target.path)
        else:
            actions.connect(self._fixed.tensor, target.box, target.path)

    def cancel(self) -> None:
        self._clean_up()

    def _ask_for_layer(self, at: QPointF) -> None:
        """Nothing lies where the wire was dropped: let the user choose a layer to put there."""
        actions, call_id, path = self.canvas.actions_on_boxes, self._fixed.call, self._fixed.path
        middle, tensor = at.x() - BOX_WIDTH / 2, self._fixed.tensor
        if tensor is not None:
            told = self.canvas.graph_scene.spec_of(tensor)
            axes = len(told[0]) if told else None
            place = (float(round(middle)), float(round(at.y())))
            self.canvas.ask_for_layer(
                at,
                lambda spec: actions.add(spec, place, after=tensor),
                lambda specs, typed: by_axes(specs, axes, typed),
                feed=tensor,
            )
        elif path is not None:
            above = (float(round(middle)), float(round(at.y() - BOX_HEIGHT)))
            self.canvas.ask_for_layer(at, lambda spec: actions.add(spec, above, before=(call_id, path)))

    # The loose end

    def _find(self, at: Pointer) -> Target:
        return self._find_input(at) if self._fixed.tensor else self._find_output(at)

    def _find_input(self, at: Pointer) -> Target:
        target = self._find_one_input(at)
        if len(self._edges) > 1 and target.box and target.box not in (edge.target for edge in self._edges):
            several = tr("{count} wires lead into the frame here. Open it to move one.", count=len(self._edges))
            return replace(target, reason=target.reason or several)
        return target

    def _find_one_input(self, at: Pointer) -> Target:
        scene, tensor = self.canvas.graph_scene, self._fixed.tensor
        assert tensor is not None
        port = port_at(scene, at.scene, self.canvas.zoom)
        if isinstance(port, InputHit):
            return Target(port.call, tensor, port.slot.path, port.place, self._why_not(tensor, port.call))
        box = box_at(scene, at.scene) or stand_in_at(scene, at.scene, self.canvas.zoom)
        if isinstance(box, CollapsedFrame):
            own = isinstance(port, OutputHit) and port.tensor == tensor
            return Target() if own else self._back_into(box)
        if box is None or (box.call_id == tensor.call and isinstance(port, OutputHit)):
            return Target()
        if self._edge is not None and self._edge.target == box.call_id:
            return Target(box.call_id, tensor, self._edge.path, box.input_place(self._edge.path))
        reason = self._why_not(tensor, box.call_id) or self._why_full(box.call_id)
        return Target(box.call_id, tensor, None, None if reason else self._free_place(box.call_id), reason)

    def _find_output(self, at: Pointer) -> Target:
        scene = self.canvas.graph_scene
        port = port_at(scene, at.scene, self.canvas.zoom)
        box = box_at(scene, at.scene) or stand_in_at(scene, at.scene, self.canvas.zoom)
        if isinstance(port, OutputHit):
            tensor, place = port.tensor, port.place
        elif isinstance(box, CollapsedFrame):
            return self._back_into(box)
        elif box is not None:
            tensor, place = TensorRef(box.call_id), box.output_place(0)
        else:
            return Target()
        if tensor.call == self._fixed.call and not isinstance(port, OutputHit):
            return Target()
        targets = [edge.target for edge in self._edges] or [self._fixed.call]
        reason = why_not_all(self.canvas.document, tensor, targets)
        return Target(tensor.call, tensor, None, place, str(reason) if reason else "")

    def _back_into(self, collapsed_frame: CollapsedFrame) -> Target:
        """A frame cannot know which of its boxes a wire should be for; but one that comes from there may go back."""
        edge = self._edge
        if edge is not None and self._fixed.tensor is not None and edge.target in collapsed_frame.members:
            return Target(edge.target, edge.source, edge.path, collapsed_frame.end_of(edge.source))
        if edge is not None and self._fixed.tensor is None and edge.source.call in collapsed_frame.members:
            return Target(edge.source.call, edge.source, None, collapsed_frame.start_of(edge.source))
        return Target(reason=tr("Open the frame to wire its boxes."))

    def _why_not(self, tensor: TensorRef, target: str) -> str:
        reason = commands.why_not(self.canvas.document, tensor, target)
        return str(reason) if reason else ""

    def _why_full(self, call_id: str) -> str:
        """Why a box as a whole takes no further wire; one with a single input has it replaced."""
        scene = self.canvas.graph_scene
        box = scene.boxes[call_id]
        places = (*box.look.inputs, *box.look.free_inputs)
        if not places:
            return tr("{layer} takes no input.", layer=box.look.name)
        if len(places) > 1 and all(slot.source is not None for slot in places):
            return tr("{layer} has no free input.", layer=box.look.name)
        return ""

    def _free_place(self, call_id: str) -> QPointF:
        """Return where a wire dropped on the box as a whole will end."""
        scene = self.canvas.graph_scene
        operation = scene.graph.operation_of(call_id)
        ports = Ports(self.canvas.document, self.canvas.catalog)
        slot = ports.free_slot(operation, scene.graph.calls[call_id])
        box = scene.boxes[call_id]
        return box.input_place(slot.path if slot else box.look.inputs[0].path)

    # What shows

    def _light(self, target: Target) -> bool:
        """Show that the wire may end at a box; whether that is another box than before."""
        scene = self.canvas.graph_scene
        before, self._lit = self._lit, target.box
        if before != target.box and before in scene.boxes:
            scene.boxes[before].show_state(target=False)
            scene.expand(before, False)
        if target.box:
            scene.boxes[target.box].show_state(target=not target.reason)
            if self._fixed.tensor is not None:
                scene.expand(target.box, True)
        return before != target.box

    def _show_picked_up(self, visible: bool) -> None:
        for edge in self._edges:
            wire = self.canvas.graph_scene.wires.get((edge.target, edge.path))
            if wire is not None:
                wire.setVisible(visible)

    def _clean_up(self) -> None:
        self._light(Target())
        self._show_picked_up(True)
        self.canvas.show_reason("")
        self.canvas.graph_scene.removeItem(self._preview)


GESTURE = ConnectGesture
