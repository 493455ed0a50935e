"""Grey pictures of coloured ones: `keras.ops.image.rgb_to_grayscale`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from resources.python_code.parts import StepCode
from resources.python_code.pieces import attribute, call, library, name, quoted
from resources.python_code.preparing import COLUMN, THROUGH
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

_WEIGHTS: Final = (0.2989, 0.587, 0.114)  # of red, green and blue, as Keras has them
STEP: Final = StepKind(
    "grey", Text("Grey"), Text("Makes grey pictures of coloured ones: one channel in place of three."), ("image",), 190
)


def result(sample: Sample, _values: Mapping[str, Json], _state: State | None) -> Sample:
    require_picture(sample, STEP.title, (3,))
    return Sample((*sample.shape[:2], 1), "float32", sample.kind)


def apply(array: Array, _sample: Sample, _values: Mapping[str, Json], _state: State | None) -> Array:
    grey: Array = array.astype(np.float32) @ np.array(_WEIGHTS, np.float32)
    return grey[..., None]


def layer(_sample: Sample, _values: Mapping[str, Json], _state: State | None) -> Layer | None:
    return keras_layer("RGBToGrayscale", {}, "keras.src.ops.image")


def code(_values: Mapping[str, Json]) -> StepCode:
    floats = call(attribute(COLUMN, "astype"), quoted("float32"))
    return StepCode(call(name(THROUGH), library("keras.ops.image.rgb_to_grayscale"), floats))


def settings_of(written: Layer) -> dict[str, Json] | None:
    grey = is_layer(written, "RGBToGrayscale") and written["config"].get("data_format") != "channels_first"
    return {} if grey else None
