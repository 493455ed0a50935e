"""Stacks of Keras 1 and 2: the input that the first layer implies, and the names that inner stacks did not have."""

from collections.abc import Mapping
from typing import Any

from graph_editor.keras_format.files.legacy_objects import plain_dtype

Json = Any


def all_named(listed: list[Json]) -> list[Json]:
    """The entries of a model with a name for each; Keras 2.0 and before gave a stack inside of a model none."""
    taken = {name for entry in listed if (name := _given_name(entry))}
    named = []
    for entry in listed:
        if isinstance(entry, Mapping) and not _given_name(entry) and isinstance(entry.get("class_name"), str):
            base, number = entry["class_name"].lower(), 1
            while f"{base}_{number}" in taken:
                number += 1
            entry = {**entry, "name": f"{base}_{number}"}
            taken.add(entry["name"])
            if isinstance(entry.get("config"), Mapping):
                entry["config"] = {**entry["config"], "name": entry["name"]}
        named.append(entry)
    return named


def _given_name(entry: Json) -> str | None:
    if not isinstance(entry, Mapping):
        return None
    config = entry.get("config")
    name = entry.get("name") or (config.get("name") if isinstance(config, Mapping) else None)
    return name if isinstance(name, str) else None


def first_inputs(entry: Mapping[str, Json], layer: Mapping[str, Json]) -> list[dict[str, Json]]:
    """The inputs that the first layer or model of a stack implies; ``layer`` is ``entry`` in today's form.

    One for everything but a model with several inputs of its own; none where no shape is written.
    """
    name = str(layer["config"].get("name", layer.get("name", "layer")))
    inside = layer["config"].get("layers")
    if isinstance(inside, list):
        heads = [item for item in inside if item.get("class_name") == "InputLayer"]
        heads = heads[:1] if layer["class_name"] == "Sequential" else heads
        names = [f"{name}_input"] if len(heads) == 1 else [f"{name}_input_{i + 1}" for i in range(len(heads))]
        shapes = [(head["config"].get("batch_shape"), head["config"].get("dtype")) for head in heads]
        return [input_layer(one, *shape) for one, shape in zip(names, shapes, strict=True) if shape[0] is not None]
    config = entry.get("config")
    shape = _batch_shape(config) if isinstance(config, Mapping) else None
    if shape is None:
        return []
    assert isinstance(config, Mapping)
    return [input_layer(f"{name}_input", shape, config.get("input_dtype") or config.get("dtype"))]


def _batch_shape(config: Mapping[str, Json]) -> list[Json] | None:
    if isinstance(config.get("batch_input_shape"), list):
        return list(config["batch_input_shape"])
    return [None, *config["input_shape"]] if isinstance(config.get("input_shape"), list) else None


def input_layer(name: str, shape: Json, dtype: Json) -> dict[str, Json]:
    values = {"batch_shape": shape, "dtype": plain_dtype(dtype), "sparse": False, "ragged": False}
    config = {**values, "name": name, "optional": False}
    entry = {"module": "keras.layers", "class_name": "InputLayer", "config": config, "registered_name": None}
    return {**entry, "name": name, "inbound_nodes": []}


def tensor(name: str) -> dict[str, Json]:
    """What the only call of a layer gives, as Keras 3 writes it."""
    config = {"shape": [], "dtype": "float32", "keras_history": [name, 0, 0]}
    return {"class_name": "__keras_tensor__", "config": config}
