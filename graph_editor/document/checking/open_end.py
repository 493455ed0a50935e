"""Where what is added next goes on: the one tensor at which some boxes end."""

from collections.abc import Collection

from graph_editor.document.graph import Graph, TensorRef


def open_end(graph: Graph, call_ids: Collection[str]) -> TensorRef | None:
    """The tensor of a box; of several boxes the one that nothing uses yet, or else the one that leads out of them."""
    if len(call_ids) == 1:
        return TensorRef(next(iter(call_ids)))
    inside = set(call_ids)
    ends = {TensorRef(call_id) for call_id in call_ids if not graph.consumers(call_id)}
    if not ends:
        ends = {edge.source for key in call_ids for edge in graph.edges_from(key) if edge.target not in inside}
    return ends.pop() if len(ends) == 1 else None
