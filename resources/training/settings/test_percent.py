"""How much of the data training never touches."""

from typing import Final

from resources.text import Text
from resources.training.setting import Setting


def _words(percent: float) -> Text:
    return Text.of("{percent} %", percent=f"{percent:g}") if percent else Text("none")


SETTING: Final = Setting[float](
    "test_percent",
    Text("test"),
    Text("The part of the samples, in percent, that neither trains nor validates: training never sees it."),
    "float",
    0.0,
    order=64,
    section="data",
    minimum=0,
    below=100,
    words=_words,
    own_control=True,
)
