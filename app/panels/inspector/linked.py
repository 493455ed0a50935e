"""Parameters that Keras wants to agree with each other."""

from collections.abc import Mapping

from graph_editor.catalog.specs import Json

_OWN = frozenset({"name", "go_backwards"})


def linked_parameters(config: Mapping[str, Json], key: str, value: Json) -> dict[str, Json]:
    """Return what has to be set when `key` becomes `value`: itself, and what mirrors it.

    Keras writes the backward layer of a Bidirectional out even where it is only a mirror of the forward one, and
    refuses two that differ in how they return. A mirror therefore follows; one that was made different stays.
    """
    new_values = {key: value}
    forward, backward = config.get("layer"), config.get("backward_layer")
    if key == "layer" and isinstance(value, Mapping) and isinstance(backward, Mapping) and _mirrors(forward, backward):
        own = {name: backward["config"][name] for name in _OWN if name in backward["config"]}
        mirrored = {**value["config"], "go_backwards": not value["config"].get("go_backwards", False)}
        new_values["backward_layer"] = {**value, "config": {**mirrored, **own}}
    return new_values


def _mirrors(forward: Json, backward: Mapping[str, Json]) -> bool:
    if not isinstance(forward, Mapping):
        return False
    return bool(forward.get("class_name") == backward.get("class_name") and _shared(forward) == _shared(backward))


def _shared(layer: Mapping[str, Json]) -> dict[str, Json]:
    return {name: item for name, item in layer.get("config", {}).items() if name not in _OWN}
