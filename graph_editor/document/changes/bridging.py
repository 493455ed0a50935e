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
    gone = {call_id for call_id in call_ids if document.has_call(call_id)}
    draft = Draft(document)
    for graph_id, graph in document.graphs.items():
        here = [call_id for call_id in graph.calls if call_id in gone]
        if here:
            _drop_doubled_outputs(draft, graph_id, graph, set(here))
            draft.rewire(graph_id, here, lambda ref, graph=graph: stand_in(graph, ref, gone))  # type: ignore[misc]
    return [*draft.edits(), *(edit for edit in delete_calls(document, gone, also) if isinstance(edit, _REMOVALS))]


def stand_in(graph: Graph, tensor: TensorRef, gone: Collection[str]) -> TensorRef | None:
    """What a tensor is replaced by when ``gone`` are bridged: the first one before them; None when there is none."""
    seen = set[str]()
    found: TensorRef | None = tensor
    while found is not None and found.call in gone:
        if found.index > 0 or found.call in seen:
            return None
        seen.add(found.call)
        found = next((ref for _, ref in graph.calls[found.call].tensors()), None)
    return found


def _drop_doubled_outputs(draft: Draft, graph_id: str, graph: Graph, gone: set[str]) -> None:
    """No tensor becomes an output twice because several boxes behind it were outputs."""
    kept = {ref for _, ref in walk(graph.outputs) if ref.call not in gone}
    doubled = set[TensorRef]()
    for _, ref in walk(graph.outputs):
        now = stand_in(graph, ref, gone) if ref.call in gone else None
        if now in kept:
            doubled.add(ref)
        elif now is not None:
            kept.add(now)
    if doubled:
        draft.set_outputs(graph_id, mapped_nest(graph.outputs, lambda ref: None if ref in doubled else ref))
