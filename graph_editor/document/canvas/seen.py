"""What the canvas shows of a graph with collapsed frames: one box for each of these, one wire for several."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from graph_editor.document.canvas.collapsing import height_of
from graph_editor.document.canvas.frames import BoxFrame, frames_of
from graph_editor.document.canvas.wire_dots import dots_of, wire_of
from graph_editor.document.document import Document, Point
from graph_editor.document.graph import Edge, Graph
from graph_editor.document.sizes import BOX_HEIGHT

_SIGN: Final = "frame "  # no id of a box has a space


def collapsed_in(document: Document, graph: Graph) -> Iterator[tuple[BoxFrame, tuple[str, ...]]]:
    """The collapsed frames of a graph, each with the boxes that are hidden in it: of several the first has a box."""
    placed_boxes: set[str] = set()
    for frame in frames_of(document):
        if frame.collapsed and key_of(frame.id) not in graph.calls:
            here = tuple(box for box in frame.boxes if box in graph.calls and box not in placed_boxes)
            placed_boxes.update(here)
            if here:
                yield frame, here


def hidden_in(document: Document, graph: Graph) -> dict[str, str]:
    """The collapsed frame in which boxes of a graph are hidden."""
    return {box: frame.id for frame, boxes in collapsed_in(document, graph) for box in boxes}


def key_of(frame_id: str) -> str:
    """Return the key of the one box that stands for a collapsed frame, among the ids of boxes."""
    return _SIGN + frame_id


def middle_of(corners: Sequence[Point]) -> Point:
    """Return where one box shows for several: in the middle of them, as high as the highest."""
    xs = [x for x, _ in corners]
    return float(round((min(xs) + max(xs)) / 2)), float(min(y for _, y in corners))


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
        self.frames = {key_of(frame.id): (frame, boxes) for frame, boxes in collapsed_in(document, graph)}
        self._key_of = {call_id: key for key, (_, boxes) in self.frames.items() for call_id in boxes}
        self._key_of_note = {note: key for key, (frame, _) in self.frames.items() for note in frame.notes}

    def key(self, call_id: str) -> str:
        """A box itself, or what stands for the frame that hides it."""
        return self._key_of.get(call_id, call_id)

    def key_of_note(self, note_id: str) -> str | None:
        """Return what stands for the frame that hides a note, if one does."""
        return self._key_of_note.get(note_id)

    def hidden(self) -> Mapping[str, str]:
        """The boxes that are hidden, each with what stands for its frame."""
        return self._key_of

    def place(self, call_id: str) -> Point:
        return self._place(self.key(call_id))

    def height(self, call_id: str) -> float:
        return BOX_HEIGHT if call_id in self._key_of else height_of(self._document, call_id)

    def all(self) -> dict[str, Point]:
        """Return where everything shows."""
        return {key: self._place(key) for key in dict.fromkeys(self.key(call_id) for call_id in self._graph.calls)}

    def spread(self, new_places: Mapping[str, Point]) -> dict[str, Point]:
        """Return the new places of the boxes for those of what shows."""
        places: dict[str, Point] = {}
        for key, (x, y) in new_places.items():
            left, top = self._place(key)
            for call_id in self._boxes(key):
                before = self._places(call_id)
                places[call_id] = before[0] + x - left, before[1] + y - top
        return places

    def _place(self, key: str) -> Point:
        if key not in self.frames:
            return self._places(key)
        return middle_of([self._places(call_id) for call_id in self._boxes(key)])

    def _boxes(self, key: str) -> tuple[str, ...]:
        return self.frames[key][1] if key in self.frames else (key,)
