"""A `model.json` of TensorFlow.js: its layers are those of Keras 2, its weights lie beside it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from graph_editor.keras_format.files import checked_json
from graph_editor.keras_format.files.legacy import no_model
from graph_editor.keras_format.reading import ConfigError
from resources.text import Text

Json = Any

_TOPOLOGY: Final = "modelTopology"
_MANIFEST: Final = "weightsManifest"
_AS_KERAS: Final = "2.0"  # what layers of TensorFlow.js itself are like


@dataclass(frozen=True, slots=True)
class Topology:
    """``training`` is what `compile` was given; ``weights`` whether all files that hold them are there."""

    model: Json
    training: Json
    keras_version: str
    weights: bool
    notes: tuple[Text, ...] = ()


def is_tensorflow_js(parsed: Json) -> bool:
    return isinstance(parsed, Mapping) and (_TOPOLOGY in parsed or _MANIFEST in parsed)


def topology(parsed: Mapping[str, Json], folder: Path) -> Topology:
    """Raises ConfigError."""
    found = parsed.get(_TOPOLOGY)
    if isinstance(found, str):
        found = checked_json.parse(found.encode(), _TOPOLOGY)
    if parsed.get("format") == "graph-model" or (isinstance(found, Mapping) and "node" in found):
        raise ConfigError("", _GRAPH_MODEL)
    if not isinstance(found, Mapping):
        raise ConfigError(_TOPOLOGY, Text("it is missing: this file of TensorFlow.js lists weights and no model."))
    model = found.get("model_config", found)
    if not isinstance(model, Mapping) or not isinstance(model.get("class_name"), str):
        raise ConfigError(_TOPOLOGY, no_model(model))
    versions = [str(place.get("keras_version", "")) for place in (found, model)]
    version = next((text for text in versions if re.match(r"\d+\.", text)), _AS_KERAS)
    missing = _missing(parsed.get(_MANIFEST), folder)
    listed = bool(parsed.get(_MANIFEST))
    notes = tuple(
        Text("{file}, which holds weights, is not beside it: training starts fresh.", {"file": name[:80]})
        for name in missing[:1]
    )
    return Topology(model, found.get("training_config"), version[:40], listed and not missing, notes)


_GRAPH_MODEL: Final = Text(
    "it is a graph model of TensorFlow.js, made of operations and no layers. Open the Keras model it was made from."
)


def _missing(manifest: Json, folder: Path) -> list[str]:
    """The files that the manifest names and that are not in the folder. Raises ConfigError for names that lead out."""
    missing = []
    for group in manifest if isinstance(manifest, list) else []:
        paths = group.get("paths") if isinstance(group, Mapping) else None
        for name in paths if isinstance(paths, list) else []:
            if not is_plain_name(name):
                raise ConfigError(_MANIFEST, Text("it names a file that is not beside it; such files are not opened."))
            if not (folder / name).is_file():
                missing.append(name)
    return missing


def is_plain_name(name: Json) -> bool:
    """Whether this is the name of a file and no way to another folder."""
    plain = isinstance(name, str) and bool(name) and not set(name) & set("\\:\0")
    return plain and PurePosixPath(name).name == name and name != ".."
