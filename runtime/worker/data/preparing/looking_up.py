"""What the steps StringLookup and IntegerLookup have in common: settings, what comes out, and Keras' config."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from resources.text import Text
from resources.training.setting import Setting
from runtime.step_samples import Json, Layer, Sample, State, is_layer, keras_layer
from runtime.worker.data.preparing.lookup import COUNT, INT, MULTI_HOT, encoded_shape, output_setting

UNKNOWN: Final = Setting[int](
    "num_oov_indices",
    Text("places for unknown"),
    Text("1: what the training part does not have gets a place of its own; 0: it is an error."),
    "int",
    1,
    order=30,
    section="step",
    minimum=0,
    maximum=1,
)
OUTPUT: Final = output_setting((INT, MULTI_HOT, COUNT))
USUAL: Final[Mapping[str, Json]] = {"max_tokens": None, "num_oov_indices": 1, "output_mode": INT}  # Keras' defaults


def depth(state: State | None, before: int) -> int:
    """The length of a vector; `before` counts the places before the vocabulary."""
    return (len(state["vocabulary"]) if state else 1) + before


def looked_up(sample: Sample, values: Mapping[str, Json], depth: int) -> Sample:
    if values["output_mode"] == INT:
        return Sample(sample.shape, "int64", "category")
    return Sample(encoded_shape(sample, values["output_mode"], depth), "float32", "number")


def config_of(values: Mapping[str, Json], **more: Json) -> dict[str, Json]:
    return {key: values[key] for key in USUAL} | more


def lookup_layer(class_name: str, config: Mapping[str, Json], state: State | None) -> Layer:
    return keras_layer(
        class_name, dict(config) if state is None else {**config, "vocabulary": list(state["vocabulary"])}
    )


def settings_of_layer(written: Layer, class_name: str, mask: Json) -> dict[str, Json] | None:
    """None for a layer that a step cannot stand for; `mask` is the only token that it may mask."""
    config = written["config"]
    values = {key: config.get(key, usual) for key, usual in USUAL.items()}
    plain = config.get("mask_token") in (None, mask) and not config.get("invert") and not config.get("salt")
    fits = plain and values["output_mode"] in (OUTPUT.choices or ()) and values["num_oov_indices"] in (0, 1)
    return values if is_layer(written, class_name) and fits else None
