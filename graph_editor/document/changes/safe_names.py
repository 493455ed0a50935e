"""Names that Keras cannot run, in a document that has them already: which they are, and what would mend them.

Names in the config of a layer (of the layer in a wrapper, of the cell of an RNN) are names as well.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from graph_editor.document.document import ROOT, Document
from graph_editor.document.edits import Edit, SetGraphName, SetName, SetParameters
from graph_editor.document.graph import Graph, Json, Operation
from graph_editor.document.naming import Namer, can_run, runs_under, snake_case
from resources.keras_names import is_model_name, safe_name

_GRAPH_KEYS: Final = ("input_layers", "output_layers")


def inner_names(operation: Operation) -> Iterator[str]:
    """Names of layers in the config of a layer that Keras cannot run."""
    for key, value in operation.config.items():
        if isinstance(value, (dict, list)) and key != "name":
            yield from _refused(value)


def safe_names(document: Document) -> list[Edit]:
    """Give every layer, and the model, a name that Keras can run; what it was called stays its title."""
    namer, edits = Namer(document), list[Edit]()
    for graph_id, graph in document.graphs.items():
        if graph_id == ROOT and not is_model_name(graph.name):
            edits.append(SetGraphName(safe_name(graph.name, "model"), title=graph.shown_name))
        edits += [edit for operation in graph.operations.values() for edit in _mended(graph, operation, namer)]
    return edits


def _mended(graph: Graph, operation: Operation, namer: Namer) -> Iterator[Edit]:
    if not can_run(operation):
        named = namer.named(graph, operation)
        yield SetName(operation.id, named.name, named.title)
    if any(True for _ in inner_names(operation)):
        config = {key: value for key, value in operation.config.items() if isinstance(value, (dict, list))}
        safe_config = {key: _safe(value) for key, value in config.items()}
        yield SetParameters(operation.id, {key: safe_config[key] for key in config if safe_config[key] != config[key]})


def _entry_name(value: Json) -> str | None:
    """What a serialised layer is called; None for anything else."""
    if not isinstance(value, Mapping) or not isinstance(value.get("class_name"), str):
        return None
    config = value.get("config")
    name = config.get("name") if isinstance(config, Mapping) else None
    return name if isinstance(name, str) and str(value.get("module") or "") != "keras" else None  # a dtype policy


def _runs(value: Mapping[str, Any], name: str) -> bool:
    return runs_under(name, str(value["class_name"]), str(value.get("module") or ""))


def _refused(value: Json) -> Iterator[str]:
    name = _entry_name(value)
    if name is not None and not _runs(value, name):
        yield name
    for part in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from _refused(part)


def _safe(value: Json) -> Json:
    """A value of a config with the names of all layers in it made safe, those of a model's layers unique in it."""
    if isinstance(value, list):
        return [_safe(part) for part in value]
    if not isinstance(value, Mapping):
        return value
    entry = {key: _safe(part) for key, part in value.items()}
    name = _entry_name(value)
    if name is None:
        return entry
    if not _runs(value, name):
        entry["config"] = {**entry["config"], "name": safe_name(name, snake_case(str(value["class_name"])))}
    layers = value["config"].get("layers")
    return {**entry, "config": _with_layers(entry["config"], layers)} if isinstance(layers, list) else entry


def _with_layers(config: Mapping[str, Json], before: list[Json]) -> Mapping[str, Json]:
    """A model's config with new names for its layers, which were ``before``, and in what names them: its tensors."""
    names = _new_names(before)
    if not names:
        return config
    layers = [_renamed(layer, _entry_name(old), names) for layer, old in zip(config["layers"], before, strict=True)]
    ends = {key: _pointing(config[key], names) for key in _GRAPH_KEYS if key in config}
    return {**config, "layers": layers, **ends}


def _renamed(layer: Json, old: str | None, names: Mapping[str, str]) -> Json:
    if not isinstance(layer, Mapping):
        return layer
    after = dict(layer)
    if old is not None and old in names:
        after["config"] = {**layer["config"], "name": names[old]}
    if layer.get("name") in names:
        after["name"] = names[layer["name"]]
    if "inbound_nodes" in layer:
        after["inbound_nodes"] = _pointing(layer["inbound_nodes"], names)
    return after


def _pointing(value: Json, names: Mapping[str, str]) -> Json:
    """Where a tensor comes from, [layer, node, tensor], wherever that stands."""
    match value:
        case [str(layer), int(), int(), *_] if layer in names:
            return [names[layer], *value[1:]]
        case list():
            return [_pointing(part, names) for part in value]
        case dict():
            return {key: _pointing(part, names) for key, part in value.items()}
    return value


def _new_names(layers: list[Json]) -> dict[str, str]:
    """New names of the layers of a model in a config, by their old ones."""
    names = [name for layer in layers if (name := _entry_name(layer)) is not None]
    taken, new_names = set(names), dict[str, str]()
    for layer, name in zip(layers, map(_entry_name, layers), strict=True):
        if name is None or _runs(layer, name):
            continue
        wish = safe_name(name, snake_case(str(layer["class_name"])))
        free, number = wish, 0
        while free in taken:
            number += 1
            free = f"{wish}_{number}"
        taken.add(free)
        new_names[name] = free
    return new_names
