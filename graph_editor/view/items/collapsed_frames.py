"""Collapsed frames: one box stands in for those of a frame, and the wires across its border end there.

The boxes stay in the scene, hidden, as do the wires among them. What works on the selection goes on working on them: a
stand-in is chosen by choosing all of its boxes.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from graph_editor.document.canvas.collapsing import collapsed_boxes
from graph_editor.document.canvas.frames import BoxFrame, frames_of
from graph_editor.document.changes.freezing import Weights
from graph_editor.document.document import Point
from graph_editor.document.graph import Edge, TensorRef
from graph_editor.document.ports import Slot
from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH
from graph_editor.layout.layered import Size, graph_outline
from graph_editor.view.items.box_item import BoxItem
from graph_editor.view.items.frame_state import state_of
from graph_editor.view.items.grid_index import Bounds, union
from graph_editor.view.items.wire_item import WireItem, WireKey
from graph_editor.view.painting.content import BoxLook, CallDisplay, compact, count_of_layers
from graph_editor.view.painting.metrics import RADIUS
from graph_editor.view.painting.style import Style, arrow
from resources.text import tr

if TYPE_CHECKING:
    from graph_editor.view.items.scene import GraphScene

_SIGN: Final = "\0"  # before the id of a frame: no call is called so
_MOST_SENTENCES: Final = 5
_MOST_NAMES: Final = 12


class StandIn(BoxItem):
    """Stands for ``members``, the boxes of ``frame``; each output that feeds them, or others, has a port."""

    def __init__(self, key: str, frame: BoxFrame, style: Style) -> None:
        super().__init__(key, BoxLook(frame.title, "", f"frame.{frame.color}", labels=(), outputs=()), style)
        self.frame = frame
        self.members = ()
        self.inlets: dict[TensorRef, int] = {}
        self.outlets: dict[TensorRef, int] = {}
        self.summary = ""
        self.modes: set[str] = set()  # of its boxes

    @property
    def mode(self) -> str:
        """Whether a person bypassed or muted all of its boxes."""
        return next(iter(self.modes)) if len(self.modes) == 1 else ""

    def outlet(self, tensor: TensorRef) -> tuple[str, int]:
        """The port of an output inside."""
        return "out", self.outlets.get(tensor, 0)

    def inlet(self, source: TensorRef) -> tuple[str, int]:
        """The port at which wires from ``source`` end, all of them."""
        return "in", self.inlets.get(source, 0)

    def start_of(self, tensor: TensorRef) -> QPointF:
        return self.output_place(self.outlet(tensor)[1])

    def end_of(self, source: TensorRef) -> QPointF:
        return self.input_place(self.inlet(source))

    def output_places(self) -> list[tuple[TensorRef, QPointF]]:
        return [(tensor, self.output_place(index)) for tensor, index in self.outlets.items()]

    def bar(self) -> QRectF:
        """Where the title is."""
        return self.rect().adjusted(12, 2, -6, -24)

    def toggle(self) -> QRectF:
        """Where a click opens it."""
        return QRectF(self.x + BOX_WIDTH - 24, self.y + 24, 22, 22)

    def paint_part(self, painter: QPainter) -> None:
        super().paint_part(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.theme.color("dim"))
        painter.drawPolygon(arrow(self.toggle().center() - self.pos(), down=False))
        if not (self.state.selected or self.state.target or self.look.severity):
            color = self._style.theme.category(self.look.category)
            color.setAlphaF(0.75)
            pen = QPen(color, 1.4) if self.look.left_out is None else QPen(self._style.border_idle)
            pen.setColor(color)
            painter.setPen(pen)
            color.setAlphaF(0.08)
            painter.setBrush(color)
            painter.drawRoundedRect(self.rect().translated(-self.pos()), RADIUS, RADIUS)


class StandIns:
    """The stand-ins of ``scene``; documents without collapsed frames pay nothing for them."""

    def __init__(self, scene: "GraphScene") -> None:
        self._scene = scene
        self.items: dict[str, StandIn] = {}
        self._frames: dict[str, tuple[BoxFrame, tuple[str, ...]]] = {}
        self._key_of: dict[str, str] = {}  # of the stand-in of a box
        self._key_of_note: dict[str, str] = {}
        self._displays: Mapping[str, CallDisplay] = {}

    def of(self, call_id: str) -> StandIn | None:
        """What stands in for a box, if anything does."""
        key = self._key_of.get(call_id)
        return None if key is None else self.items.get(key)

    def of_frame(self, frame_id: str) -> StandIn | None:
        return self.items.get(_SIGN + frame_id)

    def of_note(self, note_id: str) -> StandIn | None:
        """What stands in for a note, if anything does."""
        return self.items.get(self._key_of_note.get(note_id, ""))

    def takes_note(self, note_id: str) -> bool:
        return note_id in self._key_of_note

    def shown_for(self, key: str) -> StandIn | None:
        """As ``of``; a stand-in itself is found under its own key."""
        return (self.items.get(key) or self.of(key)) if self.items else None

    def takes(self, call_id: str) -> bool:
        return call_id in self._key_of

    def hides(self, edge: Edge) -> bool:
        """Whether a wire runs within a collapsed frame."""
        key = self._key_of.get(edge.source.call)
        return key is not None and key == self._key_of.get(edge.target)

    def start_of(self, tensor: TensorRef) -> QPointF:
        """Where wires from an output begin: at its box, or at what stands in for that."""
        stand_in = self.of(tensor.call)
        return stand_in.start_of(tensor) if stand_in else self._scene.boxes[tensor.call].output_place(tensor.index)

    def end_of(self, edge: Edge) -> QPointF:
        stand_in = self.of(edge.target)
        return stand_in.end_of(edge.source) if stand_in else self._scene.boxes[edge.target].input_place(edge.path)

    def with_others(self, boxes: Mapping[str, BoxItem]) -> Iterable[BoxItem]:
        """All boxes that show."""
        if not self._key_of:
            return boxes.values()
        return [*(box for box in boxes.values() if not box.hidden), *self.items.values()]

    def whole(self, call_ids: Iterable[str]) -> list[str]:
        """Boxes, with all that are hidden together with one of them."""
        found: dict[str, None] = {}
        for call_id in call_ids:
            stand_in = self.of(call_id)
            found.update(dict.fromkeys(stand_in.members if stand_in else (call_id,)))
        return list(found)

    # As units: what is done to a stand-in is done to all of its boxes alike

    def key_for(self, call_id: str) -> str:
        """A box itself, or what stands in for it."""
        stand_in = self.of(call_id)
        return stand_in.call_id if stand_in else call_id

    def units(self, call_ids: Iterable[str]) -> dict[str, Point]:
        """Where boxes and stand-ins lie."""
        scene = self._scene
        keys = dict.fromkeys(self.key_for(call_id) for call_id in call_ids)
        return {key: _corner(self.items[key]) if key in self.items else scene.place_of(key) for key in keys}

    def spread(self, places: Mapping[str, Point]) -> dict[str, Point]:
        """New places of units as those of boxes."""
        spread: dict[str, Point] = {}
        for key, (x, y) in places.items():
            item = self.items.get(key)
            if item is None:
                spread[key] = x, y
                continue
            dx, dy = x - item.pos().x(), y - item.pos().y()
            for member in item.members:
                left, top = self._scene.place_of(member)
                spread[member] = left + dx, top + dy
        return spread

    def outline(self) -> tuple[dict[str, Size], list[tuple[str, str]]]:
        """What the layout needs to know to arrange all units."""
        sizes, edges = graph_outline(self._scene.graph, collapsed_boxes(self._scene.document))
        if not self.items:
            return sizes, edges
        whole = {self.key_for(call_id): size for call_id, size in sizes.items()}
        whole.update(dict.fromkeys(self.items, (BOX_WIDTH, BOX_HEIGHT)))
        return whole, [(self.key_for(source), self.key_for(target)) for source, target in edges]

    # From the document

    def clear(self) -> None:
        self.items.clear()
        self._frames, self._key_of, self._key_of_note = {}, {}, {}

    def plan(self) -> None:
        """Learn which frames are collapsed, and which of their boxes lie here."""
        calls = self._scene.graph.calls
        self._frames, self._key_of, self._key_of_note = {}, {}, {}
        for frame in frames_of(self._scene.document):
            key = _SIGN + frame.id
            if frame.collapsed and key not in calls:
                here = tuple(box for box in frame.boxes if box in calls and box not in self._key_of)
                if here:
                    self._frames[key] = frame, here
                    self._key_of.update(dict.fromkeys(here, key))
                    self._key_of_note.update(dict.fromkeys(frame.notes, key))

    def refresh(self, displays: Mapping[str, CallDisplay]) -> tuple[dict[WireKey, None], list[Bounds]]:
        """Show what the document says; the wires that need another way come back, and where others may do so."""
        before, had_any = self._key_of, bool(self._key_of or self.items)
        self.plan()
        keys: dict[WireKey, None] = {}
        if not (had_any or self._key_of):
            return keys, []
        self._displays = displays
        areas = self._hide_and_show(before, keys)
        for key in [key for key in self.items if key not in self._frames]:
            areas.append(self.items[key].area())
            self._scene.index.drop(key)
            self._scene.box_layer.remove(self.items.pop(key))
        for key, (frame, members) in self._frames.items():
            areas += self._show(key, frame, members, keys)
        self.show_selection(dict.fromkeys(self._scene.selection))
        return keys, areas

    def set_style(self, style: Style) -> None:
        for item in self.items.values():
            item.set_style(style)

    def show_selection(self, call_ids: Mapping[str, None]) -> None:
        for item in self.items.values():
            item.show_state(selected=any(member in call_ids for member in item.members))

    def follow(self, call_ids: Iterable[str]) -> None:
        """Boxes are shown elsewhere."""
        if self.items:
            for item in {item for call_id in call_ids if (item := self.of(call_id))}:
                item.setPos(*self._place(item.members))
                self._scene.index.put(item.call_id, item.area())

    # The steps of ``refresh``

    def _hide_and_show(self, before: dict[str, str], keys: dict[WireKey, None]) -> list[Bounds]:
        """Hide boxes that have been taken, and show those that are free again; where they lie."""
        scene, areas = self._scene, list[Bounds]()
        for call_id in before | self._key_of:
            box, hidden = scene.boxes.get(call_id), call_id in self._key_of
            if box is None or (before.get(call_id) == self._key_of.get(call_id) and hidden == box.hidden):
                continue
            if hidden and not box.hidden:
                scene.index.drop(call_id)
                scene.box_layer.remove(box)
            elif not hidden:
                scene.index.put(call_id, box.area())
                scene.box_layer.add(box)
            box.hidden = hidden
            areas.append(box.area())
            for wire in scene.wires_at(call_id):
                self._hide_wire(wire)
                keys[wire.edge.target, wire.edge.path] = None
        return [union(areas)] if areas else []

    def _hide_wire(self, wire: WireItem) -> None:
        """Or show it again."""
        hidden = self.hides(wire.edge)
        if hidden != wire.hidden:
            wire.hidden = hidden
            (self._scene.wire_layer.remove if hidden else self._scene.wire_layer.add)(wire)

    def _show(self, key: str, frame: BoxFrame, members: tuple[str, ...], keys: dict[WireKey, None]) -> list[Bounds]:
        """Show one stand-in as it is now; where it was and is, when that is somewhere else."""
        scene, item = self._scene, self.items.get(key)
        if item is None:
            item = self.items[key] = StandIn(key, frame, scene.style_sheet)
            item.setPos(*self._place(members))
            scene.box_layer.add(item)
            before = None
        else:
            before = item.area()
        crossing = [wire.edge for member in members for wire in scene.wires_at(member) if not wire.hidden]
        ports = item.inlets, item.outlets
        item.frame, item.members = frame, members
        inside = set(members)
        coming = {edge.source for edge in crossing if edge.source.call not in inside}
        leaving = {edge.source for edge in crossing if edge.source.call in inside}
        item.inlets = self._ordered(coming)
        item.outlets = self._ordered(ref for member in members for ref in self._outputs(member, leaving))
        item.show_look(self._look(item))
        item.setPos(*self._place(members))
        if item.area() == before and ports == (item.inlets, item.outlets):
            return []
        scene.index.put(key, item.area())
        keys.update(((edge.target, edge.path), None) for edge in crossing)
        return [area for area in (before, item.area()) if area]

    def _outputs(self, member: str, leaving: set[TensorRef]) -> list[TensorRef]:
        """The outputs of a box that something outside takes, or that are outputs of the model."""
        look = self._scene.boxes[member].look
        refs = [TensorRef(member, index) for index in range(look.output_count)]
        return [ref for ref in refs if ref in leaving or look.outputs[ref.index]]

    def _ordered(self, tensors: Iterable[TensorRef]) -> dict[TensorRef, int]:
        """From left to right, so that few wires cross."""
        boxes = self._scene.boxes
        order = sorted(tensors, key=lambda ref: (boxes[ref.call].output_place(ref.index).x(), ref.call, ref.index))
        return {tensor: index for index, tensor in enumerate(order)}

    def _place(self, members: Iterable[str]) -> Point:
        """In the middle of its boxes, as high as the highest of them."""
        places = [self._scene.boxes[member].pos() for member in members]
        left, right = min(place.x() for place in places), max(place.x() for place in places)
        return float(round((left + right) / 2)), min(place.y() for place in places)

    def _parameters(self, call_id: str) -> int | None:
        display = self._displays.get(call_id)
        return display.parameters if display else None

    def _look(self, item: StandIn) -> BoxLook:
        scene, graph = self._scene, self._scene.graph
        looks = [scene.boxes[member].look for member in item.members]
        operations = {graph.calls[member].operation: member for member in item.members}
        built = {look.name for look in looks if look.left_out is None}
        told = (self._parameters(key) for key in operations.values() if scene.boxes[key].look.name in built)
        known = [count for count in told if count is not None]
        item.summary = count_of_layers(len(operations), sum(known) if known else None)
        wrong = sorted((look for look in looks if look.severity), key=lambda look: look.severity != "error")
        weights = Weights(scene.document, scene.catalog, scene.counted)
        with_weights = [
            look
            for member, look in zip(item.members, looks, strict=True)
            if weights.within(graph, graph.operation_of(member))
        ]
        item.modes = {graph.calls[member].mode for member in item.members}
        state = state_of(looks, with_weights, len(item.inlets) == 1 == len(item.outlets))
        return BoxLook(
            name=item.frame.title,
            detail=_short(len(operations), sum(known)),
            category=f"frame.{item.frame.color}",
            frozen=state.frozen,
            left_out=state.left_out,
            left_out_why=state.why,
            partly_out=state.partly_out,
            partly_frozen=state.partly_frozen,
            severity=wrong[0].severity if wrong else "",
            message=wrong[0].message if wrong else "",
            tooltip="\n".join(f"{look.name}: {look.message}" for look in wrong[:_MOST_SENTENCES]),
            inputs=tuple(
                Slot(("in", index), scene.boxes[ref.call].look.name, ref) for ref, index in item.inlets.items()
            ),
            labels=tuple(scene.boxes[ref.call].look.labels[ref.index] for ref in item.outlets),
            outputs=tuple(scene.boxes[ref.call].look.outputs[ref.index] for ref in item.outlets),
            nested=True,
        )


def _short(layers: int, parameters: int) -> str:
    """The second line of a stand-in; the first belongs to its title."""
    count = count_of_layers(layers, None)
    return f"{count} · {compact(parameters)}" if parameters else count


def stand_in_tooltip(item: StandIn, names: list[str]) -> str:
    """The whole of what stands behind a box, in lines."""
    shown = ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
    lines = [item.look.name, item.summary, shown]
    if item.look.frozen:
        lines.append(tr("Frozen: training leaves its weights as they are."))
    lines += [words for words in (item.look.left_out_why, item.look.partly_out, item.look.partly_frozen) if words]
    lines.append(tr("Double click to open the frame."))
    return "\n".join([*lines, item.look.tooltip] if item.look.tooltip else lines)


def _corner(box: BoxItem) -> Point:
    return box.pos().x(), box.pos().y()
