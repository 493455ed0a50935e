"""Leave samples out that have no value in this column. Which ones is worked out for the source as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from resources.python_code.parts import StepCode
from resources.python_code.preparing import COLUMN
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.step_kinds import StepKind
from runtime.step_samples import Array, Json, Layer, Sample, State

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

STEP: Final = StepKind(
    "drop_missing",
    Text("Drop missing"),
    Text("Leaves out the samples that have no value in this column, in all columns."),
    ("number", "category", "text", "date", "sequence"),
    50,
    inside=False,
    why_before=Text("A model cannot leave samples out."),
)


def result(sample: Sample, _values: Mapping[str, Json], _state: State | None) -> Sample:
    return sample


def kept(array: Array) -> Array:
    """Which samples have a value everywhere, bool of the shape (samples,)."""
    rows = array.reshape(len(array), -1)
    if array.dtype == object:
        return np.asarray((rows != "").all(axis=1))
    return np.asarray(~np.isnan(rows).any(axis=1) if array.dtype.kind == "f" else np.ones(len(array), bool))


def apply(array: Array, _sample: Sample, _values: Mapping[str, Json], _state: State | None) -> Array:
    return array


def layer(_sample: Sample, _values: Mapping[str, Json], _state: State | None) -> Layer | None:
    return None


def code(_values: Mapping[str, Json]) -> StepCode:
    """Nothing is left to do: `complete` has left them out."""
    return StepCode(COLUMN)


def settings_of(_written: Layer) -> dict[str, Json] | None:
    return None
