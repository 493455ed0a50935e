"""The outputs of the model before and after a step, for what follows them by their names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graph_editor.document.applied import Applied
from graph_editor.document.document import ROOT
from graph_editor.document.edits import AddCall, AddOperation, RemoveOperation, ReplaceOperation, SetInterface
from graph_editor.document.ends import Output, named_outputs
from graph_editor.document.graph import Graph, Nest, TensorRef, walk


@dataclass(frozen=True, slots=True)
class Ends:
    """Inputs and outputs of the model, with the operation of each of their calls and the name of that.

    Nothing is looked up for other calls: every edit of a layer asks, in models of thousands of boxes as well.
    """

    inputs: Nest
    tensors: Nest
    operations: Mapping[str, str]
    layers: Mapping[str, str]

    def outputs(self) -> list[Output]:
        """In the order of the document."""
        return named_outputs(self.tensors, self._layer, [self._layer(ref) for _, ref in walk(self.inputs)])

    def operation(self, ref: TensorRef) -> str:
        """The id of the operation that gives a tensor."""
        return self.operations.get(ref.call, ref.call)

    def _layer(self, ref: TensorRef) -> str:
        return self.layers.get(ref.call, ref.call)


def may_rename_outputs(applied: Applied) -> bool:
    return any(isinstance(edit, ReplaceOperation | SetInterface) for edit in applied.inverses)


def ends_now(applied: Applied) -> Ends:
    graph = applied.document.graph
    return _ends(graph, graph.inputs, graph.outputs, {}, {})


def ends_before(applied: Applied) -> Ends:
    """The ends as they were before the step."""
    graph = applied.document.graph
    inputs, tensors, seen_interface = graph.inputs, graph.outputs, False
    names: dict[str, str | None] = {}  # None: the operation was not there
    calls: dict[str, str] = {}
    for edit in applied.inverses:
        match edit:
            case SetInterface(before, outputs, graph_id) if graph_id == ROOT and not seen_interface:
                inputs, tensors, seen_interface = before, outputs, True
            case ReplaceOperation(operation) | AddOperation(operation):
                names.setdefault(operation.id, operation.name)
            case RemoveOperation(key):
                names.setdefault(key, None)
            case AddCall(call):
                calls.setdefault(call.id, call.operation)
            case _:
                pass
    return _ends(graph, inputs, tensors, calls, {key: name for key, name in names.items() if name is not None})


def _ends(
    graph: Graph, inputs: Nest, tensors: Nest, gone_calls: Mapping[str, str], earlier_names: Mapping[str, str]
) -> Ends:
    """``gone_calls`` are the operations of calls that may be gone, ``earlier_names`` those of operations."""
    operations: dict[str, str] = {}
    layers: dict[str, str] = {}
    for call_id in {ref.call for nest in (inputs, tensors) for _, ref in walk(nest)}:
        call = graph.calls.get(call_id)
        key = call.operation if call is not None else gone_calls.get(call_id, call_id)
        operation = graph.operations.get(key)
        operations[call_id] = key
        layers[call_id] = earlier_names.get(key, operation.name if operation is not None else key)
    return Ends(inputs, tensors, operations, layers)


def kept_outputs(before: Ends, after: Ends) -> Iterator[tuple[Output, Output]]:
    """The outputs that are the same tensor as before."""
    left = after.outputs()
    for old in before.outputs():
        new = next((output for output in left if output.ref == old.ref), None)
        if new is not None:
            left.remove(new)
            yield old, new
