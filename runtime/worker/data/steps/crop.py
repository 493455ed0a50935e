"""The middle of pictures: Keras' CenterCrop."""

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
    StepError,
    is_layer,
    keras_layer,
    require_picture,
)

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

STEP: Final = StepKind(
    "crop",
    Text("Crop"),
    Text("Keeps the middle of each picture."),
    ("image", "mask"),
    170,
    (
        Setting[int]("height", Text("height"), Text("In pixels."), "int", 64, order=10, section="step", minimum=1),
        Setting[int]("width", Text("width"), Text("In pixels."), "int", 64, order=20, section="step", minimum=1),
    ),
)


def result(sample: Sample, values: Mapping[str, Json], _state: State | None) -> Sample:
    require_picture(sample, STEP.title)
    if values["height"] > sample.shape[0] or values["width"] > sample.shape[1]:
        raise StepError(
            Text.of("{step}: pictures of {have} have no part of {wanted}.", step=STEP.title,
                    have=f"{sample.shape[0]}×{sample.shape[1]}", wanted=f"{values['height']}×{values['width']}")
        )  # fmt: skip
    return Sample((values["height"], values["width"], sample.shape[-1]), "float32", sample.kind)


def apply(array: Array, sample: Sample, values: Mapping[str, Json], _state: State | None) -> Array:
    top, left = (sample.shape[0] - values["height"]) // 2, (sample.shape[1] - values["width"]) // 2
    middle: Array = array[:, top : top + values["height"], left : left + values["width"]]
    return middle.astype(np.float32)


def layer(_sample: Sample, values: Mapping[str, Json], _state: State | None) -> Layer | None:
    return keras_layer("CenterCrop", {"height": values["height"], "width": values["width"]})


def code(values: Mapping[str, Json]) -> StepCode:
    return by_layer("CenterCrop", {"height": values["height"], "width": values["width"]})


def settings_of(written: Layer) -> dict[str, Json] | None:
    config = written["config"]
    if not is_layer(written, "CenterCrop") or config.get("data_format") == "channels_first":
        return None
    return {"height": config.get("height"), "width": config.get("width")}
