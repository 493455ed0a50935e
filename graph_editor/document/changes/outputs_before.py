"""The outputs of the model before and after a step, for what follows them by their names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graph_editor.document.applied import Applied
from graph_editor.document.document import ROOT
from graph_editor.document.edits import AddCall, AddOperation, RemoveOperation, ReplaceOperation, SetInterface
from graph_editor.document.ends import Output, named_outputs
from graph_editor.document.graph import Nest, TensorRef, walk


@dataclass(frozen=True, slots=True)
class Ends:
    """Inputs and outputs of the model; the operation of each call, and the name of each operation."""

    inputs: Nest
    tensors: Nest
    operations: Mapping[str, str]
    names: Mapping[str, str]

    def outputs(self) -> list[Output]:
        """In the order of the document."""
        return named_outputs(self.tensors, self._layer, [self._layer(ref) for _, ref in walk(self.inputs)])

    def operation(self, ref: TensorRef) -> str:
        """The id of the operation that gives a tensor."""
        return self.operations.get(ref.call, ref.call)

    def _layer(self, ref: TensorRef) -> str:
        operation = self.operation(ref)
        return self.names.get(operation, operation)


def may_rename_outputs(applied: Applied) -> bool:
    return any(isinstance(edit, ReplaceOperation | SetInterface) for edit in applied.inverses)


def ends_now(applied: Applied) -> Ends:
    graph = applied.document.graph
    operations = {key: call.operation for key, call in graph.calls.items()}
    names = {key: operation.name for key, operation in graph.operations.items()}
    return Ends(graph.inputs, graph.outputs, operations, names)


def ends_before(applied: Applied) -> Ends:
    """The ends as they were before the step."""
    now = ends_now(applied)
    inputs, tensors = now.inputs, now.tensors
    operations, names = dict(now.operations), dict(now.names)
    known, seen_interface = set[str](), False
    for edit in applied.inverses:
        match edit:
            case SetInterface(before, outputs, graph) if graph == ROOT and not seen_interface:
                inputs, tensors, seen_interface = before, outputs, True
            case ReplaceOperation(operation) | AddOperation(operation) if operation.id not in known:
                known.add(operation.id)
                names[operation.id] = operation.name
            case RemoveOperation(key):
                known.add(key)
            case AddCall(call):
                operations.setdefault(call.id, call.operation)
            case _:
                pass
    return Ends(inputs, tensors, operations, names)


def kept_outputs(before: Ends, after: Ends) -> Iterator[tuple[Output, Output]]:
    """The outputs that are the same tensor as before."""
    left = after.outputs()
    for old in before.outputs():
        new = next((output for output in left if output.ref == old.ref), None)
        if new is not None:
            left.remove(new)
            yield old, new
