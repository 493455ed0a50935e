"""The logarithm, of the value or of one more than it: `keras.ops.log`, `keras.ops.log1p`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from resources.python_code.parts import StepCode
from resources.python_code.pieces import attribute, call, library, quoted
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
    "log",
    Text("Logarithm"),
    Text("For values that span several powers of ten, such as prices and counts."),
    ("number", "sequence"),
    70,
    (
        Setting[bool]("plus_one", Text("plus one"),
                      Text("The logarithm of one more than the value, so that 0 stays 0."), "bool", True,
                      order=10, section="step"),
    ),
    together=True,
)  # fmt: skip


def result(sample: Sample, _values: Mapping[str, Json], _state: State | None) -> Sample:
    require_numbers(sample, STEP.title)
    return Sample(sample.shape, "float32", "number" if sample.kind == "category" else sample.kind)


def apply(array: Array, _sample: Sample, values: Mapping[str, Json], _state: State | None) -> Array:
    """Raises StepError for what has no logarithm."""
    numbers = floats(array)
    least = -1 if values["plus_one"] else 0
    bad = numbers <= least
    if bad.any():
        value = float(numbers.reshape(-1)[int(np.argmax(bad.reshape(-1)))])
        raise StepError(
            Text.of("{step}: {value} has no logarithm. Clip comes before it.", step=STEP.title, value=f"{value:g}")
        )
    found: Array = np.log1p(numbers) if values["plus_one"] else np.log(numbers)
    return found.astype(np.float32)


def layer(_sample: Sample, values: Mapping[str, Json], _state: State | None) -> Layer | None:
    return keras_layer("Log1p" if values["plus_one"] else "Log", {}, "keras.src.ops.numpy")


def code(values: Mapping[str, Json]) -> StepCode:
    floats = call(attribute(COLUMN, "astype"), quoted("float64"))
    return StepCode(call(library("np.log1p" if values["plus_one"] else "np.log"), floats))


def settings_of(written: Layer) -> dict[str, Json] | None:
    if is_layer(written, "Log1p"):
        return {"plus_one": True}
    return {"plus_one": False} if is_layer(written, "Log") else None
