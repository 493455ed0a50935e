"""What makes a random split repeatable."""

from collections.abc import Mapping
from typing import Any, Final

from resources.text import Text
from resources.training.setting import Setting
from resources.training.settings.split import COLUMN, GROUP, RANDOM, STRATIFIED
from resources.training.settings.split import SETTING as SPLIT


def _applies(values: Mapping[str, Any]) -> bool:
    return values[SPLIT.key] in (RANDOM, STRATIFIED, GROUP, COLUMN)


SETTING: Final = Setting[int](
    "split_seed",
    Text("split seed"),
    Text("The same number chooses the same samples in every run; another one, others."),
    "int",
    0,
    order=63,
    section="data",
    minimum=0,
    maximum=2**32 - 1,
    applies=_applies,
)
