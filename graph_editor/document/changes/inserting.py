"""Putting a box into a wire: the wire then leads through it, and what lies below makes room."""

from collections.abc import Callable, Mapping

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.canvas.collapsing import height_of
from graph_editor.document.canvas.seen import Seen, seen_as_one
from graph_editor.document.canvas.wire_dots import Wire, dots_of, set_dots, split_dots
from graph_editor.document.changes.commands import INPUT, connect, why_not
from graph_editor.document.changes.wires import rewired, why_not_all
from graph_editor.document.document import Document, Point
from graph_editor.document.edits import Edit, SetPositions
from graph_editor.document.graph import Edge, TensorRef
from graph_editor.document.ports import Ports
from graph_editor.document.sizes import BOX_HEIGHT

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
    targets = [each.target for each in seen_as_one(document, edge)]
    return call_id not in targets and why_not_all(document, TensorRef(call_id), targets) is None


def insert_into(
    document: Document, call_id: str, edge: Edge, place: Point, catalog: Catalog, places: Places
) -> list[Edit]:
    """Lead a wire through a box, with those that are seen as one with it, and move that to ``place``.

    ``places`` tells where the others lie.
    """
    edits = connect(document, edge.source, call_id, None, catalog)
    edits += rewired(document, seen_as_one(document, edge), TensorRef(call_id))
    place, pushed = with_room(document, edge, place, places, call_id)
    return edits + settled(document, edge, call_id, place, pushed, places)


def settled(
    document: Document, edge: Edge, call_id: str, place: Point, pushed: Mapping[str, Point], places: Places
) -> list[Edit]:
    """Put a box that goes into a wire in its place, and others out of its way; each half keeps its dots."""
    before, halves = dots_of(document), dict[Wire, tuple[Point, ...]]()
    seen = Seen(document, document.graph_of_call(edge.target), places)
    ends = seen.place(edge.source.call), seen.place(edge.target)
    push = pushed[edge.target][1] - places(edge.target)[1] if edge.target in pushed else 0.0
    for each in seen_as_one(document, edge):
        halves.update(split_dots(before, each, call_id, place, ends, push))
    follow = set_dots(document, {**before, **halves})
    return [SetPositions({**pushed, call_id: place}), *follow]


def with_room(
    document: Document, edge: Edge, place: Point, places: Places, inserted: str = ""
) -> tuple[Point, dict[str, Point]]:
    """The place of a box that is put into a wire near ``place``, and those of the boxes it pushes down.

    It keeps off the box above it; when there is then no room below, everything that depends on it moves down. A wire
    that does not lead down has no room to be made. A collapsed frame goes as a whole.
    """
    graph = document.graph_of_call(edge.target)
    seen = Seen(document, graph, places)
    (_, above), (_, below) = seen.place(edge.source.call), seen.place(edge.target)
    x, y = place
    if below <= above:
        return place, {}
    y = max(y, above + seen.height(edge.source.call) + GAP)
    shift = y + height_of(document, inserted) + GAP - below
    if shift <= 0:
        return (x, y), {}
    behind = graph.downstream([each.target for each in seen_as_one(document, edge)]) - {inserted}
    spots = {seen.key(call_id): seen.place(call_id) for call_id in behind}
    spots.pop(seen.key(edge.source.call), None)
    moved = {key: (left, top + shift) for key, (left, top) in spots.items() if top >= below - BOX_HEIGHT}
    return (x, y), seen.spread(moved)
