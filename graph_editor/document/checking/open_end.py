"""Where what is added next goes on: the tensors at which some boxes end."""

from collections.abc import Collection, Sequence

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


def joined_ends(graph: Graph, call_ids: Sequence[str]) -> list[TensorRef]:
    """The tensors of some boxes that one layer may join: those of two boxes, of more those that feed none of them."""
    if len(call_ids) == 2:
        return [TensorRef(call_id) for call_id in call_ids]
    inside = set(call_ids)
    return [
        TensorRef(call_id)
        for call_id in call_ids
        if not any(edge.target in inside for edge in graph.edges_from(call_id))
    ]
