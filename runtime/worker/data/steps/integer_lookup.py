"""Whole numbers that are names (codes, ids) become places in a vocabulary: Keras' IntegerLookup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from resources.python_code.parts import StepCode
from resources.python_code.preparing import by_layer, of_column, of_training
from resources.text import Text
from runtime.step_kinds import StepKind
from runtime.step_samples import Array, Json, Layer, Sample, State, require_numbers
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
from runtime.worker.data.preparing.lookup import MAX_TOKENS, count_tokens, encoded, places, require_known
from runtime.worker.data.preparing.whole import whole_numbers

STEP: Final = StepKind(
    "integer_lookup",
    Text("Integer lookup"),
    Text("Numbers that are names, such as codes and ids, become places: the most frequent one first."),
    ("category", "number"),
    100,
    (MAX_TOKENS, UNKNOWN, OUTPUT),
    adapts=True,
)


def adapt(blocks: Iterable[Array], _sample: Sample, values: Mapping[str, Json]) -> State:
    numbers = (whole_numbers(block, STEP.title) for block in blocks)
    return count_tokens(numbers, STEP.title, values["num_oov_indices"], values["max_tokens"], None)


def result(sample: Sample, values: Mapping[str, Json], state: State | None) -> Sample:
    require_numbers(sample, STEP.title)
    return looked_up(sample, values, depth(state, values["num_oov_indices"]))


def apply(array: Array, _sample: Sample, values: Mapping[str, Json], state: State | None) -> Array:
    """Raises StepError for a number that has no place."""
    assert state is not None
    numbers = whole_numbers(array, STEP.title)
    found = places(numbers, state["vocabulary"], values["num_oov_indices"], None, masked=False)
    require_known(found, numbers, STEP.title)
    return encoded(found, values["output_mode"], depth(state, values["num_oov_indices"]))


def layer(_sample: Sample, values: Mapping[str, Json], state: State | None) -> Layer | None:
    return lookup_layer("IntegerLookup", config_of(values), state)


def code(values: Mapping[str, Json]) -> StepCode:
    given, learns = of_column("whole_numbers"), of_training("whole_numbers")
    return by_layer(
        "IntegerLookup", config_of(values), usual=USUAL, given=given, learns=learns, functions=("whole_numbers",)
    )


def settings_of(written: Layer) -> dict[str, Json] | None:
    return settings_of_layer(written, "IntegerLookup", mask=None)
