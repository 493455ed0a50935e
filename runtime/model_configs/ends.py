"""The inputs and outputs of a model, by what its config says of them. Needs no Keras."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Literal

from resources.training.metric_logs import Nest
from resources.training.output_names import output_names

Json = Any


def interface(model: Json, key: Literal["input_layers", "output_layers"]) -> Json:
    """Return what a config says of the inputs or outputs of its model, nested as they are; None if it says nothing.

    Outputs have names of their own (`resources/training/output_names.py`), where the config has those of layers.
    The config of a Sequential has no such lists: it begins with its Input and ends with its last layer.
    """
    config = model.get("config", model) if isinstance(model, Mapping) else {}
    layers = config.get("layers")
    if key == "output_layers" and key in config:
        return _named_apart(config[key], [leaf[0] for leaf in tensor_leaves(config.get("input_layers"))])
    if key in config or not isinstance(layers, list) or not layers:
        return config.get(key)
    layer = layers[0] if key == "input_layers" else layers[-1]
    if key == "input_layers" and layer.get("class_name") != "InputLayer":
        return None
    return [str(layer.get("name") or layer.get("config", {}).get("name")), 0, 0]


def _named_apart(nest: Json, inputs: Collection[str]) -> Json:
    layers = [leaf[0] for leaf in tensor_leaves(nest)]
    names = output_names(layers, inputs)
    if names == layers:
        return nest
    left = iter(names)

    def named(part: Json) -> Json:
        if _is_leaf(part):
            return [next(left), *part[1:]]
        if isinstance(part, Mapping):
            given = {key: named(part[key]) for key in sorted(part)}  # in Keras' order, as tensor_leaves
            return {key: given[key] for key in part}
        return [named(item) for item in part] if isinstance(part, (list, tuple)) else part

    return named(nest)


def tensor_names(model: Json, key: Literal["input_layers", "output_layers"]) -> Iterator[str]:
    """The names of a config's inputs or outputs: flat, in Keras' order, each name once."""
    seen: set[str] = set()
    for name, *_ in tensor_leaves(interface(model, key)):
        if name not in seen:
            seen.add(name)
            yield name


def output_nest(model: Json) -> Nest:
    """The names of a model's outputs, nested as they are."""
    return _names(interface(model, "output_layers"))


def _names(nest: Json) -> Nest:
    if isinstance(nest, Mapping):
        return {str(key): _names(value) for key, value in nest.items()}
    if _is_leaf(nest):
        return nest[0]
    return [_names(item) for item in nest] if isinstance(nest, (list, tuple)) else []


def _is_leaf(nest: Json) -> bool:
    """Whether this is [layer name, node index, tensor index]."""
    return (
        isinstance(nest, (list, tuple))
        and len(nest) >= 3
        and isinstance(nest[0], str)
        and isinstance(nest[1], int)
        and isinstance(nest[2], int)
    )


def tensor_leaves(nest: Json) -> Iterator[Sequence[Json]]:
    """The tensors of "input_layers" or "output_layers": [layer name, number of the call, number of the output]."""
    if isinstance(nest, Mapping):
        for key in sorted(nest):  # Keras flattens dictionaries in the order of their keys
            yield from tensor_leaves(nest[key])
    elif isinstance(nest, (list, tuple)):
        if _is_leaf(nest):
            yield nest
        else:
            for item in nest:
                yield from tensor_leaves(item)
