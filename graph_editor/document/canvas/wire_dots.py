"""Dots on wires: places that a wire runs through, in order. They are kept in the canvas section of the file.

A wire is named by what it joins, not by the argument at which it ends: ports of a list change their numbers.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from math import hypot
from typing import Final

from graph_editor.document.applied import Applied
from graph_editor.document.canvas.values import set_value
from graph_editor.document.document import FARTHEST, Document, Point
from graph_editor.document.edits import Edit
from graph_editor.document.graph import Edge, Graph, Json
from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH

Wire = tuple[str, int, str]  # the call it comes from, which of its outputs, the call it leads to
Dots = Mapping[Wire, tuple[Point, ...]]
_KEY: Final = "dots"
_MOST: Final = 64  # dots on one wire
_MOST_WIRES: Final = 20_000  # with dots
_CLEAR: Final = 8.0  # nearer to a box than this, a dot would be hidden by it


def wire_of(edge: Edge) -> Wire:
    return edge.source.call, edge.source.index, edge.target


def dots_of(document: Document) -> dict[Wire, tuple[Point, ...]]:
    """The dots of all wires; what a file holds that is none is passed over."""
    return _dots_in(document.canvas_extra)


def set_dots(document: Document, dots: Dots) -> list[Edit]:
    """Let these be the dots of all wires."""
    new_dots = {wire: places for wire, places in dots.items() if places}
    if new_dots == dots_of(document):
        return []
    return set_value(document, _KEY, [_json(wire, places) for wire, places in new_dots.items()])


def put_dots(document: Document, wire: Wire, places: Sequence[Point]) -> list[Edit]:
    """Let a wire run through ``places``, and nothing else."""
    before = dots_of(document)
    return set_dots(document, {**before, wire: tuple(_rounded(place) for place in places[:_MOST])})


def shifted(
    dots: Dots, before: Callable[[str], Point | None], after: Mapping[str, Point]
) -> dict[Wire, tuple[Point, ...]]:
    """Return where dots are when boxes are put elsewhere, for the wires of which both ends are.

    Ends that do not go equally far take the dots with them as far as these are theirs.
    """
    new_dots = {}
    for wire, places in dots.items():
        one, other = (_way(key, before, after) for key in (wire[0], wire[2]))
        if one is not None and other is not None and (any(one) or any(other)):
            new_dots[wire] = tuple(
                _between(place, one, other, number / (len(places) + 1)) for number, place in enumerate(places, 1)
            )
    return new_dots


def _between(place: Point, one: Point, other: Point, share: float) -> Point:
    """A place that goes along ``other`` to this share, and for the rest along ``one``."""
    x, y = (place[axis] + one[axis] + (other[axis] - one[axis]) * share for axis in (0, 1))
    return _rounded((x, y))


def drop_dots(document: Document, call_ids: Collection[str]) -> list[Edit]:
    """Let the wires of boxes find their own way again."""
    dots, ends = dots_of(document), set(call_ids)
    return set_dots(document, {wire: at for wire, at in dots.items() if not ends & {wire[0], wire[2]}})


def dots_follow(applied: Applied) -> list[Edit]:
    """Return what edits mean for the dots that they did not think of.

    Those whose wire is gone go; those of wires between boxes that have been moved go along with these.
    """
    document = applied.document
    changes, dots = document.changes, dots_of(document)
    if not dots or not (changes.wires or changes.graphs or changes.moved):
        return []
    dots_before, before = _dots_in(applied.canvas_before), applied.places_before()
    after = {key: document.positions[key] for key in before if key in document.positions}
    left = {wire: places for wire, places in dots.items() if dots_before.get(wire) == places}
    dots = {**dots, **shifted(left, before.get, after)}
    return set_dots(document, {wire: at for wire, at in dots.items() if _exists(document, wire)})


def carry_dots(document: Document, wires: Iterable[tuple[Wire, Wire]]) -> list[Edit]:
    """Let wires have the dots of those that they come in place of."""
    before = dots_of(document)
    after = dict(before)
    for old, new in wires:
        if old in before and old != new:
            after[new] = after.pop(old)
    return set_dots(document, after)


def split_dots(
    before: Dots, edge: Edge, call_id: str, place: Point, ends: tuple[Point, Point], push: float = 0.0
) -> Dots:
    """Share the dots of a wire between its halves when a box at ``place`` goes into it.

    ``ends`` are the places of the boxes that it joined; the lower half makes room with the box that it leads to, which
    goes down by ``push``.
    """
    wire = wire_of(edge)
    if wire not in before:
        return {}
    (x0, y0), (x1, y1) = ends
    way = [(x0 + BOX_WIDTH / 2, y0 + BOX_HEIGHT), *before[wire], (x1 + BOX_WIDTH / 2, y1)]
    first = piece_at(way, (place[0] + BOX_WIDTH / 2, place[1] + BOX_HEIGHT / 2))
    above, below = before[wire][:first], tuple((x, y + push) for x, y in before[wire][first:])
    halves = {(*wire[:2], call_id): above, (call_id, 0, wire[2]): below}
    free = {half: tuple(dot for dot in dots if not _covers(place, dot)) for half, dots in halves.items()}
    return {wire: (), **free}


def piece_at(way: Sequence[Point], at: Point) -> int:
    """Return which of the straight pieces of ``way`` is nearest to a place."""
    return min(range(len(way) - 1), key=lambda n: apart(at, way[n], way[n + 1])[0])


def apart(at: Point, a: Point, b: Point) -> tuple[float, float]:
    """Return how far a place is from a straight piece, and how much of the piece lies before the nearest point."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    t = 0.0 if length == 0 else min(1.0, max(0.0, ((at[0] - a[0]) * dx + (at[1] - a[1]) * dy) / length))
    return hypot(at[0] - a[0] - t * dx, at[1] - a[1] - t * dy), t


class DotsOnWires:
    """What the registry of things on the canvas has to know of them."""

    key: Final = _KEY

    def without(self, value: Json, removed_ids: Collection[str]) -> Json:
        if not isinstance(value, list):
            return value
        return [item for item in value if not any(end in removed_ids for end in _ends(item))]

    def copied(self, value: Json, ids: Mapping[str, str], shift: Point) -> Json:
        if not isinstance(value, list):
            return []
        return [
            _json((ids[one], index, ids[other]), tuple((x + shift[0], y + shift[1]) for x, y in places))
            for (one, index, other), places in dict(_read(value)).items()
            if one in ids and other in ids
        ]


DOTS: Final = DotsOnWires()


def _dots_in(canvas: Mapping[str, Json]) -> dict[Wire, tuple[Point, ...]]:
    found = canvas.get(_KEY)
    return dict(_read(found)) if isinstance(found, list) else {}


def _json(wire: Wire, places: Sequence[Point]) -> dict[str, Json]:
    return {"from": wire[0], "output": wire[1], "to": wire[2], "at": [[_number(x), _number(y)] for x, y in places]}


def _number(value: float) -> float:
    return int(value) if value == int(value) else value


def _rounded(place: Point) -> Point:
    return float(round(place[0])), float(round(place[1]))


def _read(items: Sequence[Json]) -> Iterable[tuple[Wire, tuple[Point, ...]]]:
    for item in items[:_MOST_WIRES]:
        match item:
            case {"from": str() as one, "output": int() as index, "to": str() as other, "at": [*places]}:
                sound = tuple((float(place[0]), float(place[1])) for place in places[:_MOST] if _is_place(place))
                if sound and index >= 0 and not isinstance(index, bool):
                    yield (one, index, other), sound


def _is_place(place: Json) -> bool:
    match place:
        case [int() | float() as x, int() | float() as y]:
            return abs(x) <= FARTHEST and abs(y) <= FARTHEST  # what is no number is not smaller either
    return False


def _ends(item: Json) -> list[str]:
    if not isinstance(item, Mapping):
        return []
    return [end for end in (item.get("from"), item.get("to")) if isinstance(end, str)]


def _way(key: str, before: Callable[[str], Point | None], after: Mapping[str, Point]) -> Point | None:
    """Return how far a box goes; None when it is not moved, or came from nowhere."""
    place = before(key) if key in after else None
    return None if place is None else (after[key][0] - place[0], after[key][1] - place[1])


def _exists(document: Document, wire: Wire) -> bool:
    graph = next((graph for graph in document.graphs.values() if wire[2] in graph.calls), None)
    return graph is not None and _joins(graph, wire)


def _joins(graph: Graph, wire: Wire) -> bool:
    return any(wire_of(edge) == wire for edge in graph.edges_into(wire[2]))


def _covers(place: Point, dot: Point) -> bool:
    """Whether a box there hides a dot."""
    x, y = dot[0] - place[0], dot[1] - place[1]
    return -_CLEAR <= x <= BOX_WIDTH + _CLEAR and -_CLEAR <= y <= BOX_HEIGHT + _CLEAR
