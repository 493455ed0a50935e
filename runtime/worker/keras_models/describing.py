"""What Keras says of a model, with what it would lose while it writes: shared layers, and modules of custom code."""

import copy
import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import keras
from keras.src.saving import saving_lib, serialization_lib

from resources.shared_layers import is_shared, only_sound, renamed, shift_nodes
from runtime.worker.custom.registry import named_as_in_files
from runtime.worker.keras_models.sharing import Shifts, replaced, watched

Json = Any


def described(model: Any) -> Json:
    """The config of a model; a layer with several places is marked in all of them.

    Keras loses the first mark, and marks other objects by an address that may have been another's before.
    """
    met: list[Any] = []  # kept alive, so that no two objects have one address
    numbers: dict[int, int] = {}

    def mark(thing: Any, config: dict[str, Json]) -> None:
        if config["module"] == "__main__":
            config["module"] = None
        if isinstance(thing, keras.layers.Layer):
            met.append(thing)
            config["shared_object_id"] = numbers.setdefault(id(thing), len(numbers) + 1)

    with replaced(serialization_lib, "record_object_after_serialization", mark):
        config = keras.saving.serialize_keras_object(model)
    only_sound(config)
    named_as_in_files(config)
    return config


def comparable(config: Json) -> Json:
    """A config without what may differ between two loads of one model.

    These are the difference between lists and tuples, and the names of layers whose own config has none: Keras numbers
    them anew each time.
    """
    result = json.loads(json.dumps(config))
    for graph in _graphs(result):
        entries = graph["layers"]
        invented = {
            entry["name"]: f"#{index}"
            for index, entry in enumerate(entries)
            if isinstance(entry, dict) and "name" in entry and "name" not in entry.get("config", {})
        }
        renamed(graph, invented)
    return result


def _graphs(node: Json) -> Iterator[dict[str, Json]]:
    if isinstance(node, dict):
        if isinstance(node.get("layers"), list) and "output_layers" in node:
            yield node
        for value in node.values():
            yield from _graphs(value)
    elif isinstance(node, list):
        for value in node:
            yield from _graphs(value)


def save_model(model: Any, path: Path) -> None:
    """Write a `.keras` file, from which Keras makes the model again with its shared layers."""
    with written_whole():
        model.save(path)


def written_whole() -> AbstractContextManager[None]:
    """While this lasts, `.keras` files that Keras writes are as `save_model` writes them."""
    return replaced(saving_lib, "serialize_keras_object", _written)


def _written(model: Any) -> Json:
    config = described(model)
    if is_shared(config):
        return readable_by_keras(config)
    config = keras.saving.serialize_keras_object(model)
    named_as_in_files(config)
    return config


def readable_by_keras(config: Json) -> Json:
    """A copy in which graphs count the nodes of a shared layer as Keras does while it reads."""
    result = copy.deepcopy(config)
    if not is_shared(result):
        return result
    consumed = copy.deepcopy(result)
    twin = dict(_twins(consumed, result))

    def note(inner: Json, shifts: Shifts) -> None:
        shift_nodes(twin[id(inner)], shifts)

    with keras.StatelessScope(initialize_variables=False), watched(note):
        keras.saving.deserialize_keras_object(consumed, safe_mode=True)
    return result


def _twins(one: Json, other: Json) -> Iterator[tuple[int, Json]]:
    """Objects of a config by their address, with those at the same place of another."""
    if isinstance(one, Mapping):
        yield id(one), other
        for key in one:
            yield from _twins(one[key], other[key])
    elif isinstance(one, list | tuple):
        for item, twin in zip(one, other, strict=True):
            yield from _twins(item, twin)
