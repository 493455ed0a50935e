"""Layers that stand in several places of a model's config and are one object: same weights, same settings.

Keras marks them with one `shared_object_id`. The mark of the first place is lost when Keras copies it while it writes
(a layer in a wrapper or in a nested model), and other objects (initializers, policies) carry such marks as well, where
they mean nothing.
"""

import copy
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

Json = Any

SHARED: Final = "shared_object_id"
_MODELS: Final = ("Functional", "Sequential", "Model")
_BESIDE: Final = (SHARED, "build_config", "compile_config", "inbound_nodes", "name")  # not what the object itself is
_TENSOR: Final = "__keras_tensor__"
_NESTS: Final = (dict, list, tuple)
_WITHOUT_LAYERS: Final = frozenset({"keras.initializers", "keras.regularizers", "keras.constraints"})


def is_layer(entry: Json) -> bool:
    """Whether a value of a config describes a layer, a cell of an RNN or a model: what may have weights."""
    if not isinstance(entry, Mapping) or not isinstance(entry.get("config"), Mapping):
        return False
    named = entry.get("class_name") in _MODELS or entry.get("module") == "keras.layers"
    return isinstance(entry.get("class_name"), str) and (named or "trainable" in entry["config"])


def layers_in(tree: Json) -> Iterator[dict[str, Json]]:
    """Every layer that is described in a config, `tree` itself included, in the order in which it stands there."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if type(node) is dict:
            module = node.get("module")
            if isinstance(module, str) and (module in _WITHOUT_LAYERS or node.get("class_name") == "DTypePolicy"):
                continue
            if "config" in node and is_layer(node):
                yield node
            waiting += [value for value in reversed(node.values()) if type(value) in _NESTS]
        elif type(node) in _NESTS:
            waiting += reversed([value for value in node if type(value) in _NESTS])


def shared_id(entry: Mapping[str, Json]) -> int | None:
    number = entry.get(SHARED)
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def ids_in(tree: Json) -> Counter[int]:
    """How often each mark stands at a layer."""
    return Counter(number for entry in layers_in(tree) if (number := shared_id(entry)) is not None)


def is_shared(tree: Json) -> bool:
    """Whether some layer stands in several places."""
    return any(count > 1 for count in ids_in(tree).values())


def substance(entry: Mapping[str, Json]) -> str:
    """What two places of one layer have in common; equal texts mean equal layers."""
    return json.dumps([entry.get("class_name"), _bare(entry["config"])], sort_keys=True, default=str)


def _bare(value: Json) -> Json:
    if isinstance(value, Mapping):
        described = "class_name" in value and "config" in value
        return {key: _bare(item) for key, item in value.items() if not (described and key in _BESIDE)}
    return [_bare(item) for item in value] if isinstance(value, list | tuple) else value


def found_again(model: Json) -> Json:
    """The model with the marks that Keras lost while it wrote: a copy, or the very same when there is nothing to do.

    Keras marks a layer from the second time on that it meets it. So a mark that stands alone means that the layer was
    met before: the one layer before it that is the same in everything is that place.
    """
    lonely = {number for number, count in ids_in(model).items() if count == 1}
    if not lonely:
        return model
    result = copy.deepcopy(model)
    before: dict[str, list[dict[str, Json]]] = {}
    for entry in layers_in(result):
        number = shared_id(entry)
        if number in lonely:
            places = before.get(substance(entry), [])
            if len(places) == 1:
                places[0][SHARED] = number
        elif number is None:
            before.setdefault(substance(entry), []).append(entry)
    return result


def only_sound(model: Json, places: int = 2) -> None:
    """Leave marks only where they mean one layer: at layers, in so many places or more, with nothing different there.

    Changes `model` in place.
    """
    of_mark: dict[int, set[str]] = {}
    counts = ids_in(model)
    for entry in layers_in(model):
        number = shared_id(entry)
        if number is not None:
            of_mark.setdefault(number, set()).add(substance(entry))
    sound = {number for number, count in counts.items() if count >= places and len(of_mark[number]) == 1}
    for node in _objects(model):
        if SHARED in node and not (is_layer(node) and node[SHARED] in sound):
            del node[SHARED]


def _objects(tree: Json) -> Iterator[dict[str, Json]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting += node.values()
        elif isinstance(node, list | tuple):
            waiting += node


# Nodes of a layer that stands in several graphs


def shift_nodes(config: Mapping[str, Json], by: Mapping[str, int]) -> None:
    """Let a functional config count the nodes of some layers, by name, from another number on; in place."""
    for reference in _references(config):
        reference[1] += by.get(reference[0], 0)


def renamed(config: Mapping[str, Json], names: Mapping[str, str]) -> None:
    """Give layers of a functional config other names, wherever it refers to them; in place."""
    for reference in _references(config):
        reference[0] = names.get(reference[0], reference[0])
    for entry in config.get("layers", ()):
        entry["name"] = names.get(entry.get("name"), entry.get("name"))


def _references(config: Mapping[str, Json]) -> Iterator[list[Json]]:
    """Every [layer, node, tensor] by which a functional config refers to one of its own tensors."""
    for entry in config.get("layers", ()):
        for node in _objects(entry.get("inbound_nodes", [])):
            own = node.get("config") if node.get("class_name") == _TENSOR else None
            history = own.get("keras_history") if isinstance(own, Mapping) else None
            match history:
                case [str(), int(), *_]:  # whoever reads the config says what is wrong with others
                    yield history
    for key in ("input_layers", "output_layers"):
        yield from _leaves(config.get(key))


def counted_from_zero(model: Json) -> Json:
    """The model with the nodes of each graph counted from zero, a copy where that changes anything.

    Keras counts on where a layer was called in another graph before, so files that it can read do as well.
    """
    shifts = [(place, by) for place, by in _shifted(model, ()) if by]
    if not shifts:
        return model
    result = copy.deepcopy(model)
    for place, by in shifts:
        config = result
        for key in place:
            config = config[key]
        shift_nodes(config, by)
    return result


def _shifted(node: Json, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], dict[str, int]]]:
    """The place of each functional config, and by how much the nodes of its layers are to be counted lower."""
    if isinstance(node, Mapping):
        if isinstance(node.get("layers"), list) and "output_layers" in node:
            yield place, too_high(node)
        for key, value in node.items():
            yield from _shifted(value, (*place, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _shifted(value, (*place, index))


def too_high(config: Mapping[str, Json]) -> dict[str, int]:
    """By how much the nodes of the layers of a functional config are to be counted lower to begin with zero."""
    counts: dict[str, int] = {}
    models: set[str] = set()
    highest: dict[str, int] = {}

    def note(name: Json, node: Json) -> None:
        if isinstance(name, str) and isinstance(node, int):
            highest[name] = max(highest.get(name, 0), node)

    for entry in config["layers"]:
        if isinstance(entry, Mapping) and isinstance(entry.get("name"), str):
            inbound = entry.get("inbound_nodes")
            counts[entry["name"]] = len(inbound) if isinstance(inbound, list) else 0
            models |= {entry["name"]} if entry.get("class_name") == "Functional" else set()
            for node in _objects(inbound):
                own = node.get("config") if node.get("class_name") == _TENSOR else None
                history = own.get("keras_history") if isinstance(own, Mapping) else None
                if isinstance(history, list) and len(history) == 3:
                    note(history[0], history[1])
    for key in ("input_layers", "output_layers"):
        for name, node, _ in _leaves(config.get(key)):
            note(name, node - 1 if name in models and isinstance(node, int) else node)
    return {name: counts[name] - 1 - node for name, node in highest.items() if 0 < counts.get(name, 0) <= node}


def _leaves(nest: Json) -> Iterator[list[Json]]:
    match nest:
        case [str(), int(), int()] if isinstance(nest, list):
            yield nest
        case list():
            for item in nest:
                yield from _leaves(item)
        case dict():
            for item in nest.values():
                yield from _leaves(item)
