"""The same numbers in another shape: 784 columns become pictures of 28 by 28."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from resources.python_code.parts import StepCode
from resources.python_code.pieces import attribute, call, name, number
from resources.python_code.preparing import COLUMN
from resources.text import Text
from resources.training.setting import Setting
from runtime.step_kinds import StepKind
from runtime.step_samples import Array, Json, Layer, Sample, State, StepError, is_layer, keras_layer

STEP: Final = StepKind(
    "reshape",
    Text("Reshape"),
    Text("The same numbers in another shape, such as 784 numbers that are a picture of 28×28×1."),
    ("number", "image", "audio", "sequence"),
    150,
    (
        Setting[str](
            "shape",
            Text("shape"),
            Text("The sizes of one sample, such as 28×28×1."),
            "text",
            "28×28×1",
            order=10,
            section="step",
            pattern=r"\s*-?\d{1,9}(\s*[,x×]\s*-?\d{1,9})*\s*",
            form_of_text=Text("sizes with × between them, such as 28×28×1"),
        ),
    ),
)


def sizes(values: Mapping[str, Json]) -> tuple[int, ...]:
    text = str(values["shape"])
    return tuple(int(part) for part in text.replace("x", ",").replace("×", ",").split(","))


def result(sample: Sample, values: Mapping[str, Json], _state: State | None) -> Sample:
    """One size may be -1: it is worked out. Raises StepError where the numbers are more or fewer."""
    shape = list(sizes(values))
    if shape.count(-1) == 1:
        rest = -math.prod(shape)
        if rest > 0 and sample.size % rest == 0:
            shape[shape.index(-1)] = sample.size // rest
    if any(size < 1 for size in shape) or math.prod(shape) != sample.size:
        have = "×".join(map(str, sample.shape)) or "1"
        raise StepError(
            Text.of("{step}: samples of {have} do not fit into {shape}.",
                    step=STEP.title, have=have, shape="×".join(map(str, shape)))
        )  # fmt: skip
    picture = len(shape) == 3 and shape[-1] in (1, 3, 4)
    kind = "image" if picture and not sample.words else sample.kind if sample.kind != "image" else "number"
    return Sample(tuple(shape), sample.dtype, kind)


def apply(array: Array, sample: Sample, values: Mapping[str, Json], state: State | None) -> Array:
    return array.reshape(len(array), *result(sample, values, state).shape)


def layer(_sample: Sample, values: Mapping[str, Json], _state: State | None) -> Layer | None:
    return keras_layer("Reshape", {"target_shape": list(sizes(values))})


def code(values: Mapping[str, Json]) -> StepCode:
    return StepCode(call(attribute(COLUMN, "reshape"), call(name("len"), COLUMN), *map(number, sizes(values))))


def settings_of(written: Layer) -> dict[str, Json] | None:
    shape = written["config"].get("target_shape")
    if not is_layer(written, "Reshape") or not isinstance(shape, list | tuple) or not shape:
        return None
    return {"shape": "×".join(map(str, shape))}
