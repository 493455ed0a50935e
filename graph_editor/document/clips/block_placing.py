"""Putting a block into a graph: below a box, into a wire, or where there is room."""

from collections.abc import Mapping

from graph_editor.document.canvas.frames import FRAMES, free_title, with_frame
from graph_editor.document.canvas.items import Copies, with_copies
from graph_editor.document.canvas.make_room import FRAME_GAP, make_room, pushed_below
from graph_editor.document.canvas.seen import Seen, seen_as_one
from graph_editor.document.canvas.values import set_canvas, with_value
from graph_editor.document.changes.commands import no_such_output
from graph_editor.document.changes.copying import copies, in_order
from graph_editor.document.changes.inserting import GAP, Places
from graph_editor.document.changes.wires import rewired
from graph_editor.document.clips.blocks import Block, filled
from graph_editor.document.clips.clipboard import fed
from graph_editor.document.document import Document, Point
from graph_editor.document.edits import Edit, EditError, SetPositions
from graph_editor.document.graph import Edge, Graph, Json, TensorRef, position_in
from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH
from resources.text import Text


def size_of(block: Block) -> Point:
    """Return how wide and high its boxes are together."""
    xs, ys = zip(*_places(block).values(), strict=True)
    return max(xs) - min(xs) + BOX_WIDTH, max(ys) - min(ys) + BOX_HEIGHT


def place_block(
    document: Document,
    graph_id: str,
    block: Block,
    values: Mapping[str, Json],
    middle: Point,
    places: Places,
    *,
    after: TensorRef | None = None,
    into: Edge | None = None,
    here: bool = False,
) -> tuple[list[Edit], list[str]]:
    """Put the boxes of a block into a graph; the ids of the new boxes come back as well.

    ``after`` feeds it with that tensor, if it takes one, and puts it below; ``into`` puts it into the middle of that
    wire; otherwise, or with ``here``, it lies around ``middle``. ``places`` tells where the boxes of the
    graph lie; they make room.
    """
    source = into.source if into else after
    _check(document, block, source, into)
    graph = document.graphs[graph_id]
    boxes, own = filled(block, values), _places(block)
    boxes.positions |= own
    seen = Seen(document, graph, places)
    above = seen.place(source.call) if source and not here else None
    offset = _offset(own, middle, above, _gap(block))
    spots = {key: (x + offset[0], y + offset[1]) for key, (x, y) in own.items()}
    other_copies: list[Copies] = []
    edits, new_ids = copies(boxes, block.calls, document, graph_id, offset, others=other_copies)
    if source is not None and len(block.incoming) == 1:
        edits = fed(edits, graph_id, block.clip, new_ids, lambda _edge, _name: source)
    if into is not None:
        edits = [*_before(edits, graph, graph_id, into), *_led_on(document, into, block.outgoing[0], new_ids)]
    behind = [seen.key(into.target)] if into else []
    pushed = _pushed(seen.all(), spots, behind, above[1] if above else None, _gap(block))
    edits.append(SetPositions(seen.spread(pushed)))
    canvas = with_copies(document.canvas_extra, boxes.canvas_extra, other_copies)
    if len(new_ids) > 1:
        title = free_title(document, block.name)
        canvas = with_value(canvas, FRAMES.key, with_frame(canvas.get(FRAMES.key), list(new_ids.values()), title))
    return edits + set_canvas(document, canvas), list(new_ids.values())


def _check(document: Document, block: Block, source: TensorRef | None, into: Edge | None) -> None:
    if into is not None and not block.is_link:
        text = Text("{block} does not have one tensor that comes in and one that goes out.", {"block": block.name})
        raise EditError(text)
    reason = no_such_output(document, source) if source else None
    if reason:
        raise EditError(reason)


def _places(block: Block) -> dict[str, Point]:
    """Return where its boxes lie in its file; one below the other where it does not say."""
    positions = block.clip.document.positions
    whole = all(key in positions for key in block.calls)
    column = {key: (0.0, index * (BOX_HEIGHT + GAP)) for index, key in enumerate(block.calls)}
    return {key: positions[key] for key in block.calls} if whole else column


def _gap(block: Block) -> float:
    return FRAME_GAP if len(block.calls) > 1 else GAP


def _offset(own: Mapping[str, Point], middle: Point, above: Point | None, gap: float) -> Point:
    """Return how far the boxes move: so that they lie around ``middle``, or below the box at ``above``."""
    xs, ys = zip(*own.values(), strict=True)
    across = (min(xs) + max(xs)) / 2
    if above is None:
        return round(middle[0] - across - BOX_WIDTH / 2), round(middle[1] - (min(ys) + max(ys) + BOX_HEIGHT) / 2)
    return round(above[0] - across), round(above[1] + BOX_HEIGHT + gap - min(ys))


def _pushed(
    others: dict[str, Point], spots: Mapping[str, Point], behind: list[str], line: float | None, gap: float
) -> dict[str, Point]:
    """New places for the boxes that were there."""
    if line is not None:
        return pushed_below(others, list(spots.values()), line, behind, gap)
    mine = {f"new {key}": place for key, place in spots.items()}  # no id of a box has a space
    rows = [y for _, y in mine.values()]
    left = min(x for x, _ in mine.values())
    if gap == FRAME_GAP:
        mine |= {"new title": (left, min(rows) - 34), "new edge": (left, max(rows) + 12)}
    room = {**others, **mine}
    make_room(room, mine.keys(), (min(rows) + max(rows)) / 2)
    return {key: place for key, place in room.items() if key in others and place != others[key]}


def _before(edits: list[Edit], graph: Graph, graph_id: str, into: Edge) -> list[Edit]:
    """The boxes before the one to which the wire leads."""
    operation_at = position_in(graph.operations, graph.calls[into.target].operation)
    return in_order(edits, graph_id, position_in(graph.calls, into.target), operation_at)


def _led_on(document: Document, into: Edge, outgoing: TensorRef, new_ids: Mapping[str, str]) -> list[Edit]:
    """Return what leads from the new boxes to where the wire led, and those that are seen as one with it."""
    result = TensorRef(new_ids[outgoing.call], outgoing.index)
    return rewired(document, seen_as_one(document, into), result)
