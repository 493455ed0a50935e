"""Three equal channels of a grey one, for models that take colours: `keras.ops.repeat`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from resources.python_code.parts import StepCode
from resources.python_code.pieces import call, library, number
from resources.python_code.preparing import COLUMN
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.step_kinds import StepKind
from runtime.step_samples import (
    Array,
    Json,
    Layer,
    Sample,
    State,
    is_layer,
    keras_layer,
    require_picture,
)

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

_CHANNELS: Final = 3
STEP: Final = StepKind(
    "colour",
    Text("Three channels"),
    Text("Repeats the channel of grey pictures three times, for models that were trained on colours."),
    ("image",),
    200,
)


def result(sample: Sample, _values: Mapping[str, Json], _state: State | None) -> Sample:
    require_picture(sample, STEP.title, (1,))
    return Sample((*sample.shape[:2], _CHANNELS), sample.dtype, sample.kind)


def apply(array: Array, _sample: Sample, _values: Mapping[str, Json], _state: State | None) -> Array:
    return np.repeat(array, _CHANNELS, axis=-1)


def layer(_sample: Sample, _values: Mapping[str, Json], _state: State | None) -> Layer | None:
    return keras_layer("Repeat", {"repeats": _CHANNELS, "axis": -1}, "keras.src.ops.numpy")


def code(_values: Mapping[str, Json]) -> StepCode:
    return StepCode(call(library("np.repeat"), COLUMN, number(_CHANNELS), axis=number(-1)))


def settings_of(written: Layer) -> dict[str, Json] | None:
    config = written["config"]
    same = is_layer(written, "Repeat") and config.get("repeats") == _CHANNELS and config.get("axis") in (-1, 3)
    return {} if same else None
