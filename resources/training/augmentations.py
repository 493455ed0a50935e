"""The layers of Keras that pictures are augmented with: what each does to masks and labels, and how it is first set.

What parameters they have stands in the catalogue. Free of Keras.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from resources.text import Text

Json = Any
WHOLE_RANGE: Final = (0.0, 255.0)  # the values that Keras expects where it is not told
_CORNERS: Final = 4
_BRIGHT: Final = 128  # values that go above it are taken to go up to 255


class Strength(msgspec.Struct, frozen=True):
    """A parameter that a slider sets from 0 to `most`: as one number, or as two around `middle`."""

    parameter: str
    most: float = 1.0
    middle: float | None = None
    whole: bool = False  # from 1 on

    def value(self, strength: float) -> Json:
        """What is written for it."""
        if self.whole:
            return max(1, round(strength))
        if self.middle is None:
            return round(strength, 3)
        return [round(self.middle - strength, 3), round(self.middle + strength, 3)]

    def strength(self, value: Json) -> float:
        """How far the slider stands at a written value: 0 for what is no number."""
        ends = value if isinstance(value, list | tuple) else [value]
        numbers = [float(end) for end in ends if isinstance(end, int | float) and math.isfinite(end)]
        if not numbers:
            return 0.0
        middle = 0.0 if self.middle is None else self.middle
        return min(self.most, max(abs(number - middle) for number in numbers))


class AugmentationKind(msgspec.Struct, frozen=True):
    """`layer` is the class in `keras.layers`; `start` is its config when a person adds it.

    `moves`: what is in the picture is elsewhere then, and masks follow. `mixes`: samples of a batch come together, and
    their labels do. `masks`: whether Keras' layer handles masks; `boxes`: whether it handles bounding boxes. `colours`:
    it takes pictures of three channels. `ranged`: it has to know from where to where values go. `single`: it is run on
    one sample after the other.
    """

    layer: str
    strengths: tuple[Strength, ...] = ()
    start: dict[str, Json] = {}
    moves: bool = False
    mixes: bool = False
    masks: bool = True
    boxes: bool = False
    colours: bool = False
    ranged: bool = False
    single: bool = False


_FACTOR: Final = (Strength("factor"),)
AUGMENTATIONS: Final[tuple[AugmentationKind, ...]] = (
    AugmentationKind("RandomFlip", start={"mode": "horizontal"}, moves=True, boxes=True),
    AugmentationKind("RandomRotation", (Strength("factor", 0.5),), {"factor": 0.05}, moves=True, boxes=True),
    AugmentationKind(
        "RandomZoom", (Strength("height_factor", 0.9), Strength("width_factor", 0.9)), {"height_factor": 0.1},
        moves=True, boxes=True,
    ),
    AugmentationKind(
        "RandomTranslation",
        (Strength("height_factor"), Strength("width_factor")),
        {"height_factor": 0.1, "width_factor": 0.1},
        moves=True,
        boxes=True,
    ),
    AugmentationKind(
        "RandomShear",
        (Strength("x_factor"), Strength("y_factor")),
        {"x_factor": 0.1, "y_factor": 0.1},
        moves=True,
        boxes=True,
    ),
    AugmentationKind(
        "RandomPerspective",
        (*_FACTOR, Strength("scale")),
        {"factor": 1.0, "scale": 0.3},
        moves=True,
        boxes=True,
    ),
    AugmentationKind(
        "RandomElasticTransform",
        (*_FACTOR, Strength("scale")),
        {"factor": 1.0, "scale": 0.5},
        moves=True,
        ranged=True,
        single=True,
    ),
    AugmentationKind("RandomCrop", start={"height": 224, "width": 224}, moves=True, boxes=True),
    AugmentationKind("RandomErasing", _FACTOR, {"factor": 0.5}, ranged=True),
    AugmentationKind("RandomBrightness", _FACTOR, {"factor": 0.2}, ranged=True),
    AugmentationKind("RandomContrast", _FACTOR, {"factor": 0.2}, ranged=True),
    AugmentationKind(
        "RandomColorJitter",
        (
            Strength("brightness_factor"),
            Strength("contrast_factor"),
            Strength("saturation_factor", 0.5, 0.5),
            Strength("hue_factor"),
        ),
        {"brightness_factor": 0.2, "contrast_factor": 0.2, "saturation_factor": [0.4, 0.6], "hue_factor": 0.05},
        colours=True,
        ranged=True,
    ),
    AugmentationKind("RandomHue", _FACTOR, {"factor": 0.1}, colours=True, ranged=True),
    AugmentationKind(
        "RandomSaturation", (Strength("factor", 0.5, 0.5),), {"factor": [0.3, 0.7]}, colours=True, ranged=True
    ),
    AugmentationKind("RandomColorDegeneration", _FACTOR, {"factor": 0.5}, colours=True, ranged=True),
    AugmentationKind("RandomGrayscale", _FACTOR, {"factor": 0.3}, colours=True),
    AugmentationKind("RandomSharpness", (Strength("factor", 0.5, 0.5),), {"factor": [0.3, 0.7]}, ranged=True),
    AugmentationKind(
        "RandomGaussianBlur", (*_FACTOR, Strength("sigma")), {"factor": 0.5, "sigma": 1.0}, ranged=True
    ),
    AugmentationKind("RandomInvert", _FACTOR, {"factor": 0.5}, ranged=True),
    AugmentationKind("RandomPosterization", (Strength("factor", 8, whole=True),), {"factor": 4}, ranged=True),
    AugmentationKind(
        "Solarization",
        (Strength("addition_factor"), Strength("threshold_factor")),
        {"addition_factor": 0.2, "threshold_factor": 0.3},
        ranged=True,
    ),
    AugmentationKind("AutoContrast", ranged=True),
    AugmentationKind("Equalization", ranged=True),
    AugmentationKind("ContrastLimitedAdaptiveHistogramEqualization", ranged=True),
    AugmentationKind("RandAugment", _FACTOR, {"factor": 0.3}, moves=True, colours=True, ranged=True),
    AugmentationKind("AugMix", _FACTOR, {"factor": 0.3}, moves=True, masks=False, colours=True, ranged=True),
    AugmentationKind("CutMix", _FACTOR, {"factor": 1.0}, mixes=True, masks=False),
    AugmentationKind("MixUp", (Strength("alpha"),), {"alpha": 0.2}, mixes=True, masks=False),
)  # fmt: skip
LEFT_OUT: Final[Mapping[str, str]] = {  # of Keras' layers for pictures, with the reason
    "CenterCrop": "the step that crops does it, to all parts alike",
    "Resizing": "the step that resizes does it, to all parts alike",
    "MaxNumBoundingBoxes": "it changes boxes, and no picture",
}
BOX_FORMAT: Final = "bounding_box_format"  # the parameter that says how four numbers are a box
BOX_FORMATS: Final = (
    "xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw", "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh",
)  # fmt: skip
_RELATIVE: Final = "rel_"
# What parameters of these layers can be, where it is one of a few. Keras takes another mode without a word, and does
# nothing then. Pictures have their channels last.
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "mode": ("horizontal", "vertical", "horizontal_and_vertical"),
    "fill_mode": ("constant", "nearest", "wrap", "reflect"),
    "interpolation": ("nearest", "bilinear"),
    "data_format": ("channels_last",),
    "dtype": ("float32", "mixed_float16", "mixed_bfloat16", "float16", "bfloat16", "float64"),
    BOX_FORMAT: BOX_FORMATS,
}
_KERAS_OWN: Final = ("data_format", "dtype", BOX_FORMAT)  # without a value they are what Keras takes then
_BY_LAYER: Final = {kind.layer: kind for kind in AUGMENTATIONS}


def find_augmentation(layer: str) -> AugmentationKind | None:
    return _BY_LAYER.get(layer)


def unknown_augmentation(layer: str) -> Text:
    return Text("Pictures cannot be augmented with the layer {layer}.", {"layer": layer})


def wrong_choice(config: Mapping[str, Json]) -> str | None:
    """The first parameter whose value is none of those that it can have."""
    return next((name for name in CHOICES if name in config and not _is_choice(name, config[name])), None)


def _is_choice(parameter: str, value: Json) -> bool:
    if value is None:
        return parameter in _KERAS_OWN
    policy = parameter == "dtype" and isinstance(value, Mapping)  # which Keras reads, or refuses
    return policy or value in CHOICES[parameter]


def looks_like_boxes(shape: Sequence[int | None], loss: str = "") -> bool:
    """Whether samples of that shape, an output's without the sample axis, can be one bounding box, or several."""
    of_classes = "crossentropy" in loss.replace("_", "").lower()
    return len(shape) in (1, 2) and shape[-1] == _CORNERS and not of_classes


def box_words(way: str) -> Text:
    """What the four numbers of a box are."""
    corners = {
        "xyxy": Text("left, top, right, bottom"),
        "yxyx": Text("top, left, bottom, right"),
        "xywh": Text("left, top, width, height"),
        "center_xywh": Text("x and y of the middle, width, height"),
        "center_yxhw": Text("y and x of the middle, height, width"),
    }
    words = corners[way.removeprefix(_RELATIVE)]
    return Text.of("{numbers}, as parts of the picture", numbers=words) if way.startswith(_RELATIVE) else words


def range_of(minimum: float | None, maximum: float | None) -> tuple[float, float] | None:
    """The range that values from `minimum` to `maximum` are likely to come from; None while they are not known."""
    if minimum is None or maximum is None or not (math.isfinite(minimum) and math.isfinite(maximum)):
        return None
    if maximum <= 1:
        low = 0.0 if minimum >= 0 else -1.0 if minimum >= -1 else math.floor(minimum)
        return low, 1.0
    low = 0.0 if minimum >= 0 else float(math.floor(minimum))
    return low, 255.0 if low == 0 and _BRIGHT < maximum <= 255 else float(math.ceil(maximum))


def value_range(kind: AugmentationKind, config: Mapping[str, Json]) -> tuple[float, float] | None:
    """The range that the layer is told; None for one that has no need of it, and for what is no range."""
    written = config.get("value_range", WHOLE_RANGE)
    if not kind.ranged or not isinstance(written, list | tuple) or len(written) != 2:
        return None
    if not all(isinstance(end, int | float) for end in written):
        return None
    return float(written[0]), float(written[1])
