"""Boxes repeated in a row: the first copy takes what the boxes give, each further one what the one before gives."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from graph_editor.document import arguments
from graph_editor.document.canvas.frames import FRAMES, frames_of, opened
from graph_editor.document.canvas.items import Copies, with_copies
from graph_editor.document.canvas.make_room import FRAME_GAP, pushed_below
from graph_editor.document.canvas.values import set_canvas, with_value
from graph_editor.document.changes.commands import INPUT, no_such_output
from graph_editor.document.changes.copying import copies, in_order
from graph_editor.document.changes.grouping import followed
from graph_editor.document.changes.inserting import GAP
from graph_editor.document.changes.part import Part, part_of
from graph_editor.document.document import ROOT, Document, Point
from graph_editor.document.edits import (
    AddCall,
    AddOperation,
    Edit,
    EditError,
    SetArguments,
    SetInterface,
    SetPositions,
)
from graph_editor.document.graph import Call, Graph, Operation, TensorRef, position_in
from graph_editor.document.naming import Namer
from graph_editor.document.sizes import BOX_HEIGHT
from resources.text import Text

FEWEST: Final = 2
MOST: Final = 100
MOST_BOXES: Final = 10_000  # that come at once; more would hold up everything for minutes


@dataclass(frozen=True, slots=True)
class Link:
    """Boxes of one graph, in the order in which data flows, between one tensor that comes in and one that goes out."""

    graph_id: str
    calls: tuple[str, ...]
    source: TensorRef
    result: TensorRef


def link_of(document: Document, call_ids: Collection[str]) -> Link:
    """Return what can be put in a row; EditError says why boxes cannot."""
    part = part_of(document, call_ids)
    if part is None:
        raise EditError(Text("Select the boxes that should be repeated."))
    _check(part)
    graph, chosen_ids, calls = part.graph, part.call_ids, part.ordered
    return Link(
        part.graph_id, tuple(calls), _source(graph, chosen_ids, calls), _result(document, graph, chosen_ids, calls)
    )


def repeat(
    document: Document, call_ids: Collection[str], times: int, share: bool, places: Callable[[str], Point]
) -> tuple[list[Edit], list[str]]:
    """Put ``times`` of some boxes in a row, these being the first; the ids of the new boxes come back as well.

    What took the tensor that goes out takes that of the last copy. With ``share`` the copies are further calls of the
    same layers, otherwise they have weights of their own. ``places`` tells where boxes lie.
    """
    if not FEWEST <= times <= MOST:
        raise EditError(Text("Between {least} and {most} in a row.", {"least": FEWEST, "most": MOST}))
    link = link_of(document, call_ids)
    coming = len(link.calls) * (times - 1)
    if coming > MOST_BOXES:
        raise EditError(
            Text("That makes {count} boxes; at once it can be {most}.", {"count": coming, "most": MOST_BOXES})
        )
    return _Repeating(document, link, share, places).edits(times)


class _Repeating:
    def __init__(self, document: Document, link: Link, share: bool, places: Callable[[str], Point]) -> None:
        self.document, self.link, self.share = document, link, share
        self.graph, self.namer = document.graphs[link.graph_id], Namer(document)
        self.spots = {call_id: places(call_id) for call_id in self.graph.calls}
        framed = {box for frame in frames_of(document) for box in frame.boxes}
        rows = [self.spots[call_id][1] for call_id in link.calls]
        above = min(rows) - self.spots[link.source.call][1] - BOX_HEIGHT
        self.gap = FRAME_GAP if framed & set(link.calls) else min(max(above, GAP), FRAME_GAP)
        self.brought: list[Copies] = []
        self.lowest, self.step = max(rows), max(rows) - min(rows) + BOX_HEIGHT + self.gap

    def edits(self, times: int) -> tuple[list[Edit], list[str]]:
        link, edits, new_calls = self.link, list[Edit](), list[str]()
        places: dict[str, Point] = {}
        last = link.result
        for number in range(1, times):
            copied, new = self._copied(last, number * self.step)
            edits += copied
            new_calls += new.values()
            last = TensorRef(new[link.result.call], link.result.index)
            for old, call_id in new.items():
                x, y = self.spots[old]
                places[call_id] = (x, y + number * self.step)
        others = {key: point for key, point in self.spots.items() if key not in set(link.calls)}
        behind = self._takers()
        places |= pushed_below(others, list(places.values()), self.lowest, behind, self.gap)
        edits = [*self._in_place(edits), SetPositions(places), *self._led_on(behind, last), *self._canvas()]
        return edits + self._followed_names(last, edits), new_calls

    def _copied(self, fed: TensorRef, down: float) -> tuple[list[Edit], dict[str, str]]:
        """One more of the boxes, which takes ``fed``."""
        link = self.link
        if not self.share:
            return copies(
                self.document,
                link.calls,
                self.document,
                link.graph_id,
                (0.0, down),
                feeds={link.source: fed},
                namer=self.namer,
                others=self.brought,
            )
        new = {call_id: self.namer.call_id() for call_id in link.calls}
        self.brought.append((new, (0.0, down)))
        calls = [self._called_again(self.graph.calls[call_id], new, fed) for call_id in link.calls]
        return [AddCall(call, link.graph_id) for call in calls], new

    def _canvas(self) -> list[Edit]:
        """Copies of frames and the like; in a frame around more than the boxes, their copies are too."""
        document, link_ids = self.document, set(self.link.calls)
        canvas = with_copies(document.canvas_extra, document.canvas_extra, self.brought)
        wider = [frame for frame in frames_of(document) if not set(frame.boxes) <= link_ids]
        joined = {box for frame in wider for box in frame.boxes if box in link_ids}
        if joined:
            members = {box: (box, *(new[box] for new, _ in self.brought if box in new)) for box in joined}
            canvas = with_value(canvas, FRAMES.key, opened(canvas[FRAMES.key], members))
        return set_canvas(document, canvas)

    def _called_again(self, call: Call, new: dict[str, str], fed: TensorRef) -> Call:
        def moved(ref: TensorRef) -> TensorRef:
            return fed if ref == self.link.source else TensorRef(new[ref.call], ref.index)

        args, kwargs = arguments.mapped(call, moved, gaps=True)
        return replace(call, id=new[call.id], args=args, kwargs=kwargs)

    def _in_place(self, edits: Sequence[Edit]) -> list[Edit]:
        """The copies behind the boxes in the order of the layers."""
        calls = self.link.calls
        call_at = max(position_in(self.graph.calls, call_id) for call_id in calls) + 1
        operations = {self.graph.calls[call_id].operation for call_id in calls}
        operation_at = max(position_in(self.graph.operations, key) for key in operations) + 1
        return in_order(edits, self.link.graph_id, call_at, operation_at)

    def _takers(self) -> list[str]:
        """The boxes outside that take what goes out."""
        inside = set(self.link.calls)
        edges = self.graph.edges_from(self.link.result.call)
        return list(dict.fromkeys(e.target for e in edges if e.source == self.link.result and e.target not in inside))

    def _led_on(self, takers: Sequence[str], last: TensorRef) -> list[Edit]:
        """Lead what took the tensor that goes out from ``last``."""
        edits: list[Edit] = []

        def led(ref: TensorRef) -> TensorRef:
            return last if ref == self.link.result else ref

        for call_id in takers:
            edits.append(SetArguments(call_id, *arguments.mapped(self.graph.calls[call_id], led, gaps=True)))
        if self.link.result in self.graph.output_refs():
            outputs = arguments.substitute(self.graph.outputs, led)
            edits.append(SetInterface(self.graph.inputs, outputs, self.link.graph_id))
        return edits

    def _followed_names(self, last: TensorRef, edits: Sequence[Edit]) -> list[Edit]:
        """Let what Train and Data say of an output hold for the layer that gives it now."""
        if self.link.graph_id != ROOT or self.share:
            return []
        operations: dict[str, Operation] = {e.operation.id: e.operation for e in edits if isinstance(e, AddOperation)}
        calls = {e.call.id: operations[e.call.operation] for e in edits if isinstance(e, AddCall) and e.graph == ROOT}
        refs = self.graph.output_refs()
        after = [
            calls[last.call].name if ref == self.link.result else self.graph.operation_of(ref.call).name for ref in refs
        ]
        return followed(self.document, after) if self.link.result in refs else []


def _check(part: Part) -> None:
    graph = part.graph
    for call_id in part.ordered:
        if graph.operation_of(call_id).class_name == INPUT:
            raise EditError(
                Text(
                    "{layer} is an input of the model: it cannot be repeated.",
                    {"layer": graph.operation_of(call_id).shown_name},
                )
            )
    if len(part.ordered) < len(part.call_ids):
        raise EditError(Text("Boxes on a circle of wires cannot be repeated."))
    part.check_closed()


def _source(graph: Graph, chosen_ids: Collection[str], calls: list[str]) -> TensorRef:
    inside = [tensor for call_id in calls for _, tensor in graph.calls[call_id].tensors()]
    sources = list(dict.fromkeys(tensor for tensor in inside if tensor.call not in chosen_ids))
    if not sources:
        raise EditError(Text("Nothing leads into the selection: repeating needs a wire that comes in."))
    if len(sources) > 1:
        first, second = (graph.operation_of(tensor.call).shown_name for tensor in sources[:2])
        raise EditError(
            Text(
                "{first} and {second} both lead into the selection: repeating needs one tensor that comes in.",
                {"first": first, "second": second},
            )
        )
    return sources[0]


def _result(document: Document, graph: Graph, chosen_ids: Collection[str], calls: list[str]) -> TensorRef:
    ends = graph.output_refs()
    tensors = {e.source: None for call_id in calls for e in graph.edges_from(call_id) if e.target not in chosen_ids}
    tensors |= dict.fromkeys(ref for ref in ends if ref.call in chosen_ids)
    if not tensors:
        open_ends = [TensorRef(call_id) for call_id in calls if not graph.consumers(call_id)]
        tensors = dict.fromkeys(ref for ref in open_ends if no_such_output(document, ref) is None)
    if len(tensors) != 1:
        names = ", ".join(graph.operation_of(ref.call).shown_name for ref in list(tensors)[:3])
        raise EditError(
            Text("Several tensors lead out of the selection ({names}): repeating needs one.", {"names": names})
            if tensors
            else Text("Nothing comes out of the selection: repeating needs one tensor that goes out.")
        )
    return next(iter(tensors))
