"""The document's graph as Keras' own functional config, without Keras.

Keras writes a call as a node of its layer, and a tensor as (layer name, node index, tensor index); the shape and dtype
that it writes beside them are not needed to rebuild the model, so exporting needs no shape inference.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graph_editor.document.arguments import substitute
from graph_editor.document.document import Document
from graph_editor.document.graph import NAMELESS, NO_MODULE, Graph, Nest, Operation, TensorRef
from graph_editor.document.nesting import chain as plain_stack
from graph_editor.keras_format.recorded import RECORDED, recorded

MODULE: Final = "keras.src.models.functional"  # where Keras itself says the class lives
UNKNOWN: Final[Mapping[str, Any]] = {"shape": [], "dtype": "float32"}

Json = Any
Nodes = Mapping[str, tuple[str, int]]
OperationJson = Callable[[Operation], dict[str, Json]]


@dataclass(frozen=True, slots=True)
class FunctionalConfig:
    """``json`` is what ``keras.saving.deserialize_keras_object`` takes; ``nodes`` tells which node a call became."""

    json: dict[str, Any]
    nodes: Nodes


def model_json(document: Document) -> dict[str, Json]:
    """The root model of a document, nested models included, as Keras serialises it.

    Boxes that are bypassed or muted have to be left out before, see ``active.built``: they are refused here.
    """
    return functional_config(document).json


def trained_json(document: Document) -> dict[str, Json]:
    """The root model as training takes it, which goes by names of inputs and outputs: a Sequential as a Functional."""
    return _functional(document, document.graph).json


def functional_config(document: Document) -> FunctionalConfig:
    return _model(document, document.graph)


def operation_json(operation: Operation, document: Document | None = None) -> dict[str, Any]:
    """One layer as Keras serialises it; ``document`` is needed for nested models."""
    config = named_config(operation)
    module = None if operation.extra.get(NO_MODULE) else operation.module
    kind = {"module": module, "class_name": operation.class_name}
    registered = operation.registered_name
    extra = {key: value for key, value in operation.extra.items() if key not in (NAMELESS, NO_MODULE)}
    if operation.graph is not None and document is not None:
        model = _model(document, document.graphs[operation.graph]).json
        config = {**model["config"], **config}
        if model["class_name"] != operation.class_name:  # a Sequential that is no plain stack any more
            kind, registered = {"module": model["module"], "class_name": model["class_name"]}, model["registered_name"]
            extra = {key: value for key, value in extra.items() if key != "build_config"}
    return {**kind, "config": config, "registered_name": registered, **extra}


def named_config(operation: Operation) -> dict[str, Json]:
    """Return the config of an operation with its name, if its class takes one."""
    if operation.extra.get(NAMELESS):
        return {key: value for key, value in operation.config.items() if key != "name"}
    return {**operation.config, "name": operation.name}


def operation_class(document: Document, operation: Operation) -> str:
    """The class that an operation is written as: a Sequential that is no plain stack any more is a Functional."""
    if operation.graph is None or operation.class_name != "Sequential":
        return operation.class_name
    return "Functional" if plain_stack(document.graphs[operation.graph]) is None else "Sequential"


def _model(document: Document, graph: Graph) -> FunctionalConfig:
    if graph.modes:
        raise ValueError("a model is made of what `active.built` leaves of a document")
    kept = graph.extra.get("model", {})
    if kept.get("class_name") == "Sequential":
        chain = plain_stack(graph)
        if chain is not None:
            return _sequential(document, graph, chain)
    return _functional(document, graph)


def _functional(document: Document, graph: Graph) -> FunctionalConfig:
    """The whole model from its inputs to its outputs; calls that lead to no output are left out, as Keras does."""
    useful = graph.upstream(ref.call for ref in [*graph.output_refs(), *graph.input_refs()])
    order = [call_id for call_id in graph.topological_order() if call_id in useful]
    nodes = node_numbers(graph, order)
    calls: dict[str, list[str]] = {}
    for call_id in sorted(order, key=lambda call_id: nodes[call_id][1]):
        calls.setdefault(graph.calls[call_id].operation, []).append(call_id)
    leaf = _tensor_leaf(document, graph, nodes)
    layers = [
        _layer(document, graph, operation, calls[operation.id], leaf)
        for operation in graph.operations.values()
        if operation.id in calls
    ]
    config = {
        "name": graph.name,
        **graph.extra.get("config", {"trainable": True}),
        "layers": layers,
        "input_layers": _interface(document, graph, graph.inputs, nodes),
        "output_layers": _interface(document, graph, graph.outputs, nodes),
    }
    config = _as_read(graph, config)
    model = {"module": MODULE, "class_name": "Functional", "config": config, "registered_name": "Functional"}
    recorded_model = graph.extra.get("model", {})
    return FunctionalConfig(
        {**model, **recorded_model, "config": config} if recorded_model.get("class_name") == "Functional" else model,
        nodes,
    )


def node_numbers(graph: Graph, order: Collection[str]) -> dict[str, tuple[str, int]]:
    """Return which node of its layer each call becomes.

    The order of the document, so that a model that was read is written as it was; where Keras could not rebuild that
    (it makes the nodes of a layer one after the other, and would wait for ever for a node that depends on a later one),
    the order in which data flows.
    """
    chosen = set(order)
    as_drawn = [call_id for call_id in graph.calls if call_id in chosen]
    numbers = _numbered(graph, as_drawn)
    return numbers if _can_be_rebuilt(graph, as_drawn) else _numbered(graph, order)


def _numbered(graph: Graph, order: Collection[str]) -> dict[str, tuple[str, int]]:
    counts: dict[str, int] = {}
    nodes: dict[str, tuple[str, int]] = {}
    for call_id in order:
        operation = graph.operation_of(call_id)
        nodes[call_id] = (operation.name, counts.get(operation.id, 0))
        counts[operation.id] = nodes[call_id][1] + 1
    return nodes


def _can_be_rebuilt(graph: Graph, order: Collection[str]) -> bool:
    """Whether every call can be made after all it depends on and after the earlier calls of its layer."""
    waits: dict[str, set[str]] = {}
    last: dict[str, str] = {}
    shared = False
    for call_id in order:
        call = graph.calls[call_id]
        waits[call_id] = {ref.call for _, ref in call.tensors()}
        if call.operation in last:
            waits[call_id].add(last[call.operation])
            shared = True
        last[call.operation] = call_id
    if not shared:
        return True
    followers: dict[str, list[str]] = {}
    for call_id, sources in waits.items():
        for source in sources:
            followers.setdefault(source, []).append(call_id)
    ready = [call_id for call_id, sources in waits.items() if not sources]
    for call_id in ready:  # grows while it is read
        for follower in followers.get(call_id, ()):
            waits[follower].discard(call_id)
            if not waits[follower]:
                ready.append(follower)
    return len(ready) == len(waits)


def _layer(
    document: Document, graph: Graph, operation: Operation, call_ids: list[str], leaf: Callable[[TensorRef], Json]
) -> dict[str, Any]:
    inbound = []
    for call_id in call_ids:
        call = graph.calls[call_id]
        if call.args or call.kwargs or operation.class_name != "InputLayer":
            other_keys = {key: value for key, value in call.extra.items() if key != RECORDED}
            args, kwargs = substitute(list(call.args), leaf), substitute(dict(call.kwargs), leaf)
            inbound.append({"args": args, "kwargs": kwargs, **other_keys})
    return {**operation_json(operation, document), "name": operation.name, "inbound_nodes": inbound}


def _tensor_leaf(document: Document, graph: Graph, nodes: Nodes) -> Callable[[TensorRef], Json]:
    specs = recorded(graph, document)

    def tensor(ref: TensorRef) -> dict[str, Any]:
        spec = specs.get((ref.call, ref.index), UNKNOWN)
        history = [*nodes[ref.call], ref.index]
        return {"class_name": "__keras_tensor__", "config": {**spec, "keras_history": history}}

    return tensor


def _interface(document: Document, graph: Graph, nest: Nest, nodes: Nodes) -> Any:
    """Inputs or outputs; Keras counts the nodes of a nested Functional from one there, and only there."""

    def leaf(ref: TensorRef) -> list[Any]:
        name, node = nodes[ref.call]
        shift = operation_class(document, graph.operation_of(ref.call)) == "Functional"
        return [name, node + 1 if shift else node, ref.index]

    return substitute(nest, leaf)


def _as_read(graph: Graph, config: dict[str, Any]) -> dict[str, Any]:
    """The config with its keys in the order in which Keras wrote them."""
    keys = [key for key in graph.extra.get("keys", ()) if key in config]
    return {key: config[key] for key in [*keys, *config]}


def _sequential(document: Document, graph: Graph, chain: list[str]) -> FunctionalConfig:
    layers = [operation_json(graph.operation_of(call_id), document) for call_id in chain]
    config = _as_read(graph, {"name": graph.name, **graph.extra.get("config", {}), "layers": layers})
    nodes = {call_id: (graph.operation_of(call_id).name, 0) for call_id in chain}
    return FunctionalConfig({**graph.extra["model"], "config": config}, nodes)
