"""Taking boxes out of a chain so that the chain stays one: what fed them feeds what they fed."""

from collections.abc import Collection

from graph_editor.document.changes.commands import delete_calls
from graph_editor.document.document import Document
from graph_editor.document.draft import Draft, mapped_nest
from graph_editor.document.edits import Edit, RemoveCall, RemoveGraph, RemoveOperation, SetCanvas, SetPositions
from graph_editor.document.graph import Graph, TensorRef, walk

_REMOVALS = (RemoveCall, RemoveOperation, RemoveGraph, SetPositions, SetCanvas)


def bridge_calls(document: Document, call_ids: Collection[str], also: Collection[str] = ()) -> list[Edit]:
    """Take boxes away and let their first input stand in for their first output; an output of the model moves there.

    Where nothing came in, or for further outputs, the wires go as with ``delete_calls``, which says what ``also`` is.
    """
    removed_ids = {call_id for call_id in call_ids if document.has_call(call_id)}
    draft = Draft(document)
    for graph_id, graph in document.graphs.items():
        here = [call_id for call_id in graph.calls if call_id in removed_ids]
        if here:
            _drop_doubled_outputs(draft, graph_id, graph, set(here))
            draft.rewire(graph_id, here, lambda ref, graph=graph: replacement(graph, ref, removed_ids))  # type: ignore[misc]
    return [
        *draft.edits(),
        *(edit for edit in delete_calls(document, removed_ids, also) if isinstance(edit, _REMOVALS)),
    ]


def replacement(graph: Graph, tensor: TensorRef, removed_ids: Collection[str]) -> TensorRef | None:
    """The first tensor before the bridged boxes ``removed_ids``, to take the place of one; None when there is none."""
    visited = set[str]()
    source: TensorRef | None = tensor
    while source is not None and source.call in removed_ids:
        if source.index > 0 or source.call in visited:
            return None
        visited.add(source.call)
        source = next((ref for _, ref in graph.calls[source.call].tensors()), None)
    return source


def _drop_doubled_outputs(draft: Draft, graph_id: str, graph: Graph, removed_ids: set[str]) -> None:
    """No tensor becomes an output twice because several boxes behind it were outputs."""
    outputs_left = {ref for _, ref in walk(graph.outputs) if ref.call not in removed_ids}
    doubled = set[TensorRef]()
    for _, ref in walk(graph.outputs):
        now = replacement(graph, ref, removed_ids) if ref.call in removed_ids else None
        if now in outputs_left:
            doubled.add(ref)
        elif now is not None:
            outputs_left.add(now)
    if doubled:
        draft.set_outputs(graph_id, mapped_nest(graph.outputs, lambda ref: None if ref in doubled else ref))
