"""Keep values within limits: `keras.ops.clip`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from resources.python_code.parts import StepCode
from resources.python_code.pieces import call, library, number
from resources.python_code.preparing import COLUMN
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
    StepError,
    is_layer,
    keras_layer,
    require_numbers,
)

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

STEP: Final = StepKind(
    "clip",
    Text("Clip"),
    Text("What is below the low end becomes it, what is above the high end becomes that."),
    ("number", "image", "audio", "sequence"),
    60,
    (
        Setting[float]("low", Text("low end"), Text("The smallest value that is left."), "float", 0.0,
                       order=10, section="step"),
        Setting[float]("high", Text("high end"), Text("The largest value that is left."), "float", 1.0,
                       order=20, section="step"),
    ),
    together=True,
)  # fmt: skip


def result(sample: Sample, values: Mapping[str, Json], _state: State | None) -> Sample:
    require_numbers(sample, STEP.title)
    if not values["low"] <= values["high"]:
        raise StepError(Text.of("{step}: the low end must not be above the high end.", step=STEP.title))
    return Sample(sample.shape, "float32", sample.kind)


def apply(array: Array, _sample: Sample, values: Mapping[str, Json], _state: State | None) -> Array:
    return np.clip(array, values["low"], values["high"]).astype(np.float32)


def layer(_sample: Sample, values: Mapping[str, Json], _state: State | None) -> Layer | None:
    return keras_layer("Clip", {"x_min": values["low"], "x_max": values["high"]}, "keras.src.ops.numpy")


def code(values: Mapping[str, Json]) -> StepCode:
    return StepCode(call(library("np.clip"), COLUMN, number(values["low"]), number(values["high"])))


def settings_of(written: Layer) -> dict[str, Json] | None:
    if not is_layer(written, "Clip"):
        return None
    low, high = written["config"].get("x_min"), written["config"].get("x_max")
    numbers = isinstance(low, int | float) and isinstance(high, int | float)
    return {"low": low, "high": high} if numbers else None
