"""What a person does, as lists of edits: every function reads the document and changes nothing.

Give the result to ``History.do`` as one step. EditError says in one sentence why something cannot be done.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.document import arguments
from graph_editor.document.canvas.items import forget
from graph_editor.document.document import ROOT, Document, Point
from graph_editor.document.draft import Draft, mapped_nest
from graph_editor.document.edits import (
    AddCall,
    AddOperation,
    Edit,
    EditError,
    RemoveCall,
    RemoveGraph,
    RemoveOperation,
    ReplaceOperation,
    SetArguments,
    SetData,
    SetGraphName,
    SetPositions,
    SetTraining,
    check_name,
)
from graph_editor.document.graph import (
    ArgumentPath,
    Call,
    Edge,
    Json,
    Nest,
    Operation,
    TensorRef,
    position_in,
    walk,
)
from graph_editor.document.naming import Namer, snake_case
from graph_editor.document.nesting import graphs_inside
from graph_editor.document.ports import Ports, free_slot
from resources.keras_names import is_layer_name, is_model_name, safe_name
from resources.text import Text

INPUT = "InputLayer"
NOT_FOR_KERAS: Final = Text("Keras takes only Latin letters, digits and . _ - > in names: no spaces, no other signs.")


def add_layer(
    document: Document,
    class_name: str,
    module: str,
    config: Mapping[str, Json] | None,
    position: Point,
    catalog: Catalog,
    *,
    after: TensorRef | Sequence[TensorRef] | None = None,
    into: Edge | None = None,
    name: str | None = None,
    graph_id: str = ROOT,
) -> tuple[list[Edit], str]:
    """Add a layer of a class to a graph; the id of its call comes back as well.

    ``config`` None means the defaults of the catalogue. ``after`` feeds it with that tensor, or with those, each at the
    next free place; ``into`` puts it in the middle of that wire. An Input becomes an input of the model.
    """
    namer, graph = Namer(document), document.graphs[graph_id]
    spec = catalog.layer(class_name, module)
    wish = name or ("input" if class_name == INPUT else snake_case(class_name))
    if config is None:
        if spec is None:
            raise EditError(Text("{layer} is not a layer of Keras.", {"layer": class_name}))
        config = catalog.default_config(spec, wish)
    registered = spec.registered_name if spec else None
    operation = Operation(namer.operation_id(), class_name, {**config, "name": wish}, module, registered)
    operation = namer.entered(graph, operation, wish)
    layer_name = operation.name
    function = spec.function if spec else None
    call = Call(namer.call_id(), operation.id, *((function.args, function.kwargs) if function else ()))
    sources = (into.source,) if into else (after,) if isinstance(after, TensorRef) else after or ()
    for source in sources:
        _check_source(document, source)
        slot = free_slot(call, spec)
        if slot is None:
            raise EditError(Text("{layer} takes no input.", {"layer": layer_name}))
        args, kwargs = arguments.with_tensor(call, slot.path, source)
        call = replace(call, args=args, kwargs=kwargs)
    place = position_in(graph.calls, into.target) if into else None  # a plain stack stays one
    edits: list[Edit] = [
        AddOperation(operation, graph_id),
        AddCall(call, graph_id, place),
        SetPositions({call.id: position}),
    ]
    if into:
        target = graph.calls[into.target]
        edits.append(SetArguments(into.target, *arguments.with_tensor(target, into.path, TensorRef(call.id))))
    if class_name == INPUT:
        draft = Draft(document)
        draft.set_inputs(graph_id, with_ref(graph.inputs, TensorRef(call.id), layer_name))
        edits += draft.edits()
    return edits, call.id


def connect(
    document: Document,
    source: TensorRef,
    target: str,
    path: ArgumentPath | None,
    catalog: Catalog,
) -> list[Edit]:
    """Lead a wire from ``source`` to an argument of ``target``; what was at a single place is replaced.

    Without ``path`` it takes the first free place, or the only one; in a list of inputs a wire on a taken place joins
    the list, so that nothing is lost by dropping a wire where another one ends. A cycle is refused when the edit is
    applied, and beforehand by ``why_not``.
    """
    graph = document.graph_of_call(target)
    call, operation = graph.calls[target], graph.operation_of(target)
    reason = why_not(document, source, target)
    if reason:
        raise EditError(reason)
    ports = Ports(document, catalog)
    places = ports.slots(operation, call)
    if path is None:
        slot = ports.free_slot(operation, call)
        if slot is None:
            if len(places) != 1:
                raise EditError(Text("{layer} has no free input.", {"layer": operation.shown_name}))
            slot = places[0]
        path = slot.path
    elif any(slot.path == path and slot.source is not None for slot in places):
        growing = (slot.path for slot in places if slot.grows and slot.path[:-1] == path[:-1])
        path = next(growing, path)
    return [SetArguments(target, *arguments.with_tensor(call, path, source))]


def why_not(document: Document, source: TensorRef, target: str) -> Text | None:
    """Why ``source`` cannot feed ``target``, or None when it can."""
    graph = document.graph_of_call(target)
    name = graph.operation_of(target).shown_name
    if graph.operation_of(target).class_name == INPUT:
        return Text("{layer} is an input: data comes in there, not a wire.", {"layer": name})
    if source.call == target:
        return Text("A layer cannot feed itself.")
    if source.call in graph.downstream([target]):
        return Text("That would make {layer} depend on its own output.", {"layer": name})
    return no_such_output(document, source)


def no_such_output(document: Document, tensor: TensorRef) -> Text | None:
    """Why nothing can come out of a nested model there, or None."""
    graph = document.graph_of_call(tensor.call)
    model = graph.operation_of(tensor.call)
    if model.graph is None or tensor.index < len(document.graphs[model.graph].output_refs()):
        return None
    return Text("{layer} has no output. Open it, and mark a layer as an output.", {"layer": model.shown_name})


def _check_source(document: Document, tensor: TensorRef) -> None:
    reason = no_such_output(document, tensor)
    if reason:
        raise EditError(reason)


def disconnect(document: Document, edge: Edge) -> list[Edit]:
    call, gaps = document.call(edge.target), document.operation_of(edge.target).graph is not None
    return [SetArguments(call.id, *arguments.without(call, lambda path, _tensor: path == edge.path, gaps))]


def reconnect(document: Document, edge: Edge, target: str, path: ArgumentPath | None, catalog: Catalog) -> list[Edit]:
    """Move the end of a wire to another place, as one step."""
    if edge.target == target:
        call, gaps = document.call(target), document.operation_of(target).graph is not None
        if path is None or path == edge.path:
            return []
        args, kwargs = arguments.with_tensor(call, path, edge.source)
        moved = replace(call, args=args, kwargs=kwargs)
        return [SetArguments(target, *arguments.without(moved, lambda place, _tensor: place == edge.path, gaps))]
    return [*disconnect(document, edge), *connect(document, edge.source, target, path, catalog)]


def delete_calls(document: Document, call_ids: Collection[str], also: Collection[str] = ()) -> list[Edit]:
    """Take boxes away, with their wires, and operations that nothing uses any more, with the graphs these own.

    ``also`` names what else goes from the canvas (``canvas/items.py``).
    """
    removed_ids = {call_id for call_id in call_ids if document.has_call(call_id)}
    draft, removals = Draft(document), list[Edit]()
    for graph_id, graph in document.graphs.items():
        here = removed_ids & graph.calls.keys()
        if not here:
            continue
        draft.drop_calls(graph_id, [call_id for call_id in graph.calls if call_id in here])
        removals.append(SetPositions(dict.fromkeys(sorted(here & document.positions.keys()))))
        removals += [RemoveCall(call_id) for call_id in reversed(graph.calls) if call_id in here]
        users = {graph.calls[call_id].operation for call_id in here}
        unused = {operation for operation in users if set(graph.calls_of(operation)) <= here}
        for operation in reversed([item for item in graph.operations.values() if item.id in unused]):
            removals.append(RemoveOperation(operation.id))
            removals += remove_graphs(document, operation)
    return _in_order([*draft.edits(), *removals, *forget(document, also)])


def remove_graphs(document: Document, operation: Operation) -> list[Edit]:
    """Take away what a nested model owns, all models inside it included."""
    edits: list[Edit] = []
    for graph_id in graphs_inside(document, operation):
        placed = document.graphs[graph_id].calls.keys() & document.positions.keys()
        if placed:
            edits.append(SetPositions(dict.fromkeys(sorted(placed))))
        edits.append(RemoveGraph(graph_id))
    return edits


def _in_order(edits: list[Edit]) -> list[Edit]:
    """Graphs last: what lies in them may be among what is removed singly."""
    return [*(e for e in edits if not isinstance(e, RemoveGraph)), *(e for e in edits if isinstance(e, RemoveGraph))]


def move_calls(document: Document, positions: Mapping[str, Point]) -> list[Edit]:
    """Put boxes elsewhere, all of these or none when each lies there already."""
    different = any(document.positions.get(call_id) != point for call_id, point in positions.items())
    return [SetPositions(positions)] if different else []


def rename(document: Document, operation_id: str, name: str) -> list[Edit]:
    """Call a layer something else; what Keras cannot take becomes the title of a layer with a name made of it."""
    operation, graph = document.operation(operation_id), document.graph_of_operation(operation_id)
    if operation.shown_name == name:
        return []
    check_name(graph, name, except_for=operation_id)
    if any(other.title == name for other in graph.operations.values() if other.id != operation_id):
        raise EditError(Text("Another layer is already called {name}.", {"name": name}))
    if is_layer_name(name):
        return [ReplaceOperation(replace(operation, config={**operation.config, "name": name}, title=""))]
    return [ReplaceOperation(Namer(document).entered(graph, operation, name))]


def rename_for_keras(document: Document, operation_id: str, name: str) -> list[Edit]:
    """Give a layer another name in Keras; its title stays. Raises EditError for what Keras cannot take."""
    operation = document.operation(operation_id)
    if operation.name == name:
        return []
    if not is_layer_name(name):
        raise EditError(NOT_FOR_KERAS)
    check_name(document.graph_of_operation(operation_id), name, except_for=operation_id)
    return [ReplaceOperation(replace(operation, config={**operation.config, "name": name}))]


def rename_model(document: Document, name: str) -> list[Edit]:
    """Call the model something else; what Keras cannot take becomes its title."""
    if name == document.shown_name:
        return []
    if is_model_name(name) or not name.strip():
        return [SetGraphName(name)]
    return [SetGraphName(safe_name(name, "model"), title=name)]


def rename_model_for_keras(document: Document, name: str) -> list[Edit]:
    """Give the model another name in Keras; its title stays. Raises EditError for what Keras cannot take."""
    if name == document.name:
        return []
    if is_layer_name(name) and not is_model_name(name):
        raise EditError(Text("In Keras, the name of a model begins with a letter, a digit or a dot."))
    if not is_model_name(name):
        raise EditError(NOT_FOR_KERAS)
    return [SetGraphName(name, title=document.graph.title)]


def set_parameter(document: Document, operation_id: str, key: str, value: Json) -> list[Edit]:
    """Set one value of a layer's config; shapes that Keras recorded when it built the layer are forgotten."""
    operation = document.operation(operation_id)
    if key in operation.config and _same(operation.config[key], value):
        return []
    extra = {name: item for name, item in operation.extra.items() if name != "build_config"}
    return [ReplaceOperation(replace(operation, config={**operation.config, key: value}, extra=extra))]


def share(document: Document, call_id: str, position: Point) -> tuple[list[Edit], str]:
    """Use the operation of a box once more: a second box, the same weights."""
    operation = document.operation_of(call_id)
    if operation.class_name == INPUT:
        raise EditError(Text("An input cannot be used twice: wire it to as many layers as you like."))
    call = Call(Namer(document).call_id(), operation.id, mode=document.call(call_id).mode)
    graph_id = document.graph_id_of_call(call_id)
    return [AddCall(call, graph_id), SetPositions({call.id: position})], call.id


def set_output(document: Document, tensor: TensorRef, on: bool) -> list[Edit]:
    """Make a tensor an output of the model it lies in, or no longer one."""
    graph_id = document.graph_id_of_call(tensor.call)
    graph = document.graphs[graph_id]
    is_output = tensor in graph.output_refs()
    if is_output == on:
        return []
    draft = Draft(document)
    if on:
        _check_source(document, tensor)
        draft.set_outputs(graph_id, with_ref(graph.outputs, tensor, graph.operation_of(tensor.call).name))
    else:
        draft.set_outputs(graph_id, mapped_nest(graph.outputs, lambda ref: None if ref == tensor else ref))
    return draft.edits()


def set_data(document: Document, data: Mapping[str, Json]) -> list[Edit]:
    return [] if _same(document.data, data) else [SetData(data)]


def set_training(document: Document, training: Mapping[str, Json]) -> list[Edit]:
    return [] if _same(document.training, training) else [SetTraining(training)]


def _same(before: Json, after: Json) -> bool:
    """Equal, with 1, 1.0 and True told apart, since they are different in a file."""
    return bool(before == after) and repr(before) == repr(after)


def with_ref(nest: Nest, ref: TensorRef, name: str) -> Nest:
    """The nest with one more tensor: a bare leaf for a single one, as Keras writes it, otherwise a list."""
    if isinstance(nest, Mapping):
        return {**nest, name if name not in nest else ref.call: ref}
    refs = [tensor for _, tensor in walk(nest)] if isinstance(nest, TensorRef) else list(nest)
    return ref if not refs else [*refs, ref]
