"""Which layers of a config have to see data before they do anything, and have seen none. Free of Keras."""

from collections.abc import Mapping
from typing import Any, Final

Json = Any
LOOKUPS: Final = ("StringLookup", "IntegerLookup", "TextVectorization")
VOCABULARIES: Final = "vocabularies"  # beside the config of a layer: part -> {"words": …, "idf_weights": …}
_KERAS: Final = ("keras.layers", "keras", None)


def adapts(entry: Mapping[str, Json]) -> bool:
    """Whether it is such a layer."""
    config = entry.get("config")
    if not isinstance(config, Mapping) or entry.get("module") not in _KERAS:
        return False
    kind = entry.get("class_name")
    if kind == "Normalization":
        return config.get("mean") is None
    if kind == "Discretization":
        return not config.get("bin_boundaries") and config.get("num_bins") is not None
    return kind in LOOKUPS and not config.get("vocabulary") and not entry.get(VOCABULARIES)


def unlearnt(model: Json) -> list[str]:
    """The names of such layers in a model, those of nested models with them."""
    config = model.get("config") if isinstance(model, Mapping) else None
    entries = config.get("layers") if isinstance(config, Mapping) else None
    names: list[str] = []
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, Mapping):
            if adapts(entry):
                names.append(str(entry.get("name") or entry["config"].get("name")))
            names += unlearnt(entry)
    return names
