"""Into a range: the smallest value of the training part becomes one number, the largest another."""

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
from runtime.step_samples import (
    Array,
    Json,
    Layer,
    Sample,
    State,
    StepError,
    by_feature,
    floats,
    keras_layer,
    plain,
    require_numbers,
    some,
)

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

STEP: Final = StepKind(
    "to_range",
    Text("To a range"),
    Text("The smallest value of the training part becomes the low end, the largest the high end."),
    ("number", "sequence", "audio", "date"),
    30,
    (
        Setting[float]("low", Text("low end"), Text("What the smallest value becomes."), "float", 0.0,
                       order=10, section="step"),
        Setting[float]("high", Text("high end"), Text("What the largest value becomes."), "float", 1.0,
                       order=20, section="step"),
    ),
    adapts=True,
    inside=False,
    why_before=Text("Keras has no layer that learns a range: use Normalize inside the model, or Scale with numbers."),
)  # fmt: skip


def result(sample: Sample, values: Mapping[str, Json], _state: State | None) -> Sample:
    require_numbers(sample, STEP.title)
    if not values["low"] < values["high"]:
        raise StepError(Text.of("{step}: the low end must be below the high end.", step=STEP.title))
    return Sample(sample.shape, "float32", sample.kind if sample.kind in ("audio", "sequence") else "number")


def adapt(blocks: Iterable[Array], _sample: Sample, _values: Mapping[str, Json]) -> State:
    low: Array = np.array([np.inf])
    high: Array = np.array([-np.inf])
    for block in some(blocks, STEP.title):
        if len(block):
            part = by_feature(floats(block)).astype(np.float64)
            present = np.isfinite(part)
            low = np.minimum(low, np.where(present, part, np.inf).min(axis=0))
            high = np.maximum(high, np.where(present, part, -np.inf).max(axis=0))
    nothing = low > high  # of a feature that is missing everywhere
    return {"minimum": plain(np.where(nothing, 0.0, low)), "maximum": plain(np.where(nothing, 0.0, high))}


def apply(array: Array, _sample: Sample, values: Mapping[str, Json], state: State | None) -> Array:
    scale, offset = _line(values, state)
    scaled: Array = floats(array).astype(np.float64) * scale + offset
    return scaled.astype(np.float32)


def layer(_sample: Sample, values: Mapping[str, Json], state: State | None) -> Layer | None:
    if state is None:
        return None
    scale, offset = _line(values, state)
    if len(scale) == 1:
        return keras_layer("Rescaling", {"scale": float(scale[0]), "offset": float(offset[0])})
    return keras_layer("Rescaling", {"scale": plain(scale), "offset": plain(offset)})


def code(values: Mapping[str, Json]) -> StepCode:
    return by_function("to_range", COLUMN, TRAINING, number(values["low"]), number(values["high"]))


def settings_of(_written: Layer) -> dict[str, Json] | None:
    return None


def _line(values: Mapping[str, Json], state: State | None) -> tuple[Array, Array]:
    """By what to multiply and what to add. A feature of one value only becomes the low end."""
    assert state is not None
    low, high = np.array(state["minimum"], float), np.array(state["maximum"], float)
    width = high - low
    scale = np.where(width > 0, (values["high"] - values["low"]) / np.where(width > 0, width, 1.0), 0.0)
    return scale, values["low"] - low * scale
