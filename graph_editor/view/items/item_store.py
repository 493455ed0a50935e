"""The one owner of the boxes and wires that a scene shows: what there is, where it lies, and what is hidden."""

from collections.abc import Iterable

from graph_editor.document.document import Document, Point
from graph_editor.document.graph import Graph
from graph_editor.view.items.box_item import BoxItem
from graph_editor.view.items.box_layer import BoxLayer
from graph_editor.view.items.grid_index import GridIndex
from graph_editor.view.items.wire_item import WireItem, WireKey
from graph_editor.view.items.wire_layer import WireLayer


class ItemStore:
    """Of one graph of ``document`` at a time. What is hidden is in neither index nor layer."""

    def __init__(self, document: Document, graph_id: str, wire_layer: WireLayer, box_layer: BoxLayer) -> None:
        self.document, self.graph_id = document, graph_id
        self.wire_layer, self.box_layer = wire_layer, box_layer
        self.boxes: dict[str, BoxItem] = {}
        self.wires: dict[WireKey, WireItem] = {}
        self.wires_at: dict[str, dict[WireKey, None]] = {}  # that begin or end at a box
        self.index = GridIndex()  # of the boxes that show, and of those that stand in for others
        self.own_places: dict[str, Point] = {}  # for boxes that the document gives no place

    @property
    def graph(self) -> Graph:
        return self.document.graphs[self.graph_id]

    def place_of(self, call_id: str) -> Point:
        """The top left corner of a box according to the document, or where it is put for want of a place there."""
        return self.document.positions.get(call_id) or self.own_places.get(call_id, (0.0, 0.0))

    def wires_of(self, call_id: str) -> list[WireItem]:
        return [self.wires[key] for key in self.wires_at.get(call_id, ())]

    def shown_wires(self) -> Iterable[WireItem]:
        return (wire for wire in self.wires.values() if not wire.hidden)

    def clear(self) -> None:
        """Take everything away; boxes that stand in for others are taken away before."""
        for box in self.boxes.values():
            if not box.hidden:
                self.box_layer.remove(box)
        for wire in self.shown_wires():
            self.wire_layer.remove(wire)
        self.boxes.clear()
        self.wires.clear()
        self.wires_at.clear()
        self.index.clear()

    def add_box(self, box: BoxItem) -> None:
        box.setPos(*self.place_of(box.call_id))
        self.boxes[box.call_id] = box
        self.wires_at.setdefault(box.call_id, {})
        self.put(box)
        if not box.hidden:
            self.box_layer.add(box)

    def drop_box(self, call_id: str) -> None:
        self.box_layer.remove(self.boxes.pop(call_id))
        self.index.drop(call_id)

    def hide_box(self, box: BoxItem, hidden: bool) -> None:
        """Or show it again."""
        if hidden and not box.hidden:
            self.index.drop(box.call_id)
            self.box_layer.remove(box)
        elif not hidden:
            self.index.put(box.call_id, box.area())
            self.box_layer.add(box)
        box.hidden = hidden

    def put(self, box: BoxItem) -> None:
        """It is where it is now."""
        if not box.hidden:
            self.index.put(box.call_id, box.area())

    def add_wire(self, wire: WireItem) -> None:
        edge = wire.edge
        key = (edge.target, edge.path)
        self.wires[key] = wire
        for end in (edge.target, edge.source.call):
            self.wires_at.setdefault(end, {})[key] = None
        if not wire.hidden:
            self.wire_layer.add(wire)

    def drop_wire(self, key: WireKey) -> None:
        wire = self.wires.pop(key, None)
        if wire is not None:
            for end in (wire.edge.target, wire.edge.source.call):
                self.wires_at.get(end, {}).pop(key, None)
            self.wire_layer.remove(wire)

    def hide_wire(self, wire: WireItem, hidden: bool) -> None:
        """Or show it again."""
        if hidden != wire.hidden:
            wire.hidden = hidden
            (self.wire_layer.remove if hidden else self.wire_layer.add)(wire)
