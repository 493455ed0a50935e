"""Collapsed frames: one box stands in for those of a frame, and the wires across its border end there.

The boxes stay in the scene, hidden, as do the wires among them. What works on the selection goes on working on them: a
stand-in is chosen by choosing all of its boxes.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.canvas.collapsing import collapsed_boxes
from graph_editor.document.canvas.frames import BoxFrame
from graph_editor.document.canvas.seen import Seen, key_of, middle_of
from graph_editor.document.changes.freezing import Weights
from graph_editor.document.document import Point
from graph_editor.document.graph import Edge, TensorRef
from graph_editor.document.ports import Slot
from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH
from graph_editor.layout.layered import Size, graph_outline
from graph_editor.view.items.box_item import BoxItem
from graph_editor.view.items.frame_state import state_of
from graph_editor.view.items.grid_index import Bounds, union
from graph_editor.view.items.item_store import ItemStore
from graph_editor.view.items.wire_item import WireKey
from graph_editor.view.painting.content import BoxLook, CallDisplay, compact, count_of_layers
from graph_editor.view.painting.metrics import RADIUS
from graph_editor.view.painting.style import Style, arrow
from resources.text import tr

_MOST_SENTENCES: Final = 5
_MOST_NAMES: Final = 12


class CollapsedFrame(BoxItem):
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
        """Return where the title is."""
        return self.rect().adjusted(12, 2, -6, -24)

    def toggle(self) -> QRectF:
        """Return where a click opens it."""
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


class CollapsedFrames:
    """What shows of the boxes in ``store`` where frames are collapsed, as ``Seen`` has it from the document.

    Documents without collapsed frames pay nothing for it.
    """

    def __init__(self, store: ItemStore, catalog: Catalog, style: Style) -> None:
        self._store, self._catalog, self._style = store, catalog, style
        self.items: dict[str, CollapsedFrame] = {}
        self._seen = Seen(store.document, store.graph, store.place_of)
        self._displays: Mapping[str, CallDisplay] = {}

    def of(self, call_id: str) -> CollapsedFrame | None:
        """Return what stands in for a box, if anything does."""
        return self.items.get(self._seen.key(call_id))

    def of_frame(self, frame_id: str) -> CollapsedFrame | None:
        return self.items.get(key_of(frame_id))

    def of_note(self, note_id: str) -> CollapsedFrame | None:
        """Return what stands in for a note, if anything does."""
        return self.items.get(self._seen.key_of_note(note_id) or "")

    def takes_note(self, note_id: str) -> bool:
        return self._seen.key_of_note(note_id) is not None

    def shown_for(self, key: str) -> CollapsedFrame | None:
        """As ``of``; a stand-in itself is found under its own key."""
        return (self.items.get(key) or self.of(key)) if self.items else None

    def takes(self, call_id: str) -> bool:
        return call_id in self._seen.hidden()

    def hides(self, edge: Edge) -> bool:
        """Whether a wire runs within a collapsed frame."""
        key = self._seen.hidden().get(edge.source.call)
        return key is not None and key == self._seen.hidden().get(edge.target)

    def start_of(self, tensor: TensorRef) -> QPointF:
        """Return where wires from an output begin: at its box, or at what stands in for that."""
        collapsed_frame = self.of(tensor.call)
        return (
            collapsed_frame.start_of(tensor)
            if collapsed_frame
            else self._store.boxes[tensor.call].output_place(tensor.index)
        )

    def end_of(self, edge: Edge) -> QPointF:
        collapsed_frame = self.of(edge.target)
        return (
            collapsed_frame.end_of(edge.source)
            if collapsed_frame
            else self._store.boxes[edge.target].input_place(edge.path)
        )

    def shown_boxes(self) -> Iterable[BoxItem]:
        """All boxes that show, stand-ins among them."""
        boxes = self._store.boxes
        if not self._seen.frames:
            return boxes.values()
        return [*(box for box in boxes.values() if not box.hidden), *self.items.values()]

    def whole(self, call_ids: Iterable[str]) -> list[str]:
        """Boxes, with all that are hidden together with one of them."""
        whole_ids: dict[str, None] = {}
        for call_id in call_ids:
            collapsed_frame = self.of(call_id)
            whole_ids.update(dict.fromkeys(collapsed_frame.members if collapsed_frame else (call_id,)))
        return list(whole_ids)

    # As units: what is done to a stand-in is done to all of its boxes alike

    def key_for(self, call_id: str) -> str:
        """A box itself, or what stands in for it."""
        collapsed_frame = self.of(call_id)
        return collapsed_frame.call_id if collapsed_frame else call_id

    def units(self, call_ids: Iterable[str]) -> dict[str, Point]:
        """Return where boxes and stand-ins lie."""
        return {self.key_for(call_id): self._seen.place(call_id) for call_id in call_ids}

    def spread(self, places: Mapping[str, Point]) -> dict[str, Point]:
        """New places of units as those of boxes."""
        return self._seen.spread(places)

    def outline(self) -> tuple[dict[str, Size], list[tuple[str, str]]]:
        """Return what the layout needs to know to arrange all units."""
        sizes, edges = graph_outline(self._store.graph, collapsed_boxes(self._store.document))
        if not self.items:
            return sizes, edges
        whole = {self.key_for(call_id): size for call_id, size in sizes.items()}
        whole.update(dict.fromkeys(self.items, (BOX_WIDTH, BOX_HEIGHT)))
        return whole, [(self.key_for(source), self.key_for(target)) for source, target in edges]

    # From the document

    def clear(self) -> None:
        for item in self.items.values():
            self._store.box_layer.remove(item)
        self.items.clear()
        self.plan()

    def plan(self) -> None:
        """Learn which frames are collapsed, and which of their boxes lie here."""
        self._seen = Seen(self._store.document, self._store.graph, self._store.place_of)

    def refresh(
        self, displays: Mapping[str, CallDisplay], selection: Mapping[str, None]
    ) -> tuple[dict[WireKey, None], list[Bounds]]:
        """Show what the document says; the wires that need another way come back, and where others may do so."""
        before, had_any = self._seen.hidden(), bool(self._seen.frames or self.items)
        self.plan()
        keys: dict[WireKey, None] = {}
        if not (had_any or self._seen.frames):
            return keys, []
        self._displays = displays
        areas = self._hide_and_show(before, keys)
        for key in [key for key in self.items if key not in self._seen.frames]:
            areas.append(self.items[key].area())
            self._store.index.drop(key)
            self._store.box_layer.remove(self.items.pop(key))
        for key, (frame, members) in self._seen.frames.items():
            areas += self._show(key, frame, members, keys)
        self.show_selection(selection)
        return keys, areas

    def set_style(self, style: Style) -> None:
        self._style = style
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
                self._store.index.put(item.call_id, item.area())

    # The steps of ``refresh``

    def _hide_and_show(self, before: Mapping[str, str], keys: dict[WireKey, None]) -> list[Bounds]:
        """Hide boxes that have been taken, and show those that are free again; where they lie."""
        store, now, areas = self._store, self._seen.hidden(), list[Bounds]()
        for call_id in {**before, **now}:
            box, hidden = store.boxes.get(call_id), call_id in now
            if box is None or (before.get(call_id) == now.get(call_id) and hidden == box.hidden):
                continue
            store.hide_box(box, hidden)
            areas.append(box.area())
            for wire in store.wires_of(call_id):
                store.hide_wire(wire, self.hides(wire.edge))
                keys[wire.edge.target, wire.edge.path] = None
        return [union(areas)] if areas else []

    def _show(self, key: str, frame: BoxFrame, members: tuple[str, ...], keys: dict[WireKey, None]) -> list[Bounds]:
        """Show one stand-in as it is now; where it was and is, when that is somewhere else."""
        store, item = self._store, self.items.get(key)
        if item is None:
            item = self.items[key] = CollapsedFrame(key, frame, self._style)
            item.setPos(*self._place(members))
            store.box_layer.add(item)
            before = None
        else:
            before = item.area()
        crossing = [wire.edge for member in members for wire in store.wires_of(member) if not wire.hidden]
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
        store.index.put(key, item.area())
        keys.update(((edge.target, edge.path), None) for edge in crossing)
        return [area for area in (before, item.area()) if area]

    def _outputs(self, member: str, leaving: set[TensorRef]) -> list[TensorRef]:
        """The outputs of a box that something outside takes, or that are outputs of the model."""
        look = self._store.boxes[member].look
        refs = [TensorRef(member, index) for index in range(look.output_count)]
        return [ref for ref in refs if ref in leaving or look.outputs[ref.index]]

    def _ordered(self, tensors: Iterable[TensorRef]) -> dict[TensorRef, int]:
        """From left to right, so that few wires cross."""
        boxes = self._store.boxes
        order = sorted(tensors, key=lambda ref: (boxes[ref.call].output_place(ref.index).x(), ref.call, ref.index))
        return {tensor: index for index, tensor in enumerate(order)}

    def _place(self, members: Iterable[str]) -> Point:
        """Return where it shows while its boxes show somewhere, be it on their way."""
        return middle_of([_corner(self._store.boxes[member]) for member in members])

    def _parameters(self, call_id: str) -> int | None:
        display = self._displays.get(call_id)
        return display.parameters if display else None

    def _look(self, item: CollapsedFrame) -> BoxLook:
        store, graph = self._store, self._store.graph
        looks = [store.boxes[member].look for member in item.members]
        operations = {graph.calls[member].operation: member for member in item.members}
        built = {look.name for look in looks if look.left_out is None}
        told = (self._parameters(key) for key in operations.values() if store.boxes[key].look.name in built)
        counts = [count for count in told if count is not None]
        item.summary = count_of_layers(len(operations), sum(counts) if counts else None)
        wrong = sorted((look for look in looks if look.severity), key=lambda look: look.severity != "error")
        weights = Weights(store.document, self._catalog, self._parameters)
        with_weights = [
            look
            for member, look in zip(item.members, looks, strict=True)
            if weights.within(graph, graph.operation_of(member))
        ]
        item.modes = {graph.calls[member].mode for member in item.members}
        state = state_of(looks, with_weights, len(item.inlets) == 1 == len(item.outlets))
        return BoxLook(
            name=item.frame.title,
            detail=_short(len(operations), sum(counts)),
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
                Slot(("in", index), store.boxes[ref.call].look.name, ref) for ref, index in item.inlets.items()
            ),
            labels=tuple(store.boxes[ref.call].look.labels[ref.index] for ref in item.outlets),
            outputs=tuple(store.boxes[ref.call].look.outputs[ref.index] for ref in item.outlets),
            nested=True,
        )


def _short(layers: int, parameters: int) -> str:
    """The second line of a stand-in; the first belongs to its title."""
    count = count_of_layers(layers, None)
    return f"{count} · {compact(parameters)}" if parameters else count


def collapsed_frame_tooltip(item: CollapsedFrame, names: list[str]) -> str:
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
