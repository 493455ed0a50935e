"""Finds the ways of wires: from port to port, round the boxes in between, through dots, or along with boxes."""

from collections.abc import Callable, Iterable, Mapping

from graph_editor.document.document import Point
from graph_editor.document.graph import ArgumentPath, Edge, TensorRef
from graph_editor.document.wire_dots import Wire, wire_of
from graph_editor.view.box_item import BoxItem
from graph_editor.view.dot_places import DotPlaces
from graph_editor.view.grid_index import Bounds, GridIndex
from graph_editor.view.wire_item import WireItem
from graph_editor.view.wire_layer import WireLayer

_MANY = 300  # more boxes than this, and all wires are led
_FEW_WIRES = 40  # as many find their way round boxes while they are being dragged
WireKey = tuple[str, ArgumentPath]  # the call and the argument at which the wire ends


class Leading:
    """Looks at the boxes and wires of a scene, and changes the wires; ``wires_at`` says which end at a call."""

    def __init__(
        self,
        boxes: Mapping[str, BoxItem],
        wires: Mapping[WireKey, WireItem],
        wires_at: Mapping[str, Mapping[WireKey, None]],
        index: GridIndex,
        layer: WireLayer,
        dots: DotPlaces,
    ) -> None:
        self._boxes, self._wires, self._wires_at = boxes, wires, wires_at
        self._index, self._layer, self._dots = index, layer, dots

    def others_near(self, area: Bounds) -> list[str]:
        """Boxes whose wires may run round a box at ``area``: those at the ends of wires that come near it."""
        near = self._layer.within((area[0] - 30, area[1] - 30, area[2] + 30, area[3] + 30))
        return [wire.edge.target for wire in near]

    def lead_near(self, call_ids: Iterable[str]) -> None:
        """Find the ways of the wires anew that end at boxes or come near them."""
        wanted = list(call_ids)
        if len(wanted) > _MANY:
            self.lead(self._wires)  # quicker than to look at the surroundings of each
            return
        keys: dict[WireKey, None] = {}
        for call_id in wanted:
            keys.update(self._wires_at.get(call_id, {}))
            if call_id in self._boxes:
                for other in self.others_near(self._boxes[call_id].area()):
                    keys.update(self._wires_at.get(other, {}))
        self.lead(keys)

    def lead(self, keys: Iterable[WireKey], round_boxes: bool = True) -> None:
        """Find the ways of wires; without ``round_boxes`` straight through what is in between, which is quick."""
        wanted = dict.fromkeys(keys)
        for call_id in {key[0] for key in wanted}:
            if call_id in self._boxes and self._center_input(call_id):
                wanted.update((key, None) for key in self._wires_at[call_id] if key[0] == call_id)
        for key in wanted:
            edge = self._wires[key].edge
            source, target = self._boxes.get(edge.source.call), self._boxes.get(edge.target)
            if source is not None and target is not None:
                start, end = source.output_place(edge.source.index), target.input_place(edge.path)
                dots = self._dots.of(edge) if self._dots else ()
                self._wires[key].lead(start, end, self._obstacles(edge) if round_boxes else None, dots)

    def bend(self, wires: Iterable[Wire]) -> None:
        """Find the ways of wires anew that run through other dots now."""
        wanted = set(wires)
        ends = {wire[2] for wire in wanted}
        self.lead(
            key for end in ends for key in self._wires_at.get(end, ()) if wire_of(self._wires[key].edge) in wanted
        )

    def lead_along(self, shifts: Mapping[str, Point]) -> None:
        """Boxes have been moved: wires between those that moved alike go along, the others find new ways."""
        keys = {key: None for call_id in shifts for key in self._wires_at[call_id]}
        carried = []
        for key in list(keys):
            wire = self._wires[key]
            shift = shifts.get(wire.edge.source.call)
            if shift is not None and shift == shifts.get(wire.edge.target) and wire.curves and not wire.dots:
                carried.append(wire.shifted(*shift))
                del keys[key]
        if carried:
            self._layer.carry(carried)
        self.lead(keys, round_boxes=len(keys) <= _FEW_WIRES)

    def _center_input(self, call_id: str) -> bool:
        box = self._boxes[call_id]
        if len(box.shown_inputs()) < 2 and box.state.middle_input is None:
            return False
        sources = [self._wires[key].edge.source for key in self._wires_at[call_id] if key[0] == call_id]
        places: dict[TensorRef | None, float] = {
            ref: self._boxes[ref.call].output_place(ref.index).x() for ref in sources if ref.call in self._boxes
        }
        return box.center_input(places)

    def _obstacles(self, edge: Edge) -> Callable[[Bounds], list[Bounds]]:
        ends = (edge.source.call, edge.target)
        index = self._index
        return lambda area: [index.bounds(key) for key in index.within(area) if key not in ends]
