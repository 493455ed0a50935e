"""A nested model taken apart into calls, to find the layer inside that Keras stumbles over."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from runtime.messages.inference import CallSpec, OperationJson
from runtime.messages.parts import Json, Shape

_MODELS: Final = ("Functional", "Sequential")


def is_model(operation: OperationJson) -> bool:
    """Whether the operation is a model with layers of its own in its config."""
    return operation.class_name in _MODELS and isinstance(operation.config.get("layers"), list)


def inner_calls(model: OperationJson, input_shapes: Sequence[Shape] | None) -> list[CallSpec]:
    """The calls inside a model, in the order in which data flows; those that cannot be read are left out.

    `input_shapes` are the shapes that the model is called with; with None its own Inputs say what comes in.
    """
    layers = [layer for layer in model.config["layers"] if isinstance(layer, Mapping)]
    if model.class_name == "Sequential":
        return _stack(layers, input_shapes)
    calls = _in_order(list(_nodes(layers)))
    inputs = list(_leaves(model.config.get("input_layers")))
    if input_shapes is not None and len(input_shapes) == len(inputs):
        shapes = {_call_id(name, node): shape for (name, node), shape in zip(inputs, input_shapes, strict=True)}
        return [_with_shape(call, shapes[call.id]) if call.id in shapes else call for call in calls]
    return calls


def _stack(layers: Sequence[Mapping[str, Json]], shapes: Sequence[Shape] | None) -> list[CallSpec]:
    calls: list[CallSpec] = []
    if not (layers and layers[0].get("class_name") == "InputLayer"):
        if not shapes:
            return []  # nobody says what comes in
        config = {"batch_shape": list(shapes[0]), "dtype": "float32", "name": "input"}
        calls.append(CallSpec("", OperationJson("InputLayer", config)))
    for layer in layers:
        args = [{"$tensor": [calls[-1].id, 0]}] if calls else []
        calls.append(CallSpec(str(len(calls)), _operation(layer), args))
    return calls


def _nodes(layers: Sequence[Mapping[str, Json]]) -> Iterator[CallSpec]:
    for layer in layers:
        operation = _operation(layer)
        name = str(layer.get("name", operation.config.get("name")))
        for index, node in enumerate(layer.get("inbound_nodes") or [{}]):
            if isinstance(node, Mapping):
                args, kwargs = _references(node.get("args", [])), _references(node.get("kwargs", {}))
                yield CallSpec(_call_id(name, index), operation, args, kwargs)


def _operation(layer: Mapping[str, Json]) -> OperationJson:
    config = layer.get("config")
    return OperationJson(
        str(layer.get("class_name")),
        dict(config) if isinstance(config, Mapping) else {},
        str(layer.get("module") or "keras.layers"),
        layer.get("registered_name"),
    )


def _references(node: Json) -> Json:
    """Arguments with each of Keras' tensors as a reference to the call that makes it."""
    if isinstance(node, list):
        return [_references(value) for value in node]
    if not isinstance(node, Mapping):
        return node
    if node.get("class_name") == "__keras_tensor__":
        name, index, output = node["config"]["keras_history"]
        return {"$tensor": [_call_id(name, index), output]}
    return {key: _references(value) for key, value in node.items()}


def _in_order(calls: Sequence[CallSpec]) -> list[CallSpec]:
    """The calls, each after those that it depends on."""
    waiting, order, done_ids = list(calls), list[CallSpec](), set[str]()
    while waiting:
        ready = [call for call in waiting if set(_sources([call.args, call.kwargs])) <= done_ids]
        if not ready:
            return order
        order += ready
        done_ids |= {call.id for call in ready}
        waiting = [call for call in waiting if call.id not in done_ids]
    return order


def _sources(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if "$tensor" in node:
            yield node["$tensor"][0]
        node = list(node.values())
    if isinstance(node, list):
        for value in node:
            yield from _sources(value)


def _leaves(nest: Json) -> Iterator[tuple[str, int]]:
    """(layer, node) of each input, in the order in which Keras flattens them."""
    match nest:
        case [str(name), int(node), int()]:
            yield name, node
        case list():
            for value in nest:
                yield from _leaves(value)
        case dict():
            for key in sorted(nest):
                yield from _leaves(nest[key])


def _call_id(name: str, node: int) -> str:
    return f"{name}/{node}"


def _with_shape(call: CallSpec, shape: Shape) -> CallSpec:
    operation = call.operation
    config = {**operation.config, "batch_shape": list(shape)}
    return CallSpec(call.id, OperationJson(operation.class_name, config, operation.module, operation.registered_name))
