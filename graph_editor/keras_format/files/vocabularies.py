"""The vocabularies in the assets of a `.keras` file, put beside the layers that they belong to.

Keras names a folder of the assets as the group of the layer's weights: by classes and their order, not by names.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from graph_editor.document.naming import snake_case
from graph_editor.document.vocabulary import INNER, LOOKUPS, VOCABULARIES, Vocabulary
from graph_editor.keras_format.reading import ConfigError
from resources.text import Text

Json = Any
Weights = Callable[[str], list[float] | None]

FILE: Final = "vocabulary.txt"
_MODELS: Final = ("Functional", "Sequential", "Model")
_OPERATIONS: Final = "keras.src.ops"
_LOOKUP: Final = "_lookup_layer"  # what a TextVectorization asks; it is written twice


def attach(model: Json, texts: Mapping[str, str], weights: Weights) -> list[str]:
    """Put each vocabulary into the entry of its layer; return the folders of those that are nobody's.

    `texts`: folder below the assets -> content of its vocabulary. `weights` gives the tf-idf weights in a group.
    Raises ConfigError.
    """
    left = dict(texts)
    for group, entry in _layers(model, ""):
        found: dict[str, Json] = {}
        for part, class_name, folders in _places(group, entry):
            text = next((left[folder] for folder in folders if folder in left), None)
            for folder in folders:
                left.pop(folder, None)
            if text is not None and class_name in LOOKUPS:
                words = _words(text, class_name, folders[-1])
                found[part] = Vocabulary(words, weights(folders[-1]) if _is_tf_idf(part, entry) else None).json()
        if found:
            entry[VOCABULARIES] = found
    return sorted(left)


def _layers(model: Json, prefix: str) -> Iterator[tuple[str, dict[str, Json]]]:
    """Every layer of a config, with the group that Keras gives it."""
    config = model.get("config") if isinstance(model, Mapping) else None
    entries = config.get("layers") if isinstance(config, Mapping) else None
    counts: dict[str, int] = {}
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict) or str(entry.get("module")).startswith(_OPERATIONS):
            continue
        entry.pop(VOCABULARIES, None)  # only what is in the assets
        name = snake_case(str(entry.get("class_name")))
        number = counts[name] = counts.get(name, -1) + 1
        group = f"{prefix}layers/{name}_{number}" if number else f"{prefix}layers/{name}"
        yield group, entry
        if entry.get("class_name") in _MODELS:
            yield from _layers(entry, f"{group}/")


def _places(group: str, entry: Mapping[str, Json]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Part of a layer, its class, and the folders in which its vocabulary may lie; the first one counts."""
    yield "", str(entry.get("class_name")), (f"{group}/{_LOOKUP}", group)
    inside = _inside(entry)
    if inside is not None:
        yield INNER, str(inside.get("class_name")), (f"{group}/{INNER}/{_LOOKUP}", f"{group}/{INNER}")


def _inside(entry: Mapping[str, Json]) -> Mapping[str, Json] | None:
    config = entry.get("config")
    inside = config.get(INNER) if isinstance(config, Mapping) else None
    return inside if isinstance(inside, Mapping) else None


def _is_tf_idf(part: str, entry: Mapping[str, Json]) -> bool:
    layer = _inside(entry) if part else entry
    config = layer.get("config") if layer is not None else None
    return isinstance(config, Mapping) and config.get("output_mode") in ("tf_idf", "tf-idf")


def _words(text: str, class_name: str, folder: str) -> list[str | int]:
    """As Keras reads them."""
    lines = text.splitlines()
    while lines and not lines[-1]:
        lines.pop()
    if class_name != "IntegerLookup":
        return list(lines)
    numbers: list[str | int] = []
    for number, line in enumerate(lines, 1):
        try:
            value = int(line) if len(line) < 30 else None
        except ValueError:
            value = None
        if value is None or not -(2**63) <= value < 2**63:
            raise ConfigError(f"assets/{folder}/{FILE}", Text("line {number} is no whole number.", {"number": number}))
        numbers.append(value)
    return numbers
