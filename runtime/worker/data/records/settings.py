"""What a project may say of how records are read."""

from typing import Any, Final

from resources.text import Text
from resources.training.setting import Setting
from runtime.worker.data.pictures.settings import COLOUR, DEPTH, FIT, HEIGHT, INTERPOLATION, WIDTH

LENGTH = Setting[int | None](
    "length",
    Text("Length of lists"),
    Text(
        "Longer lists of numbers are cut to it, shorter ones get zeros behind them. Empty: as long as the longest one."
    ),
    "int",
    None,
    order=80,
    section="option",
    minimum=1,
    maximum=1_000_000,
)
SKIP = Setting[bool](
    "skip_damaged",
    Text("Skip damaged records"),
    Text("Records whose bytes are not what their checksums say are left out. All of them are read to find these."),
    "bool",
    False,
    order=90,
    section="option",
)
SETTINGS: Final[tuple[Setting[Any], ...]] = (HEIGHT, WIDTH, FIT, COLOUR, DEPTH, INTERPOLATION, LENGTH, SKIP)
