"""A vector with a place for each class: of words in the order of the alphabet, of whole numbers by size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from resources.python_code.parts import StepCode
from resources.python_code.pieces import number
from resources.python_code.preparing import COLUMN, TRAINING, by_function
from resources.text import Text
from resources.training.setting import Setting
from runtime.lazy import LazyModule
from runtime.step_kinds import StepKind
from runtime.step_samples import Array, Json, Layer, Sample, State, is_layer, keras_layer
from runtime.worker.data.preparing.lookup import ONE_HOT, count_tokens, encoded, encoded_shape, places, require_known
from runtime.worker.data.preparing.whole import whole_numbers

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

STEP: Final = StepKind(
    "one_hot",
    Text("One-hot"),
    Text("A vector with one place for each class: 1 at its own, 0 at the others."),
    ("category", "number"),
    80,
    (
        Setting[bool](
            "unknown",
            Text("place for unknown"),
            Text("One more place, the first one, for what the training part does not have. Not for outputs."),
            "bool",
            False,
            order=10,
            section="step",
        ),
    ),
    adapts=True,
)


def known(sample: Sample, _values: Mapping[str, Json]) -> State | None:
    """The classes of a column of words are those of the whole column."""
    return {"vocabulary": list(sample.categories)} if sample.categories else None


def adapt(blocks: Iterable[Array], sample: Sample, _values: Mapping[str, Json]) -> State:
    numbers = (block if sample.words else whole_numbers(block, STEP.title) for block in blocks)
    state = count_tokens(numbers, STEP.title, 0, None, "" if sample.words else None)
    counted = sorted(zip(state["vocabulary"], state["counts"], strict=True))
    return {"vocabulary": [token for token, _ in counted], "counts": [count for _, count in counted]}


def result(sample: Sample, values: Mapping[str, Json], state: State | None) -> Sample:
    state = known(sample, values) if state is None else state
    depth = (len(state["vocabulary"]) if state else 1) + int(values["unknown"])
    return Sample(encoded_shape(sample, ONE_HOT, depth), "float32", "number")


def apply(array: Array, sample: Sample, values: Mapping[str, Json], state: State | None) -> Array:
    """Raises StepError for what has no place."""
    assert state is not None
    tokens = array if sample.words else whole_numbers(array, STEP.title)
    mask = "" if sample.words else None
    found = places(tokens, state["vocabulary"], int(values["unknown"]), mask, masked=False)
    require_known(found, tokens, STEP.title)
    return encoded(found, ONE_HOT, len(state["vocabulary"]) + int(values["unknown"]))


def layer(sample: Sample, values: Mapping[str, Json], state: State | None) -> Layer | None:
    config: dict[str, Json] = {"output_mode": ONE_HOT, "num_oov_indices": int(values["unknown"])}
    if sample.words:
        config["mask_token"] = ""
    if state is not None:
        config["vocabulary"] = list(state["vocabulary"])
    return keras_layer("StringLookup" if sample.words else "IntegerLookup", config)


def code(values: Mapping[str, Json]) -> StepCode:
    return by_function("one_hot", COLUMN, TRAINING, number(bool(values["unknown"])))


def settings_of(written: Layer) -> dict[str, Json] | None:
    config = written["config"]
    if not (is_layer(written, "StringLookup") or is_layer(written, "IntegerLookup")) or config.get("invert"):
        return None
    unknown = config.get("num_oov_indices", 1)
    plain = config.get("output_mode") == ONE_HOT and unknown in (0, 1) and config.get("max_tokens") is None
    return {"unknown": bool(unknown)} if plain else None
