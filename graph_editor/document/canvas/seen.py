"""What the canvas shows of a graph with collapsed frames: one box for each of these, one wire for several."""

from collections.abc import Callable, Mapping
from typing import Final

from graph_editor.document.canvas.collapsing import height_of
from graph_editor.document.canvas.frames import frames_of
from graph_editor.document.canvas.wire_dots import dots_of, wire_of
from graph_editor.document.document import Document, Point
from graph_editor.document.graph import Edge, Graph
from graph_editor.document.sizes import BOX_HEIGHT

_SIGN: Final = "frame "  # no id of a box has a space


def hidden_in(document: Document, graph: Graph) -> dict[str, str]:
    """The collapsed frame in which boxes of a graph are hidden."""
    found: dict[str, str] = {}
    for frame in frames_of(document):
        if frame.collapsed:
            found |= {box: frame.id for box in frame.boxes if box in graph.calls and box not in found}
    return found


def seen_as_one(document: Document, edge: Edge) -> list[Edge]:
    """A wire, and those that lie under it: from the same output into the same collapsed frame, by the same way."""
    graph = document.graph_of_call(edge.target)
    frame_of = hidden_in(document, graph)
    frame = frame_of.get(edge.target)
    if frame is None:
        return [edge]
    dots = dots_of(document)
    way = dots.get(wire_of(edge))
    others = (other for other in graph.edges_from(edge.source.call) if other.source == edge.source and other != edge)
    alike = (other for other in others if frame_of.get(other.target) == frame and dots.get(wire_of(other)) == way)
    return [edge, *alike]


class Seen:
    """Where things show: a collapsed frame in the middle of its boxes, as high as the highest of them."""

    def __init__(self, document: Document, graph: Graph, places: Callable[[str], Point]) -> None:
        self._document, self._graph, self._places = document, graph, places
        self._frame_of = hidden_in(document, graph)
        self._members: dict[str, list[str]] = {}
        for call_id, frame in self._frame_of.items():
            self._members.setdefault(_SIGN + frame, []).append(call_id)

    def key(self, call_id: str) -> str:
        """A box itself, or what stands for the frame that hides it."""
        return _SIGN + self._frame_of[call_id] if call_id in self._frame_of else call_id

    def place(self, call_id: str) -> Point:
        return self._place(self.key(call_id))

    def height(self, call_id: str) -> float:
        return BOX_HEIGHT if call_id in self._frame_of else height_of(self._document, call_id)

    def all(self) -> dict[str, Point]:
        """Where everything shows."""
        return {key: self._place(key) for key in dict.fromkeys(self.key(call_id) for call_id in self._graph.calls)}

    def spread(self, moved: Mapping[str, Point]) -> dict[str, Point]:
        """New places of boxes, when things shall show elsewhere."""
        found: dict[str, Point] = {}
        for key, (x, y) in moved.items():
            left, top = self._place(key)
            for call_id in self._members.get(key, (key,)):
                before = self._places(call_id)
                found[call_id] = before[0] + x - left, before[1] + y - top
        return found

    def _place(self, key: str) -> Point:
        if key not in self._members:
            return self._places(key)
        spots = [self._places(call_id) for call_id in self._members[key]]
        xs = [x for x, _ in spots]
        return float(round((min(xs) + max(xs)) / 2)), min(y for _, y in spots)
