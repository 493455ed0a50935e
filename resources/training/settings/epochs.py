"""How long training goes on."""

from typing import Final

from resources.text import Text
from resources.training.setting import Argument, Setting

SETTING: Final = Setting[int](
    "epochs",
    Text("epochs"),
    Text("How often all training samples are gone through."),
    "int",
    10,
    order=30,
    acts=Argument("fit", "epochs"),
    minimum=1,
    maximum=2**31 - 1,
    option=True,
)
