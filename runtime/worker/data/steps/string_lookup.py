"""Words become their places in a vocabulary that is learnt of the training part: Keras' StringLookup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from resources.python_code.parts import StepCode
from resources.python_code.pieces import call, name
from resources.python_code.preparing import TRAINING_ROWS, by_layer, of_column
from resources.text import Text
from resources.training.setting import Setting
from runtime.step_kinds import StepKind
from runtime.step_samples import Array, Json, Layer, Sample, State, require_words
from runtime.worker.data.preparing.looking_up import (
    OUTPUT,
    UNKNOWN,
    USUAL,
    config_of,
    depth,
    looked_up,
    lookup_layer,
    settings_of_layer,
)
from runtime.worker.data.preparing.lookup import INT, MAX_TOKENS, count_tokens, encoded, places, require_known

_MASK: Final = ""
STEP: Final = StepKind(
    "string_lookup",
    Text("String lookup"),
    Text("Words become whole numbers: the most frequent word first. An Embedding takes them."),
    ("category", "text"),
    90,
    (
        MAX_TOKENS,
        UNKNOWN,
        Setting[bool]("mask", Text("mask missing"), Text("A missing word becomes 0, which layers may pass over."),
                      "bool", True, order=40, section="step"),
        OUTPUT,
    ),
    adapts=True,
)  # fmt: skip


def adapt(blocks: Iterable[Array], _sample: Sample, values: Mapping[str, Json]) -> State:
    return count_tokens(blocks, STEP.title, _before(values), values["max_tokens"], _mask(values))


def result(sample: Sample, values: Mapping[str, Json], state: State | None) -> Sample:
    require_words(sample, STEP.title)
    return looked_up(sample, values, depth(state, _before(values)))


def apply(array: Array, _sample: Sample, values: Mapping[str, Json], state: State | None) -> Array:
    """Raises StepError for a word that has no place."""
    assert state is not None
    masked = values["mask"] and values["output_mode"] == INT
    found = places(array, state["vocabulary"], values["num_oov_indices"], _mask(values), masked=masked)
    require_known(found, array, STEP.title)
    return encoded(found, values["output_mode"], depth(state, _before(values)))


def layer(_sample: Sample, values: Mapping[str, Json], state: State | None) -> Layer | None:
    return lookup_layer("StringLookup", config_of(values, mask_token=_mask(values)), state)


def code(values: Mapping[str, Json]) -> StepCode:
    config, usual = config_of(values, mask_token=_mask(values)), {**USUAL, "mask_token": None}
    learns = call(name("words_in"), TRAINING_ROWS)
    return by_layer("StringLookup", config, usual=usual, given=of_column("words_in"), learns=learns)


def settings_of(written: Layer) -> dict[str, Json] | None:
    values = settings_of_layer(written, "StringLookup", _MASK)
    return None if values is None else values | {"mask": written["config"].get("mask_token") is not None}


def _mask(values: Mapping[str, Json]) -> str | None:
    return _MASK if values["mask"] else None


def _before(values: Mapping[str, Json]) -> int:
    return int(values["num_oov_indices"]) + int(values["mask"] and values["output_mode"] == INT)
