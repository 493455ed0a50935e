"""Pictures of one size: Keras' Resizing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from resources.python_code.parts import StepCode
from resources.python_code.pieces import attribute, call, quoted
from resources.python_code.preparing import COLUMN, by_layer
from resources.text import Text
from resources.training.choice_words import words_of
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
from runtime.worker.data.preparing.resizing import resized

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

STRETCH, CROP, PAD = "stretch", "crop", "pad"
LARGEST: Final = 16_384
STEP: Final = StepKind(
    "resize",
    Text("Resize"),
    Text("Makes pictures of one size. Masks take nearest, so that no class comes between two."),
    ("image", "mask"),
    160,
    (
        Setting[int]("height", Text("height"), Text("In pixels."), "int", 64, order=10, section="step", minimum=1,
                     maximum=LARGEST),
        Setting[int]("width", Text("width"), Text("In pixels."), "int", 64, order=20, section="step", minimum=1,
                     maximum=LARGEST),
        Setting[str]("aspect", Text("keep aspect"),
                     Text("stretch does not keep it, crop cuts what stands over, pad puts black beside."),
                     "choice", STRETCH, order=30, section="step", choices=(STRETCH, CROP, PAD),
                     words=words_of({STRETCH: Text("stretch"), CROP: Text("crop"), PAD: Text("pad")})),
        Setting[str]("interpolation", Text("interpolation"), Text("How new pixels are made of old ones."), "choice",
                     "bilinear", order=40, section="step", choices=("bilinear", "nearest"),
                     words=words_of({"bilinear": Text("bilinear"), "nearest": Text("nearest")})),
        Setting[bool]("antialias", Text("smooth"),
                      Text("Keeps fine patterns from flickering when pictures get smaller."),
                      "bool", False, order=50, section="step"),
    ),
)  # fmt: skip


def result(sample: Sample, values: Mapping[str, Json], _state: State | None) -> Sample:
    require_picture(sample, STEP.title)
    return Sample((values["height"], values["width"], sample.shape[-1]), "float32", sample.kind)


def apply(array: Array, _sample: Sample, values: Mapping[str, Json], _state: State | None) -> Array:
    height, width = values["height"], values["width"]
    if values["aspect"] == CROP:
        array = _cropped(array, height, width)
    elif values["aspect"] == PAD:
        array = _padded(array, height, width)
    return resized(array, height, width, values["interpolation"], values["antialias"]).astype(np.float32, copy=False)


def layer(_sample: Sample, values: Mapping[str, Json], _state: State | None) -> Layer | None:
    config = {key: values[key] for key in ("height", "width", "interpolation", "antialias")}
    config |= {"crop_to_aspect_ratio": values["aspect"] == CROP, "pad_to_aspect_ratio": values["aspect"] == PAD}
    return keras_layer("Resizing", config)


def code(values: Mapping[str, Json]) -> StepCode:
    config = {key: values[key] for key in ("height", "width", "interpolation", "antialias")}
    config |= {"crop_to_aspect_ratio": values["aspect"] == CROP, "pad_to_aspect_ratio": values["aspect"] == PAD}
    usual = {"interpolation": "bilinear"} | dict.fromkeys(
        ("antialias", "crop_to_aspect_ratio", "pad_to_aspect_ratio"), False
    )
    floats = call(attribute(COLUMN, "astype"), quoted("float32"))
    return by_layer("Resizing", config, usual=usual, given=floats)


def settings_of(written: Layer) -> dict[str, Json] | None:
    config = written["config"]
    if not is_layer(written, "Resizing") or config.get("data_format") == "channels_first" or config.get("fill_value"):
        return None
    values = {"height": config.get("height"), "width": config.get("width")}
    values["aspect"] = (
        CROP if config.get("crop_to_aspect_ratio") else PAD if config.get("pad_to_aspect_ratio") else STRETCH
    )
    values |= {"interpolation": config.get("interpolation", "bilinear"), "antialias": config.get("antialias", False)}
    fits = all(STEP.setting(key).takes(value) for key, value in values.items())  # type: ignore[union-attr]
    return values if fits else None


def _cropped(array: Array, height: int, width: int) -> Array:
    """The largest middle part of the aspect, rounded as Keras rounds."""
    high, wide = array.shape[1:3]
    new_high = max(min(high, int(np.float32(wide * height) / np.float32(width))), 1)
    new_wide = max(min(wide, int(np.float32(high * width) / np.float32(height))), 1)
    top, left = (high - new_high) // 2, (wide - new_wide) // 2
    return array[:, top : top + new_high, left : left + new_wide]


def _padded(array: Array, height: int, width: int) -> Array:
    """Black on both sides up to the aspect, as Keras has it: the same on each side."""
    high, wide = array.shape[1:3]
    new_high = max(high, int(np.float32(wide * height) / np.float32(width)))
    new_wide = max(wide, int(np.float32(high * width) / np.float32(height)))
    top, left = (new_high - high) // 2, (new_wide - wide) // 2
    return np.pad(array, ((0, 0), (top, top), (left, left), (0, 0))) if top or left else array
