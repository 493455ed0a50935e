"""Black around pictures: Keras' ZeroPadding2D."""

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
    is_layer,
    keras_layer,
    require_picture,
)

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

_SIDES: Final = ("top", "bottom", "left", "right")


def _side(key: str, title: Text, order: int) -> Setting[int]:
    return Setting[int](key, title, Text("In pixels."), "int", 0, order=order, section="step", minimum=0, maximum=4096)


STEP: Final = StepKind(
    "pad",
    Text("Pad"),
    Text("Puts black around each picture: 28×28 and 2 on each side make 32×32."),
    ("image", "mask"),
    180,
    (
        _side("top", Text("above"), 10),
        _side("bottom", Text("below"), 20),
        _side("left", Text("left"), 30),
        _side("right", Text("right"), 40),
    ),
)


def result(sample: Sample, values: Mapping[str, Json], _state: State | None) -> Sample:
    require_picture(sample, STEP.title)
    height = sample.shape[0] + values["top"] + values["bottom"]
    return Sample(
        (height, sample.shape[1] + values["left"] + values["right"], sample.shape[-1]), "float32", sample.kind
    )


def apply(array: Array, _sample: Sample, values: Mapping[str, Json], _state: State | None) -> Array:
    top, bottom, left, right = (values[side] for side in _SIDES)
    return np.pad(array, ((0, 0), (top, bottom), (left, right), (0, 0))).astype(np.float32)


def layer(_sample: Sample, values: Mapping[str, Json], _state: State | None) -> Layer | None:
    top, bottom, left, right = (values[side] for side in _SIDES)
    return keras_layer("ZeroPadding2D", {"padding": [[top, bottom], [left, right]]})


def code(values: Mapping[str, Json]) -> StepCode:
    top, bottom, left, right = (values[side] for side in _SIDES)
    return by_layer("ZeroPadding2D", {"padding": [[top, bottom], [left, right]]})


def settings_of(written: Layer) -> dict[str, Json] | None:
    padding = written["config"].get("padding")
    if not is_layer(written, "ZeroPadding2D") or written["config"].get("data_format") == "channels_first":
        return None
    if isinstance(padding, int):
        padding = [padding, padding]
    if not isinstance(padding, list | tuple) or len(padding) != 2:
        return None
    pairs = [[part, part] if isinstance(part, int) else list(part) for part in padding]
    return dict(zip(_SIDES, [*pairs[0], *pairs[1]], strict=True))
