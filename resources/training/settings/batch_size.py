"""How many samples make a step."""

from typing import Final

from resources.text import Text
from resources.training.setting import Argument, Setting

SETTING: Final = Setting[int](
    "batch_size",
    Text("batch size"),
    Text("Samples that are looked at before the weights change once."),
    "int",
    32,
    order=20,
    acts=Argument("fit", "batch_size", handled=True),  # data that is streamed comes in batches already
    minimum=1,
    maximum=2**31 - 1,
    option=True,
)
