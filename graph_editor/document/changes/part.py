"""A part of one graph that is changed as a whole: some of its boxes, in the order in which data flows."""

from collections.abc import Collection
from dataclasses import dataclass

from graph_editor.document.document import Document
from graph_editor.document.edits import EditError
from graph_editor.document.graph import Graph
from resources.text import Text


@dataclass(frozen=True, slots=True)
class Part:
    """``ordered`` lacks the boxes that lie on a circle of wires."""

    graph_id: str
    graph: Graph
    call_ids: frozenset[str]
    ordered: list[str]

    def check_closed(self) -> None:
        """Raise when a path leaves the boxes and comes back."""
        graph = self.graph
        between = (graph.downstream(self.call_ids) & graph.upstream(self.call_ids)) - self.call_ids
        if between:
            name = graph.operation_of(next(call_id for call_id in graph.calls if call_id in between)).name
            raise EditError(
                Text("A path leaves the selection through {layer} and comes back: select that too.", {"layer": name})
            )


def part_of(document: Document, call_ids: Collection[str]) -> Part | None:
    """The boxes that lie in the graph of the first of them; None when none is there."""
    present = [call_id for call_id in call_ids if document.has_call(call_id)]
    if not present:
        return None
    graph_id = document.graph_id_of_call(present[0])
    graph = document.graphs[graph_id]
    chosen_ids = frozenset(call_id for call_id in present if call_id in graph.calls)
    return Part(graph_id, graph, chosen_ids, [key for key in graph.topological_order() if key in chosen_ids])
