"""What makes a run repeatable."""

from typing import Final

from resources.text import Text
from resources.training.setting import Before, Setting

SETTING: Final = Setting[int | None](
    "seed",
    Text("seed"),
    Text("The same number gives the same start weights and the same order of samples; none is random."),
    "int",
    None,
    order=40,
    acts=Before("keras.utils.set_random_seed"),
    minimum=0,
    maximum=2**32 - 1,
    option=True,
)
