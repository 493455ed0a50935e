"""Which node of Keras' graph is meant by the address of a box, through nested models and shared layers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import keras
from keras.src.models.functional import Functional

from resources.text import Text
from runtime.messages.inside import CallAt
from runtime.worker.process.control import WorkerError

Node = Any


@dataclass(frozen=True, slots=True)
class Within:
    """Where a graph lies: the nested models around it, and which call of each, from outside in."""

    path: tuple[str, ...] = ()
    calls: tuple[int, ...] = ()

    def at(self, layer: str, node: int) -> CallAt:
        return CallAt(layer, node, self.path, self.calls if any(self.calls) else ())

    def inside(self, model: str, call: int) -> "Within":
        return Within((*self.path, model), (*self.calls, call))


@dataclass(slots=True)
class Graph:
    """The nodes of one functional model in an order in which they can be computed, each with its number of the call."""

    model: Any
    nodes: list[tuple[Node, int]]
    makers: dict[int, Node] = field(default_factory=dict)  # by the address of a KerasTensor: the node it comes from

    def find(self, layer: str, number: int) -> Node | None:
        return next((node for node, at in self.nodes if at == number and node.operation.name == layer), None)


def graph_of(model: Any) -> Graph | None:
    """The graph of a Functional or Sequential; None for what is no graph (a model that is written as a class)."""
    if isinstance(model, keras.Sequential):
        if not model.built:
            return None
        model = model._functional
    if not isinstance(model, Functional):
        return None
    numbers: dict[int, int] = {}
    for operation in model._operations:
        own = [node for node in operation._inbound_nodes if _key(node) in model._nodes]
        numbers.update({id(node): number for number, node in enumerate(own)})
    nodes = [
        (node, numbers[id(node)])
        for depth in sorted(model._nodes_by_depth, reverse=True)
        for node in model._nodes_by_depth[depth]
        if node.operation and id(node) in numbers
    ]
    return Graph(model, nodes, {id(tensor): node for node, _ in nodes for tensor in node.outputs})


def _key(node: Node) -> str:
    index = next(at for at, other in enumerate(node.operation._inbound_nodes) if other is node)
    return f"{id(node.operation)}_ib-{index}"  # keras.src.ops.function.make_node_key


def require_graph(model: Any) -> Graph:
    graph = graph_of(model)
    if graph is None:
        name = str(getattr(model, "name", "model"))
        raise WorkerError(Text("{model} is no graph of layers, so nobody can look inside.", {"model": name}))
    return graph


def same_address(call: CallAt) -> CallAt:
    """One way to write an address that can be written in several."""
    calls = call.path_calls if any(call.path_calls) else ()
    return call if calls == call.path_calls else CallAt(call.layer, call.node, call.path, calls)


def find_node(model: Any, call: CallAt) -> Node:
    """Raises WorkerError where the model has no such call."""
    return find_place(model, call)[1]


def find_place(model: Any, call: CallAt) -> tuple[Graph, Node]:
    """The graph in which a call lies, and its node. Raises WorkerError where the model has no such call."""
    graph = require_graph(model)
    for step, name in enumerate(call.path):
        number = call.path_calls[step] if step < len(call.path_calls) else 0
        node = graph.find(name, number)
        inner = graph_of(node.operation) if node is not None else None
        if inner is None:
            raise WorkerError(Text("The model has no nested model {name}.", {"name": name}))
        graph = inner
    found = graph.find(call.layer, call.node)
    if found is None:
        name = "/".join((*call.path, call.layer))
        text = Text("The trained model has no call {number} of {layer}.", {"number": call.node + 1, "layer": name})
        raise WorkerError(text)
    return graph, found


def all_calls(model: Any, within: Within | None = None) -> list[CallAt]:
    """Addresses of all calls of one graph, in an order in which they can be computed; none of nested models."""
    within = within or Within()
    return [within.at(node.operation.name, number) for node, number in require_graph(model).nodes]


def sub_calls(model: Any, within: Within | None = None) -> Iterator[tuple[CallAt, Node]]:
    """Addresses and nodes of all calls at any depth, what is inside a nested model before the call of it."""
    within, graph = within or Within(), graph_of(model)
    for node, number in graph.nodes if graph else ():
        yield from sub_calls(node.operation, within.inside(node.operation.name, number))
        yield within.at(node.operation.name, number), node
