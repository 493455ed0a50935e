"""Whether samples that the data itself puts into a part stay in it."""

from typing import Final

from resources.text import Text
from resources.training.setting import Setting

SETTING: Final = Setting[bool](
    "own_parts",
    Text("parts of the data"),
    Text(
        "On: what the data itself puts into a part (folders train and test, arrays x_train and x_test) stays there, "
        "and only the rest is split. Off: all samples are split anew."
    ),
    "bool",
    True,
    order=60,
    section="data",
    own_control=True,
)
