"""How much of the data is held back for validation."""

from typing import Final

from resources.text import Text
from resources.training.setting import Argument, Setting


def _fraction(percent: float) -> float:
    return round(percent / 100, 6)


def _words(percent: float) -> Text:
    return Text.of("{percent} %", percent=f"{percent:g}") if percent else Text("none")


SETTING: Final = Setting[float](
    "validation_percent",
    Text("validation"),
    Text("The part of the samples, in percent, that is held back for validation."),
    "float",
    20.0,
    order=60,
    section="data",
    acts=Argument(
        "fit", "validation_split", left_out=(0,), convert=_fraction, handled=True
    ),  # also of what is streamed
    minimum=0,
    below=100,
    words=_words,
    own_control=True,
)
