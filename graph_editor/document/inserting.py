"""Putting a box into a wire: the wire then leads through it, and what lies below makes room."""

from collections.abc import Callable, Mapping

from graph_editor.catalog.catalog import Catalog
from graph_editor.document import arguments
from graph_editor.document.collapsing import height_of
from graph_editor.document.commands import INPUT, connect, why_not
from graph_editor.document.document import Document, Point
from graph_editor.document.edits import Edit, SetArguments, SetPositions
from graph_editor.document.graph import Edge, TensorRef
from graph_editor.document.ports import Ports
from graph_editor.document.wire_dots import dots_of, set_dots, shifted, split_dots
from graph_editor.layout.sizes import BOX_HEIGHT

GAP = 34.0  # between boxes one below the other: the label of a shape has to fit in
Places = Callable[[str], Point]


def may_go_into(document: Document, call_id: str, edge: Edge, catalog: Catalog) -> bool:
    """Whether a box that takes nothing yet could stand in the middle of a wire."""
    graph = document.graph_of_call(call_id)
    call, operation = graph.calls[call_id], graph.operation_of(call_id)
    if edge.target not in graph.calls or call_id in (edge.source.call, edge.target) or any(call.tensors()):
        return False
    ports = Ports(document, catalog)
    if operation.class_name == INPUT or not ports.output_count(operation):
        return False
    if ports.free_slot(operation, call) is None or why_not(document, edge.source, call_id):
        return False
    return why_not(document, TensorRef(call_id), edge.target) is None


def insert_into(
    document: Document, call_id: str, edge: Edge, place: Point, catalog: Catalog, places: Places
) -> list[Edit]:
    """Lead a wire through a box and move that to ``place``; ``places`` tells where the others lie."""
    graph = document.graph_of_call(call_id)
    target = graph.calls[edge.target]
    edits = connect(document, edge.source, call_id, None, catalog)
    edits.append(SetArguments(target.id, *arguments.with_tensor(target, edge.path, TensorRef(call_id))))
    place, pushed = with_room(document, edge, place, places, call_id)
    return edits + settled(document, edge, call_id, place, pushed, places)


def settled(
    document: Document, edge: Edge, call_id: str, place: Point, pushed: Mapping[str, Point], places: Places
) -> list[Edit]:
    """Put a box that goes into a wire in its place, and others out of its way; each half keeps its dots."""
    before = dots_of(document)
    push = pushed[edge.target][1] - places(edge.target)[1] if edge.target in pushed else 0.0
    halves = split_dots(before, edge, call_id, place, (places(edge.source.call), places(edge.target)), push)
    follow = set_dots(document, {**before, **shifted(before, places, pushed), **halves})
    return [SetPositions({**pushed, call_id: place}), *follow]


def with_room(
    document: Document, edge: Edge, place: Point, places: Places, inserted: str = ""
) -> tuple[Point, dict[str, Point]]:
    """Where a box goes that is put into a wire near ``place``, and where the boxes go that are pushed down for it.

    It keeps off the box above it; when there is then no room below, everything that depends on it moves down. A wire
    that does not lead down has no room to be made.
    """
    (_, above), (_, below) = places(edge.source.call), places(edge.target)
    x, y = place
    if below <= above:
        return place, {}
    y = max(y, above + height_of(document, edge.source.call) + GAP)
    shift = y + height_of(document, inserted) + GAP - below
    if shift <= 0:
        return (x, y), {}
    behind = document.graph_of_call(edge.target).downstream([edge.target]) - {inserted}
    spots = {call_id: places(call_id) for call_id in behind}
    return (x, y), {key: (left, top + shift) for key, (left, top) in spots.items() if top >= below - BOX_HEIGHT}
