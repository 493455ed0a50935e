"""Whether the training samples come in another order in each epoch."""

from typing import Final

from resources.text import Text
from resources.training.setting import Argument, Setting


def _words(on: bool) -> Text:
    return Text("every epoch") if on else Text("never")


SETTING: Final = Setting[bool](
    "shuffle",
    Text("shuffle"),
    Text("The training samples come in another order in each epoch; validation is never shuffled."),
    "bool",
    True,
    order=70,
    section="data",
    acts=Argument("fit", "shuffle", left_out=(True,), handled=True),  # data that is streamed shuffles itself
    words=_words,
    own_control=True,
)
