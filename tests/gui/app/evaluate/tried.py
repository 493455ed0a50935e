"""What an evaluator that was never there says of a sample, and of a model with a picture and one with a row."""

from __future__ import annotations

import numpy as np

from app.panels.tryit.parts.values import tensor_of
from resources.text import Text
from runtime.messages.looking import Thumbnail
from runtime.messages.trained import GivenTensor, GivenValue
from runtime.messages.trying import (
    FormAsked,
    FormField,
    ModelTried,
    OpenPicture,
    OutputTried,
    PictureOpened,
    SampleShown,
    SampleTried,
    ShownValue,
    ShowSample,
    TrySample,
)

SEVEN = np.zeros((8, 8), np.uint8)
SEVEN[1, 2:7] = 16
SEVEN[2:8, 5] = 12
PARTS = {"validation": 360, "training": 1437, "all": 1797}
DIGITS = FormAsked(
    1,
    (FormField("image", "image", (8, 8), ("image",), (), 0, 16, GivenValue(tensor=tensor_of(SEVEN))),),
    PARTS,
)
HOUSES = FormAsked(
    1,
    (
        FormField("area", "number", (), ("features",), (), 12.5, 310, GivenValue(number=88.5)),
        FormField("rooms", "number", (), ("features",), (), 1, 9, GivenValue(number=3)),
        FormField("town", "category", (), ("town",), ("Busan", "Jeju", "Seoul"), None, None, GivenValue(text="Jeju")),
        FormField("built", "date", (), ("built",), (), None, None, GivenValue(text="1998-04-01")),
        FormField("words", "text", (), ("words",), (), None, None, GivenValue(text="by the sea")),
    ),
    {},
    Text("houses.csv is not there any more."),
)


def sure(digit: int) -> OutputTried:
    """An output that is quite sure of a digit."""
    order = [digit, *(other for other in range(10) if other != digit)]
    return OutputTried("digit", "digit", "classes", tuple(map(str, order)), (0.91, *([0.01] * 9)))


def tried(message: TrySample, digit: int = 7) -> SampleTried:
    """Each model that is asked says the next digit."""
    seen = (("image", Thumbnail(8, 8, 1, bytes(64))),)
    return SampleTried(1, tuple(ModelTried((sure(digit - n),), seen, 3.2) for n, _ in enumerate(message.models)))


def shown(message: ShowSample) -> SampleShown:
    return SampleShown(
        1,
        message.row,
        "",
        (
            ShownValue("image", "image", "", GivenValue(tensor=tensor_of(SEVEN)), Thumbnail(8, 8, 1, bytes(64))),
            ShownValue("digit", "category", "7", GivenValue(number=7), truth=True),
        ),
    )


def opened(message: OpenPicture) -> PictureOpened:
    """A picture of 20 x 10 pixels, whatever it was."""
    shape = (message.height, message.width, message.channels)
    fitted = GivenTensor(shape, "uint8", bytes(range(64))[: int(np.prod(shape))])
    return PictureOpened(1, Thumbnail(20, 10, 3, bytes(600)), 10, 20, "RGB", fitted)
