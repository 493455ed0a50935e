"""Copies of boxes, nested models with all that is in them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from graph_editor.document import arguments
from graph_editor.document.canvas.items import Copies, bring
from graph_editor.document.changes.commands import INPUT, with_ref
from graph_editor.document.changes.shared_layers import with_new_marks
from graph_editor.document.document import Document, Point
from graph_editor.document.draft import Draft
from graph_editor.document.edits import AddCall, AddGraph, AddOperation, Edit, SetPositions
from graph_editor.document.graph import Call, Graph, Operation, TensorRef
from graph_editor.document.naming import Namer, can_run

Feeds = Mapping[TensorRef, TensorRef]
_NOTHING: Final[Feeds] = MappingProxyType({})
NOTHING_ELSE: Final[Mapping[str, str]] = MappingProxyType({})


def duplicate(
    document: Document, call_ids: Sequence[str], offset: Point, also: Mapping[str, str] = NOTHING_ELSE
) -> tuple[list[Edit], list[str]]:
    """Copies of boxes of one graph with new names and weights of their own, wired among themselves as these are.

    ``also`` names what else on the canvas is copied, and to which graph.
    """
    present = [call_id for call_id in call_ids if document.has_call(call_id)]
    if not present:
        return bring(document, document.canvas_extra, [(also, offset)]), []
    edits, made = copies(document, present, document, document.graph_id_of_call(present[0]), offset, also=also)
    return edits, list(made.values())


def copies(
    source: Document,
    call_ids: Sequence[str],
    target: Document,
    graph_id: str,
    offset: Point,
    *,
    also: Mapping[str, str] = NOTHING_ELSE,
    feeds: Feeds = _NOTHING,
    namer: Namer | None = None,
    others: list[Copies] | None = None,
) -> tuple[list[Edit], dict[str, str]]:
    """Return what puts copies of boxes of one graph of ``source`` into a graph of ``target``, and which copy is whose.

    Wires from boxes that are not copied begin where ``feeds`` says, and are left out otherwise. Boxes that share a
    layer share one afterwards. ``namer`` and ``others`` are for several copies in one step: these must not take the
    same names, and what belongs to them on the canvas is left to the caller, who finds in ``others`` what there is.
    ``also`` names what else on the canvas is copied, and to which graph.
    """
    origin, graph, namer = source.graph_of_call(call_ids[0]), target.graphs[graph_id], namer or Namer(target)
    wanted = set(call_ids)
    originals = [call_id for call_id in origin.topological_order() if call_id in wanted]
    new_call = {call_id: namer.call_id() for call_id in originals}
    new_operation: dict[str, str] = {}
    edits: list[Edit] = []
    all_copies: list[Copies] = [({**also, **new_call}, offset)]
    inputs = graph.inputs
    for call_id in originals:
        operation = origin.operation_of(call_id)
        if operation.id not in new_operation:
            copy = namer.named(graph, _operation_copy(source, operation, namer, edits, all_copies))
            new_operation[operation.id] = copy.id
            edits.append(AddOperation(copy, graph_id))
            if operation.class_name == INPUT:
                inputs = with_ref(inputs, TensorRef(new_call[call_id]), copy.name)
        gaps = operation.graph is not None
        edits.append(AddCall(_call_copy(origin.calls[call_id], new_call, new_operation, gaps, feeds), graph_id))
    edits.append(SetPositions(_places(source, new_call, offset)))
    if inputs is not graph.inputs:
        draft = Draft(target)
        draft.set_inputs(graph_id, inputs)
        edits += draft.edits()
    if others is None:
        edits += bring(target, source.canvas_extra, all_copies)
    else:
        others += all_copies
    return with_new_marks(edits), new_call


def in_order(edits: Sequence[Edit], graph_id: str, call_at: int, operation_at: int) -> list[Edit]:
    """``edits`` with what they add to a graph at these places in its order, so that a plain stack stays one."""
    ordered: list[Edit] = []
    for edit in edits:
        if isinstance(edit, AddCall) and edit.graph == graph_id:
            edit, call_at = replace(edit, index=call_at), call_at + 1
        elif isinstance(edit, AddOperation) and edit.graph == graph_id:
            edit, operation_at = replace(edit, index=operation_at), operation_at + 1
        ordered.append(edit)
    return ordered


def _operation_copy(
    document: Document, operation: Operation, namer: Namer, edits: list[Edit], copied: list[Copies]
) -> Operation:
    """The operation with a new id; ``edits`` get the copies of the graphs that it owns, ``copied`` learns of them."""
    graph_id = None if operation.graph is None else _graph_copy(document, operation.graph, namer, edits, copied)
    return replace(operation, id=namer.operation_id(), graph=graph_id)


def _graph_copy(document: Document, graph_id: str, namer: Namer, edits: list[Edit], copied: list[Copies]) -> str:
    """Everything in a graph under new ids; layers keep their names, which are unique in their graph."""
    graph, new_id = document.graphs[graph_id], namer.graph_id()
    copy = Graph(graph.name, graph.extra, graph.title)
    operations = {}
    for operation in graph.operations.values():
        operation_copy = _operation_copy(document, operation, namer, edits, copied)
        operations[operation.id] = operation_copy.id
        copy.put_operation(operation_copy if can_run(operation_copy) else namer.named(graph, operation_copy))
    calls = {call_id: namer.call_id() for call_id in graph.calls}
    for call in graph.calls.values():
        copy.put_call(_call_copy(call, calls, operations, gaps=True))
    copy.inputs, copy.outputs = (
        arguments.substitute(nest, lambda ref: TensorRef(calls[ref.call], ref.index))
        for nest in (graph.inputs, graph.outputs)
    )
    edits.append(AddGraph(new_id, copy))
    copied.append(({**calls, graph_id: new_id}, (0.0, 0.0)))
    places = {calls[key]: document.positions[key] for key in graph.calls if key in document.positions}
    if places:
        edits.append(SetPositions(places))
    return new_id


def _places(document: Document, copies: Mapping[str, str], offset: Point) -> dict[str, Point]:
    """Return where copies of boxes lie."""
    known = {new: document.positions[old] for old, new in copies.items() if old in document.positions}
    return {key: (x + offset[0], y + offset[1]) for key, (x, y) in known.items()}


def _call_copy(
    call: Call, calls: dict[str, str], operations: dict[str, str], gaps: bool, feeds: Feeds = _NOTHING
) -> Call:
    args, kwargs = arguments.mapped(
        call, lambda ref: TensorRef(calls[ref.call], ref.index) if ref.call in calls else feeds.get(ref), gaps
    )
    return Call(calls[call.id], operations[call.operation], args, kwargs, call.extra, call.mode)
