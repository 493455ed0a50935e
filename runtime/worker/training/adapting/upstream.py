"""The part of a model that leads to one of its layers, as a config of its own. Free of Keras."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

Json = Any
_TENSOR: Final = "__keras_tensor__"


def is_stack(config: Mapping[str, Json]) -> bool:
    """Whether it is that of a Sequential, whose layers follow one another."""
    return "input_layers" not in config


def word_inputs(model: Mapping[str, Json]) -> list[str]:
    """The inputs of a model that take words as they are."""
    return [
        entry_name(entry)
        for entry in model["config"]["layers"]
        if entry.get("class_name") == "InputLayer" and entry["config"].get("dtype") == "string"
    ]


def entry_name(entry: Mapping[str, Json]) -> str:
    return str(entry.get("name") or entry.get("config", {}).get("name"))


def histories(node: Json) -> Iterator[list[Json]]:
    """The tensors in the arguments of a call: [layer, number of the call, number of the output]."""
    if isinstance(node, Mapping):
        if node.get("class_name") == _TENSOR:
            yield list(node["config"]["keras_history"])
            return
        node = list(node.values())
    if isinstance(node, list | tuple):
        for item in node:
            yield from histories(item)


def sources(config: Mapping[str, Json], name: str) -> list[list[Json]]:
    """The tensors that the first call of a layer gets."""
    entries = list(config["layers"])
    if is_stack(config):
        names = [entry_name(entry) for entry in entries]
        place = names.index(name)
        return [[names[place - 1], 0, 0]] if place else []
    entry = next(entry for entry in entries if entry_name(entry) == name)
    nodes = entry.get("inbound_nodes") or ()
    return list(histories(nodes[0])) if nodes else []


def in_order(config: Mapping[str, Json]) -> list[str]:
    """The names of the layers, each behind those that feed its first call."""
    found: dict[str, None] = {}
    known = {entry_name(entry) for entry in config["layers"]}

    for first in (entry_name(entry) for entry in config["layers"]):
        waiting = [first]
        while waiting:
            name = waiting[-1]
            missing = [source for source, *_ in sources(config, name) if source in known and source not in found]
            if name in found or not missing or len(waiting) > len(known):
                waiting.pop()
                found[name] = None
            else:
                waiting += missing
    return list(found)


def leading_to(model: Mapping[str, Json], tensor: list[Json]) -> dict[str, Json]:
    """The model that ends in `tensor`."""
    config = model["config"]
    if is_stack(config):
        names = [entry_name(entry) for entry in config["layers"]]
        stop = names.index(tensor[0]) + 1
        return {**model, "config": {**_bare(config), "layers": list(config["layers"])[:stop]}}
    entries = {entry_name(entry): entry for entry in config["layers"]}
    needed: dict[str, int] = {}  # layer -> how many of its calls are needed
    waiting = [tensor]
    while waiting:
        name, call, _ = waiting.pop()
        for number in range(needed.get(name, 0), call + 1):
            nodes = entries[name].get("inbound_nodes") or ()
            waiting += list(histories(nodes[number])) if number < len(nodes) else []
        needed[name] = max(needed.get(name, 0), call + 1)
    layers = [
        {**entry, "inbound_nodes": list(entry.get("inbound_nodes") or ())[: needed[name]]}
        for name, entry in entries.items()
        if name in needed
    ]
    inputs = [[name, 0, 0] for name in needed if entries[name].get("class_name") == "InputLayer"]
    ends = {"input_layers": inputs[0] if len(inputs) == 1 else inputs, "output_layers": tensor}
    return {**model, "config": {**_bare(config), "layers": layers, **ends}}


def _bare(config: Mapping[str, Json]) -> dict[str, Json]:
    return {key: value for key, value in config.items() if key not in ("build_input_shape", "build_config")}
