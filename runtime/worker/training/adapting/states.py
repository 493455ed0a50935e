"""What each layer of Keras that adapts to data learns, and how it is given to the layer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from resources.text import Text
from runtime.step_samples import Array, Sample
from runtime.worker.data.preparing.eager import learnt_words
from runtime.worker.data.preparing.lookup import INT, count_tokens
from runtime.worker.data.preparing.whole import whole_numbers
from runtime.worker.data.steps import discretization, normalize
from runtime.worker.keras_models.adapting_layers import LOOKUPS, VOCABULARIES

Json = Any
State = dict[str, Json]


def learn(entry: Mapping[str, Json], blocks: Iterable[Array], name: Text) -> State:
    """The state of a layer for which `adapts` is true: exact where Keras estimates. Raises StepError, or as Keras."""
    config, kind = entry["config"], entry["class_name"]
    if kind == "Normalization" and _axis(config) in (-1, None):
        return normalize.adapt(blocks, Sample(()), {"each": _axis(config) == -1})
    if kind == "Discretization":
        return discretization.adapt(blocks, Sample(()), {"num_bins": config["num_bins"]})
    if kind == "TextVectorization":
        return learnt_words({"class_name": kind, "config": _arguments(config)}, blocks)
    if kind in LOOKUPS and config.get("output_mode", INT) != "tf_idf":
        words = kind == "StringLookup"
        mask = config.get("mask_token")
        places = config.get("num_oov_indices", 1) + (mask is not None and config.get("output_mode", INT) == INT)
        numbers = blocks if words else (whole_numbers(block, name) for block in blocks)
        return count_tokens(numbers, name, places, config.get("max_tokens"), mask)
    return _by_keras(entry, blocks)


def with_state(entry: Mapping[str, Json], state: State) -> dict[str, Json]:
    """The layer with all that has a place in or beside its config; only mean and variance have none."""
    config = dict(entry["config"])
    if entry["class_name"] == "Discretization":
        config["bin_boundaries"] = list(state["boundaries"])
    if entry["class_name"] not in LOOKUPS:
        return {**entry, "config": config}
    words = {"words": state["vocabulary"], "idf_weights": state.get("idf_weights")}
    config["vocabulary_size"] = len(state["vocabulary"]) + _places(entry)
    return {**entry, "config": config, VOCABULARIES: {"": words}}


def give(layer: Any, state: State) -> None:
    """Give a built layer what has no place in its config."""
    if "mean" in state:
        shape = layer.adapt_mean.shape
        layer.adapt_mean.assign(np.array(state["mean"], np.float32).reshape(shape))
        layer.adapt_variance.assign(np.array(state["variance"], np.float32).reshape(shape))
        layer.finalize_state()


def _places(entry: Mapping[str, Json]) -> int:
    """How many stand before the vocabulary: the mask, and what is unknown."""
    config = entry["config"]
    in_rows = config.get("output_mode", INT) == INT
    if entry["class_name"] == "TextVectorization":
        return 2 if in_rows else 1
    return int(config.get("num_oov_indices", 1)) + int(config.get("mask_token") is not None and in_rows)


def _axis(config: Mapping[str, Json]) -> Json:
    axis = config.get("axis", -1)
    return axis[0] if isinstance(axis, list | tuple) and len(axis) == 1 else axis


def _arguments(config: Mapping[str, Json]) -> dict[str, Json]:
    """Without what would make the layer take a vocabulary of this size only."""
    return {key: value for key, value in config.items() if key not in ("vocabulary_size", "name")}


def _by_keras(entry: Mapping[str, Json], blocks: Iterable[Array]) -> State:
    from runtime.worker.data.preparing.eager import tensor
    from runtime.worker.keras_models.build import make_operation

    config = {key: value for key, value in entry["config"].items() if key != "vocabulary_size"}
    layer, _ = make_operation({**entry, "config": config})
    layer.adapt(tensor(block) for block in blocks if len(block))
    if entry["class_name"] == "Normalization":
        return {key: np.array(getattr(layer, f"adapt_{key}")).tolist() for key in ("mean", "variance")}
    words = layer.get_vocabulary(include_special_tokens=False)
    state: State = {"vocabulary": [word.item() if isinstance(word, np.generic) else word for word in words]}
    if layer.output_mode == "tf_idf":
        state["idf_weights"] = [float(weight) for weight in layer.idf_weights_const.numpy()[-len(words) :]]
    return state
