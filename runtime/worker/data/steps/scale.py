"""Multiply by a number and add one: grey values of 0 to 255 become 0 to 1, or -1 to 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from resources.python_code.parts import StepCode
from resources.python_code.preparing import by_layer
from resources.text import Text
from resources.training.setting import Setting
from runtime.lazy import LazyModule
from runtime.step_kinds import StepKind
from runtime.step_samples import (
    Array,
    Json,
    Layer,
    Sample,
    State,
    floats,
    is_layer,
    keras_layer,
    require_numbers,
)

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

STEP: Final = StepKind(
    "scale",
    Text("Scale"),
    Text("Multiplies by a number and adds one. 1/255 makes 0 to 1 of grey values, 1/127.5 and -1 make -1 to 1."),
    ("number", "image", "audio", "sequence"),
    10,
    (
        Setting[float]("scale", Text("times"), Text("What each value is multiplied by."), "float", 1 / 255,
                       order=10, section="step"),
        Setting[float]("offset", Text("plus"), Text("What is added after that."), "float", 0.0,
                       order=20, section="step"),
    ),
    together=True,
)  # fmt: skip


def result(sample: Sample, _values: Mapping[str, Json], _state: State | None) -> Sample:
    require_numbers(sample, STEP.title)
    return Sample(sample.shape, "float32", sample.kind if sample.kind != "category" else "number")


def apply(array: Array, _sample: Sample, values: Mapping[str, Json], _state: State | None) -> Array:
    scaled: Array = floats(array) * values["scale"] + values["offset"]
    return scaled.astype(np.float32, copy=False)


def layer(_sample: Sample, values: Mapping[str, Json], _state: State | None) -> Layer | None:
    return keras_layer("Rescaling", {"scale": values["scale"], "offset": values["offset"]})


def code(values: Mapping[str, Json]) -> StepCode:
    usual = {"offset": 0.0}
    return by_layer("Rescaling", {"scale": values["scale"], "offset": values["offset"]}, usual=usual)


def settings_of(written: Layer) -> dict[str, Json] | None:
    if not is_layer(written, "Rescaling"):
        return None
    values = {key: written["config"].get(key, default) for key, default in (("scale", 1.0), ("offset", 0.0))}
    return values if all(isinstance(value, int | float) for value in values.values()) else None
