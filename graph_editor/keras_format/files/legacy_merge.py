"""`Merge` of Keras 1, which had a mode for each layer of today; a stack could begin with one, and held its branches."""

from collections.abc import Mapping
from typing import Any, Final

from graph_editor.keras_format.files.legacy_objects import Tell
from resources.text import Text

Json = Any
Config = dict[str, Json]

MERGE: Final = "Merge"
_LAYERS: Final = {"sum": "Add", "mul": "Multiply", "ave": "Average", "max": "Maximum", "concat": "Concatenate"}
_PRODUCTS: Final = ("dot", "cos")
_KEPT: Final = ("name", "trainable", "dtype")


def merge_layer(config: Mapping[str, Json], tell: Tell) -> tuple[str, Config]:
    """The layer of today for the mode; one that has none, as a function of one's own, stays a Merge and is told."""
    mode = config.get("mode", "sum")
    layer = str(config.get("name", MERGE))
    kept = {key: config[key] for key in _KEPT if key in config}
    if config.get("mode_type", "raw") != "raw" or not isinstance(mode, str):
        tell(
            Text(
                "{layer} merges with a function of its own, which is not in the file: put a layer in its place.",
                {"layer": layer},
            )
        )
        return MERGE, dict(config)
    if mode in _LAYERS:
        axis = {"axis": config.get("concat_axis", -1)} if mode == "concat" else {}
        return _LAYERS[mode], {**kept, **axis}
    axes = _axes(config.get("dot_axes", -1))
    if mode in _PRODUCTS and axes is not None:
        if mode == "cos":
            text = Text(
                "{layer}: “cos” of Keras 1 gave one axis more than Dot, of length 1; the numbers are the same.",
                {"layer": layer},
            )
            tell(text)
        return "Dot", {**kept, "axes": axes, "normalize": mode == "cos"}
    tell(
        Text("{layer}: nothing of Keras 3 merges as “{mode}” with these axes did.", {"layer": layer, "mode": mode[:40]})
    )
    return MERGE, dict(config)


def _axes(value: Json) -> Json:
    """Which axes Dot multiplies along: one for both tensors, or one for each; None where there are several each."""
    match value:
        case int():
            return value
        case [int(one), int(other)]:
            return [one, other]
        case [[int(one)], [int(other)]]:
            return [one, other]
    return None


def begins_with_merge(listed: list[Json]) -> bool:
    """Whether a stack of Keras 1 begins with branches."""
    first = listed[0] if listed else None
    if (
        not isinstance(first, Mapping)
        or first.get("class_name") != MERGE
        or not isinstance(first.get("config"), Mapping)
    ):
        return False
    branches = first["config"].get("layers")
    return isinstance(branches, list) and bool(branches)
