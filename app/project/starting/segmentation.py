"""A small U-Net: a class for each pixel of a picture."""

from __future__ import annotations

from typing import Any

from app.project.starting.bodies import blocks_of, picture_input
from app.project.starting.purpose import Given, Sought
from app.project.starting.sketch import Sketch

_SAME: dict[str, Any] = {"kernel_size": [3, 3], "padding": "same", "activation": "relu"}
_DEEPEST = 3


def u_net(sketch: Sketch, given: Given, sought: Sought, name: str, target: str) -> tuple[str, str]:
    """The calls of the input and of the output. A picture is only halved where it can be doubled back."""
    first, call = picture_input(sketch, given, name)
    shape = given.columns[0].shape
    depth = min(_DEEPEST, blocks_of(min(shape[:2])))
    while depth and any(size % 2**depth for size in shape[:2]):
        depth -= 1
    kept: list[str] = []
    for level in range(depth):
        call = sketch.layer("Conv2D", call, name=f"down_{level + 1}", filters=16 * 2**level, **_SAME)
        kept.append(call)
        call = sketch.layer("MaxPooling2D", call, name=f"halve_{level + 1}")
    call = sketch.layer("Conv2D", call, name="bottom", filters=16 * 2**depth, **_SAME)
    for level in reversed(range(depth)):
        call = sketch.layer("UpSampling2D", call, name=f"double_{level + 1}")
        call = sketch.layer("Concatenate", call, kept[level], name=f"beside_{level + 1}")
        call = sketch.layer("Conv2D", call, name=f"up_{level + 1}", filters=16 * 2**level, **_SAME)
    activation = "sigmoid" if sought.units == 1 else "softmax"
    last = sketch.layer("Conv2D", call, name=target, filters=sought.units, kernel_size=[1, 1], activation=activation)
    return first, last
