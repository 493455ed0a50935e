"""Finds the ways of wires: from port to port, round the boxes in between, through dots, or along with boxes."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from graph_editor.document.canvas.wire_dots import Wire, wire_of
from graph_editor.document.document import Point
from graph_editor.document.graph import Edge, TensorRef
from graph_editor.view.items.collapsed_frames import CollapsedFrames
from graph_editor.view.items.dot_places import DotPlaces
from graph_editor.view.items.grid_index import Bounds, union
from graph_editor.view.items.item_store import ItemStore
from graph_editor.view.items.wire_item import WireKey

_MANY = 300  # boxes: with more of them it is quicker to lead all wires
_FEW = 40  # as many wires find their way round boxes while they are being dragged
_SEVERAL, _CLOSE = 40, 4  # so many areas are looked at as one, if few other boxes lie between them


class WireRoutes:
    """Looks at the boxes and wires of ``store`` and at what stands in for some, and changes the wires."""

    def __init__(self, store: ItemStore, collapsed_frames: CollapsedFrames, dots: DotPlaces) -> None:
        self._store, self._collapsed_frames, self._dots = store, collapsed_frames, dots

    def others_near(self, area: Bounds) -> list[str]:
        """Boxes whose wires may run round a box at ``area``: those at the ends of wires that come near it."""
        near = self._store.wire_layer.within((area[0] - 30, area[1] - 30, area[2] + 30, area[3] + 30))
        return [wire.edge.target for wire in near]

    def others_near_all(self, areas: Sequence[Bounds]) -> set[str]:
        """As ``others_near``, of many areas; of those that lie close together as of one."""
        if len(areas) > _SEVERAL:
            around = union(areas)
            if len(self._store.index.within(around)) < _CLOSE * len(areas):
                return set(self.others_near(around))
        return {call_id for area in areas for call_id in self.others_near(area)}

    def lead_near(self, call_ids: Iterable[str], keys: Iterable[WireKey] = (), areas: Sequence[Bounds] = ()) -> None:
        """Find the ways of the wires anew that end at boxes or come near them; of ``keys``, and near ``areas``, too."""
        ids, boxes = list(call_ids), self._store.boxes
        if len(ids) > max(_MANY, len(boxes) // 2):
            self.lead(self._store.wires)  # quicker than to look at the surroundings of each
            return
        near = [boxes[key].area() for key in ids if key in boxes and not boxes[key].hidden]
        stale = dict.fromkeys(keys)
        for call_id in (*ids, *self.others_near_all([*near, *areas])):
            stale.update(self._store.wires_at.get(call_id, {}))
        self.lead(stale)

    def lead(self, keys: Iterable[WireKey], round_boxes: bool = True) -> None:
        """Find the ways of wires; without ``round_boxes`` straight through what is in between, which is quick."""
        store, distinct_keys = self._store, dict.fromkeys(keys)
        for call_id in {key[0] for key in distinct_keys}:
            if call_id in store.boxes and self._center_input(call_id):
                distinct_keys.update((key, None) for key in self._store.wires_at[call_id] if key[0] == call_id)
        for key in distinct_keys:
            wire = store.wires[key]
            edge = wire.edge
            if edge.source.call in store.boxes and edge.target in store.boxes and not wire.hidden:
                start, end = self._collapsed_frames.start_of(edge.source), self._collapsed_frames.end_of(edge)
                dots = self._dots.of(edge) if self._dots else ()
                wire.lead(start, end, self._obstacles(edge) if round_boxes else None, dots)

    def lead_along(self, shifts: Mapping[str, Point]) -> None:
        """Boxes have been moved: wires between those that moved alike go along, the others find new ways."""
        wires = self._store.wires
        keys = {key: None for call_id in shifts for key in self._store.wires_at[call_id] if not wires[key].hidden}
        carried = []
        for key in list(keys):
            wire = wires[key]
            shift = shifts.get(wire.edge.source.call)
            if shift is not None and shift == shifts.get(wire.edge.target) and wire.curves and not wire.dots:
                carried.append(wire.shifted(*shift))
                del keys[key]
        if carried:
            self._store.wire_layer.carry(carried)
        self.lead(keys, round_boxes=len(keys) <= _FEW)

    def bend(self, wires: Iterable[Wire]) -> None:
        """Find the ways of wires anew that run through other dots now."""
        bent_wires, all_wires = set(wires), self._store.wires
        ends = {wire[2] for wire in bent_wires}
        self.lead(
            key
            for end in ends
            for key in self._store.wires_at.get(end, ())
            if wire_of(all_wires[key].edge) in bent_wires
        )

    def _center_input(self, call_id: str) -> bool:
        store, box = self._store, self._store.boxes[call_id]
        if len(box.shown_inputs()) < 2 and box.state.middle_input is None:
            return False
        sources = [store.wires[key].edge.source for key in self._store.wires_at[call_id] if key[0] == call_id]
        places: dict[TensorRef | None, float] = {
            ref: self._collapsed_frames.start_of(ref).x() for ref in sources if ref.call in store.boxes
        }
        return box.center_input(places)

    def _obstacles(self, edge: Edge) -> Callable[[Bounds], list[Bounds]]:
        ends = (self._collapsed_frames.key_for(edge.source.call), self._collapsed_frames.key_for(edge.target))
        index = self._store.index
        return lambda area: [index.bounds(key) for key in index.within(area) if key not in ends]
