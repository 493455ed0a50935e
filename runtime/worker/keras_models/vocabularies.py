"""Vocabularies that layers have learned of data: given to a model that was made from its config, which has none."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import keras

from resources.text import Text
from runtime.worker.keras_models.adapting_layers import VOCABULARIES
from runtime.worker.keras_models.reasons import explain
from runtime.worker.keras_models.weights_file import read_vocabulary
from runtime.worker.process.control import WorkerError

Json = Any

_INNER: Final = "layer"


def give_vocabularies(model: Any, written: Mapping[str, Json]) -> None:
    """Give the layers of `model` what stands beside their configs in `written`. Raises WorkerError."""
    layers = {layer.name: layer for layer in model.layers}
    config = written.get("config")
    entries = config.get("layers") if isinstance(config, Mapping) else None
    for entry in entries if isinstance(entries, list) else ():
        layer = layers.get(_name(entry))
        if layer is None:
            continue
        if isinstance(layer, keras.Model):
            give_vocabularies(layer, entry)
        listed = entry.get(VOCABULARIES)
        for part, vocabulary in listed.items() if isinstance(listed, Mapping) else ():
            _give(layer, part, vocabulary)


def learned_words(model: Any) -> list[tuple[list[Any], list[float]]]:
    """The words and tf-idf weights that are in no config, layer by layer."""
    return [_content(lookup) for _, lookup in _lookups(model) if _is_learned(lookup)]


def hand_over(model: Any, read: Any) -> tuple[Text, ...]:
    """Give `read`, made of the config of `model`, the vocabularies that no config has; say that its file lacks them."""
    names = []
    for (layer, mine), (_, theirs) in zip(_lookups(model), _lookups(read), strict=False):
        if _is_learned(mine):
            words, weights = _content(mine)
            theirs.set_vocabulary(words, weights[: len(words)] or None)
            names.append(layer.name)
    if not names:
        return ()
    text = Text(
        "The vocabulary of {layers} is not in this file: Keras keeps it in .keras files only.",
        {"layers": ", ".join(dict.fromkeys(names))},
    )
    return (text,)


def _lookups(model: Any) -> Iterator[tuple[Any, Any]]:
    """Each layer that looks words up, once, with what does so."""
    visited: set[int] = set()
    for layer in model.layers:
        found = _lookups(layer) if isinstance(layer, keras.Model) else ((layer, part) for part in _parts(layer))
        for owner, lookup in found:
            if id(lookup) not in visited:
                visited.add(id(lookup))
                yield owner, lookup


def _content(lookup: Any) -> tuple[list[Any], list[float]]:
    weights = lookup.idf_weights_const.numpy().tolist() if lookup.output_mode == "tf_idf" else []
    return lookup.get_vocabulary(), weights


def lacks_words(layer: Any) -> bool:
    return any(map(_has_no_words, _parts(layer)))


def take_words(layer: Any, file: Any, group: str, path: Path) -> None:
    """Give a layer that lacks words those that a `.keras` file keeps for its group, if it has any."""
    inner = f"{group}/{_INNER}" if hasattr(layer, _INNER) else group
    text = read_vocabulary(path, inner)
    if text is None:
        return
    words: list[Any] = text.splitlines()
    while words and not words[-1]:
        words.pop()
    for lookup in _parts(layer):
        if lookup.vocabulary_dtype != "string":
            words = [int(word) if word.lstrip("-").isdecimal() else word for word in words]
        weights = file.get(f"{inner}/vars/idf_weights") if lookup.output_mode == "tf_idf" else None
        _set(lookup, layer.name, words, None if weights is None else weights[: len(words)].tolist())


def require_vocabularies(model: Any) -> None:
    """Raises WorkerError for a layer that would stop at the first word."""
    for layer, lookup in _lookups(model):
        if _has_no_words(lookup):
            text = Text(
                "{layer} has no vocabulary: it was never adapted to data. Open a .keras file that has it.",
                {"layer": layer.name},
            )
            raise WorkerError(text)


def _parts(layer: Any) -> Iterator[Any]:
    """The layer that looks words up in a layer: it itself, the one inside a wrapper, that of a TextVectorization."""
    inner = getattr(layer, _INNER, layer)
    found = getattr(inner, "_lookup_layer", inner)
    if getattr(found, "lookup_table", None) is not None:
        yield found


def _has_no_words(lookup: Any) -> bool:
    return int(lookup.lookup_table.size()) == 0


def _is_learned(lookup: Any) -> bool:
    return lookup.input_vocabulary is None and not _has_no_words(lookup)


def _name(entry: Json) -> str:
    if not isinstance(entry, Mapping):
        return ""
    config = entry.get("config")
    return str(entry.get("name") or (config.get("name") if isinstance(config, Mapping) else ""))


def _give(layer: Any, part: str, vocabulary: Json) -> None:
    target = getattr(layer, _INNER, None) if part == _INNER else layer
    words = vocabulary.get("words") if isinstance(vocabulary, Mapping) else None
    if not hasattr(target, "set_vocabulary") or not isinstance(words, list) or not words:
        raise WorkerError(Text("{layer} has a vocabulary that is none.", {"layer": layer.name}))
    weights = vocabulary.get("idf_weights")
    _set(target, layer.name, words, weights if isinstance(weights, list) else None)


def _set(target: Any, name: str, words: list[Any], weights: list[float] | None) -> None:
    if weights is not None:
        weights = weights[: len(words)]  # Keras fills up to max_tokens with zeros, and stumbles over them
    try:
        target.set_vocabulary(words, weights)
    except Exception as error:
        reason, detail = explain(error, name)
        text = Text("{layer} does not take its vocabulary: {reason}", {"layer": name, "reason": reason})
        raise WorkerError(text, detail) from error
