"""The part of a model up to a box, as a model of its own that shares its layers."""

from typing import Any

import keras
from keras.src import tree

from resources.text import Text
from runtime.messages.inside import CallAt
from runtime.worker.evaluation.inside.addresses import Graph, find_place, graph_of, require_graph, same_address
from runtime.worker.evaluation.inside.walking import needed_nodes
from runtime.worker.process.control import WorkerError

Tensor = Any


def cut_model(model: Any, call: CallAt, output: int = 0) -> Any:
    """A Functional of the inputs that are needed. What lies in a nested model is laid out flat.

    Raises WorkerError for a call or an output that is not there.
    """
    call = same_address(call)
    node = find_place(model, call)[1]
    if not 0 <= output < len(node.outputs):
        raise WorkerError(Text("{layer} has no output {number}.", {"layer": call.layer, "number": output + 1}))
    if node.is_input and not call.path:
        raise WorkerError(Text("{layer} is an input: there is no part of the model before it.", {"layer": call.layer}))
    graph = require_graph(model)
    needed = needed_nodes(graph, (call,), {}) or set()
    inputs = [tensor for tensor in graph.model.inputs if id(graph.makers[id(tensor)]) in needed]
    name = f"{model.name}_to_{call.layer}"
    if not call.path:
        return keras.Model(inputs if len(inputs) > 1 else inputs[0], node.outputs[output], name=name)
    fresh = [_fresh(tensor) for tensor in inputs]
    tensors = {id(old): new for old, new in zip(inputs, fresh, strict=True)}
    found = _connected(graph, call, tensors, 0, needed)[output]
    return keras.Model(fresh if len(fresh) > 1 else fresh[0], found, name=name)


def _fresh(tensor: Tensor) -> Tensor:
    layer = tensor._keras_history.operation
    return keras.Input(batch_shape=tensor.shape, dtype=tensor.dtype, name=layer.name, sparse=tensor.sparse)


def _connected(
    graph: Graph, call: CallAt, tensors: dict[int, Tensor], depth: int, needed: set[int] | None
) -> list[Tensor]:
    """Calls the layers of one graph anew, up to the box; `tensors` has the inputs of the graph."""
    outermost = depth == len(call.path)
    name, number = (call.layer, call.node) if outermost else (call.path[depth], (*call.path_calls, *[0] * 9)[depth])
    goal = graph.find(name, number)
    assert goal is not None  # the address was looked up before
    ids = needed if needed is not None else _ancestors(graph, goal)
    for node, _ in graph.nodes:
        if id(node) not in ids or node.is_input:
            continue
        args, kwargs = node.arguments.fill_in(tensors)
        if node is goal and not outermost:
            inner = graph_of(node.operation)
            assert inner is not None
            given = tree.flatten(args)
            inside = {id(x): y for x, y in zip(inner.model.inputs, given, strict=False)}
            return _connected(inner, call, inside, depth + 1, None)
        outputs = tree.flatten(node.operation(*args, **kwargs))
        tensors.update({id(x): y for x, y in zip(node.outputs, outputs, strict=False)})
    return [tensors[id(x)] for x in goal.outputs]


def _ancestors(graph: Graph, goal: Any) -> set[int]:
    waiting, found = [goal], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) not in found:
            found.add(id(node))
            waiting += [graph.makers[id(x)] for x in node.input_tensors if id(x) in graph.makers]
    return found
