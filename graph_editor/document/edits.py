"""Everything that can change a document: small frozen values, each of which knows its inverse.

``apply`` checks first and raises ``EditError`` before anything has changed; what it returns undoes it exactly,
down to the order in which Keras lists the layers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from graph_editor.document.document import ROOT, Document, Point
from graph_editor.document.graph import (
    MODES,
    Argument,
    Call,
    Graph,
    Json,
    Nest,
    Operation,
    TensorRef,
    insert,
    position_in,
    walk,
)
from resources.text import Text


class EditError(Exception):
    """An edit that cannot be made, in one sentence."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.english())
        self.text = text


class Edit(Protocol):
    def apply(self, document: Document) -> "Edit": ...


DoStep = Callable[[Text, Callable[[], Sequence[Edit]]], object]  # makes one step, unless an EditError comes of it


def check_name(graph: Graph, name: str, except_for: str | None = None) -> None:
    """Raise when Keras could not tell the layer ``name`` apart in ``graph``.

    What a file says may come back by undoing, also a name that Keras cannot run, of which ``checking`` tells.
    """
    if not name.strip():
        raise EditError(Text("A layer needs a name."))
    if set(graph.name_owners(name)) - {except_for}:
        raise EditError(Text("Another layer is already called {name}.", {"name": name}))


@dataclass(frozen=True, slots=True)
class AddOperation:
    operation: Operation
    graph: str = ROOT
    index: int | None = None

    def apply(self, document: Document) -> Edit:
        graph = document.graphs[self.graph]
        if document.has_id(self.operation.id):
            raise EditError(Text("The id {id} is taken.", {"id": self.operation.id}))
        check_name(graph, self.operation.name)
        graph.put_operation(self.operation, self.index)
        document.changes.operations_changed.add(self.operation.id)
        return RemoveOperation(self.operation.id)


@dataclass(frozen=True, slots=True)
class RemoveOperation:
    operation: str

    def apply(self, document: Document) -> Edit:
        graph_id, graph = _graph_with_operation(document, self.operation)
        operation = graph.operations[self.operation]
        if graph.calls_of(self.operation):
            raise EditError(Text("{layer} is still used in the graph.", {"layer": operation.shown_name}))
        index = position_in(graph.operations, self.operation)
        graph.drop_operation(self.operation)
        document.changes.operations_changed.add(self.operation)
        return AddOperation(operation, graph_id, index)


@dataclass(frozen=True, slots=True)
class ReplaceOperation:
    """Give an operation another config, class or name; its calls stay."""

    operation: Operation

    def apply(self, document: Document) -> Edit:
        _, graph = _graph_with_operation(document, self.operation.id)
        check_name(graph, self.operation.name, except_for=self.operation.id)
        before = graph.operations[self.operation.id]
        graph.replace_operation(self.operation)
        document.changes.operations_changed.add(self.operation.id)
        return ReplaceOperation(before)


@dataclass(frozen=True, slots=True)
class AddGraph:
    """Put a nested graph with all its content into the document; an operation that owns it follows."""

    id: str
    graph: Graph
    index: int | None = None

    def apply(self, document: Document) -> Edit:
        for name in (*self.graph.calls, *self.graph.operations):
            if document.has_id(name):
                raise EditError(Text("The id {id} is taken.", {"id": name}))
        if self.id in document.graphs:
            raise EditError(Text("The id {id} is taken.", {"id": self.id}))
        insert(document.graphs, self.id, self.graph, self.index)
        document.changes.graphs = True
        document.changes.calls_added.update(self.graph.calls)
        return RemoveGraph(self.id)


@dataclass(frozen=True, slots=True)
class RemoveGraph:
    """Take a nested graph away; the inverse puts the very same one back, content and all."""

    id: str

    def apply(self, document: Document) -> Edit:
        if self.id not in document.graphs or self.id == ROOT:
            raise EditError(Text("The nested model {id} is not in this document.", {"id": self.id}))
        index = position_in(document.graphs, self.id)
        graph = document.graphs.pop(self.id)
        document.changes.graphs = True
        document.changes.calls_removed.update(graph.calls)
        return AddGraph(self.id, graph, index)


@dataclass(frozen=True, slots=True)
class AddCall:
    call: Call
    graph: str = ROOT
    index: int | None = None

    def apply(self, document: Document) -> Edit:
        graph = document.graphs[self.graph]
        if document.has_id(self.call.id):
            raise EditError(Text("The id {id} is taken.", {"id": self.call.id}))
        if self.call.operation not in graph.operations:
            raise EditError(
                Text(
                    "The operation {id} is not in this graph.",
                    {"id": self.call.operation},
                )
            )
        _check_tensors(graph, self.call)
        graph.put_call(self.call, self.index)
        document.changes.interface |= bool(self.call.mode)  # of the model that is built
        document.changes.calls_added.add(self.call.id)
        document.changes.wires = True
        return RemoveCall(self.call.id)


@dataclass(frozen=True, slots=True)
class RemoveCall:
    call: str

    def apply(self, document: Document) -> Edit:
        graph_id, graph = _graph_with_call(document, self.call)
        call = graph.calls[self.call]
        name = graph.operation_of(self.call).shown_name
        if graph.consumers(self.call):
            raise EditError(Text("{layer} still feeds another layer.", {"layer": name}))
        if any(ref.call == self.call for ref in graph.input_refs() + graph.output_refs()):
            raise EditError(Text("{layer} is still an input or output of the model.", {"layer": name}))
        index = position_in(graph.calls, self.call)
        graph.drop_call(self.call)
        document.changes.interface |= bool(call.mode)
        document.changes.calls_removed.add(self.call)
        document.changes.wires = True
        return AddCall(call, graph_id, index)


@dataclass(frozen=True, slots=True)
class SetArguments:
    """Give a call other arguments: connect, disconnect, reorder."""

    call: str
    args: tuple[Argument, ...]
    kwargs: Mapping[str, Argument] = field(default_factory=dict)

    def apply(self, document: Document) -> Edit:
        _, graph = _graph_with_call(document, self.call)
        before = graph.calls[self.call]
        after = replace(before, args=self.args, kwargs=self.kwargs)
        _check_tensors(graph, after)
        new_sources = {ref.call for _, ref in after.tensors()} - {ref.call for _, ref in before.tensors()}
        if new_sources and new_sources & graph.downstream([self.call]):
            name = graph.operation_of(self.call).shown_name
            raise EditError(Text("That would make {layer} depend on its own output.", {"layer": name}))
        graph.replace_call(after)
        document.changes.calls_changed.add(self.call)
        document.changes.wires = True
        return SetArguments(self.call, before.args, before.kwargs)


@dataclass(frozen=True, slots=True)
class SetMode:
    """Bypass a call, mute it, or (without a mode) build it as it is drawn."""

    call: str
    mode: str

    def apply(self, document: Document) -> Edit:
        _, graph = _graph_with_call(document, self.call)
        if self.mode and self.mode not in MODES:
            raise EditError(Text("A box cannot be “{mode}”.", {"mode": self.mode}))
        before = graph.calls[self.call]
        graph.replace_call(replace(before, mode=self.mode))
        document.changes.calls_changed.add(self.call)
        document.changes.interface = True  # of the model that is built
        return SetMode(self.call, before.mode)


@dataclass(frozen=True, slots=True)
class SetInterface:
    """Say which tensors are the inputs and the outputs of a model."""

    inputs: Nest
    outputs: Nest
    graph: str = ROOT

    def apply(self, document: Document) -> Edit:
        graph = document.graphs[self.graph]
        for _, ref in [*walk(self.inputs), *walk(self.outputs)]:
            if ref.call not in graph.calls:
                raise EditError(Text("The box {id} is not in this graph.", {"id": ref.call}))
        inverse = SetInterface(graph.inputs, graph.outputs, self.graph)
        graph.inputs, graph.outputs = self.inputs, self.outputs
        document.changes.interface = True
        return inverse


@dataclass(frozen=True, slots=True)
class SetPositions:
    """Move boxes; ``None`` takes a position away."""

    positions: Mapping[str, Point | None]

    def apply(self, document: Document) -> Edit:
        before = {call_id: document.positions.get(call_id) for call_id in self.positions}
        for call_id, point in self.positions.items():
            if point is None:
                document.positions.pop(call_id, None)
            else:
                document.positions[call_id] = point
        document.changes.moved.update(self.positions)
        return SetPositions(before)


@dataclass(frozen=True, slots=True)
class SetData:
    data: Mapping[str, Json]

    def apply(self, document: Document) -> Edit:
        inverse = SetData(document.data)
        document.data = self.data
        document.changes.data = True
        return inverse


@dataclass(frozen=True, slots=True)
class SetTraining:
    training: Mapping[str, Json]

    def apply(self, document: Document) -> Edit:
        inverse = SetTraining(document.training)
        document.training = self.training
        document.changes.training = True
        return inverse


@dataclass(frozen=True, slots=True)
class SetIn:
    """Set one value in the training or the data section; what stands beside it stays.

    ``path`` leads to it by keys, and by numbers ("0") where there is a list; a mapping that is missing on the way is
    made.
    """

    section: Literal["training", "data"]
    path: tuple[str, ...]
    value: Json

    def apply(self, document: Document) -> Edit:
        before = document.training if self.section == "training" else document.data
        after = _with_value(before, self.path, self.value)
        return (SetTraining(after) if self.section == "training" else SetData(after)).apply(document)


def _with_value(content: Json, path: tuple[str, ...], value: Json) -> Json:
    if not path:
        return value
    if isinstance(content, list | tuple):
        place = int(path[0]) if path[0].isdecimal() else len(content)
        if place >= len(content):
            raise EditError(Text("There is no place {place} in this list.", {"place": path[0]}))
        return [*content[:place], _with_value(content[place], path[1:], value), *content[place + 1 :]]
    held = content if isinstance(content, Mapping) else {}
    return {**held, path[0]: _with_value(held.get(path[0]), path[1:], value)}


@dataclass(frozen=True, slots=True)
class SetParameters:
    """Set some values of a layer's config; shapes that Keras recorded when it built the layer are forgotten."""

    operation: str
    values: Mapping[str, Json]

    def apply(self, document: Document) -> Edit:
        _, graph = _graph_with_operation(document, self.operation)
        before = graph.operations[self.operation]
        extra = {key: value for key, value in before.extra.items() if key != "build_config"}
        after = replace(before, config={**before.config, **self.values}, extra=extra)
        return ReplaceOperation(after).apply(document)


@dataclass(frozen=True, slots=True)
class SetName:
    """Give a layer another name and title; the rest of it stays."""

    operation: str
    name: str
    title: str

    def apply(self, document: Document) -> Edit:
        _, graph = _graph_with_operation(document, self.operation)
        before = graph.operations[self.operation]
        after = replace(before, config={**before.config, "name": self.name}, title=self.title)
        return ReplaceOperation(after).apply(document)


@dataclass(frozen=True, slots=True)
class SetExtra:
    """Give another part of the project file, such as "custom_code", a value; ``None`` takes it away."""

    key: str
    value: Json

    def apply(self, document: Document) -> Edit:
        inverse = SetExtra(self.key, document.extra.get(self.key))
        rest = {key: value for key, value in document.extra.items() if key != self.key}
        if self.value is None:
            document.extra = rest
        elif self.key in document.extra:  # at its place
            document.extra = {**document.extra, self.key: self.value}
        else:
            document.extra = {**rest, self.key: self.value}
        document.changes.extra = True
        return inverse


@dataclass(frozen=True, slots=True)
class SetCanvas:
    """Say what lies on the canvas beside the boxes: the canvas section of the file without their places."""

    canvas: Mapping[str, Json]

    def apply(self, document: Document) -> Edit:
        inverse = SetCanvas(document.canvas_extra)
        document.canvas_extra = self.canvas
        document.changes.canvas = True
        return inverse


@dataclass(frozen=True, slots=True)
class SetGraphName:
    name: str
    graph: str = ROOT
    title: str = ""

    def apply(self, document: Document) -> Edit:
        if not self.name.strip():
            raise EditError(Text("A model needs a name."))
        graph = document.graphs[self.graph]
        inverse = SetGraphName(graph.name, self.graph, graph.title)
        graph.name, graph.title = self.name, self.title
        document.changes.name = True
        return inverse


def _graph_with_operation(document: Document, operation_id: str) -> tuple[str, Graph]:
    for graph_id, graph in document.graphs.items():
        if operation_id in graph.operations:
            return graph_id, graph
    raise EditError(Text("The operation {id} is not in this document.", {"id": operation_id}))


def _graph_with_call(document: Document, call_id: str) -> tuple[str, Graph]:
    for graph_id, graph in document.graphs.items():
        if call_id in graph.calls:
            return graph_id, graph
    raise EditError(Text("The box {id} is not in this document.", {"id": call_id}))


def _check_tensors(graph: Graph, call: Call) -> None:
    for _, ref in call.tensors():
        if ref == TensorRef(call.id, ref.index):
            raise EditError(Text("A layer cannot feed itself."))
        if ref.call not in graph.calls:
            raise EditError(Text("The box {id} is not in this graph.", {"id": ref.call}))
