"""Mean 0 and deviation 1, learnt of the training part: Keras' Normalization."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from resources.python_code.parts import StepCode
from resources.python_code.preparing import by_layer, of_training
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
    by_feature,
    floats,
    is_layer,
    keras_layer,
    plain,
    require_numbers,
    some,
)

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

EPSILON: Final = 1e-7  # of Keras: what has no deviation is not divided by zero
STEP: Final = StepKind(
    "normalize",
    Text("Normalize"),
    Text("Takes the mean away and divides by the deviation; both are learnt of the training part."),
    ("number", "image", "audio", "sequence"),
    20,
    (
        Setting[bool](
            "each",
            Text("each feature"),
            Text("On: a mean for each place of the last axis, as for each colour of pictures. Off: one for all."),
            "bool",
            True,
            order=10,
            section="step",
        ),
    ),
    adapts=True,
    together=True,
)


def result(sample: Sample, _values: Mapping[str, Json], _state: State | None) -> Sample:
    require_numbers(sample, STEP.title)
    return Sample(sample.shape, "float32", sample.kind if sample.kind != "category" else "number")


def adapt(blocks: Iterable[Array], _sample: Sample, values: Mapping[str, Json]) -> State:
    """Mean and variance of all blocks, joined as Chan et al. join parts: the same whatever the blocks are.

    Values are taken as distances from one near all of them, so that nothing is lost of large ones. Missing ones (NaN)
    are passed over.
    """
    near: Array | None = None
    mean: Array = np.zeros(1)
    squares: Array = np.zeros(1)
    count: Array = np.zeros(1, np.int64)
    for block in some(blocks, STEP.title):
        if not len(block):
            continue
        part = (by_feature(block) if values["each"] else block.reshape(-1, 1)).astype(np.float64)
        present = np.isfinite(part)
        new = present.sum(axis=0)
        if near is None:
            near = np.where(present, part, 0.0).sum(axis=0) / np.maximum(new, 1)
        part = part - near
        filled = np.where(present, part, 0.0)
        part_mean = filled.sum(axis=0) / np.maximum(new, 1)
        part_squares = (np.where(present, part - part_mean, 0.0) ** 2).sum(axis=0)
        total = np.maximum(count + new, 1)
        shift = part_mean - mean
        squares = squares + part_squares + shift**2 * (count * new / total)
        mean = mean + shift * (new / total)
        count = count + new
    mean = mean + (0.0 if near is None else near)
    return {"mean": plain(mean), "variance": plain(squares / np.maximum(count, 1)), "count": plain(count)}


def apply(array: Array, _sample: Sample, _values: Mapping[str, Json], state: State | None) -> Array:
    assert state is not None
    mean, variance = np.array(state["mean"]), np.array(state["variance"])
    numbers = floats(array)
    mean, variance = mean.astype(numbers.dtype), variance.astype(numbers.dtype)
    shifted: Array = (numbers - mean) / np.maximum(np.sqrt(variance), EPSILON)
    return shifted.astype(np.float32, copy=False)


def layer(_sample: Sample, values: Mapping[str, Json], state: State | None) -> Layer | None:
    config: dict[str, Json] = {"axis": -1 if values["each"] else None}
    if state is not None:
        alone = len(state["mean"]) == 1
        config |= {key: state[key][0] if alone else state[key] for key in ("mean", "variance")}
    return keras_layer("Normalization", config)


def code(values: Mapping[str, Json]) -> StepCode:
    learns = of_training("without_gaps")
    config = {"axis": -1 if values["each"] else None}
    return by_layer("Normalization", config, usual={"axis": -1}, learns=learns, functions=("without_gaps",))


def settings_of(written: Layer) -> dict[str, Json] | None:
    config = written["config"]
    if not is_layer(written, "Normalization") or config.get("invert"):
        return None
    axis = config.get("axis", -1)
    if axis in (-1, [-1], (-1,)):
        return {"each": True}
    return {"each": False} if axis is None else None
