"""How the samples of a run are split into those that train, validate and test: what a project says of it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from resources.training.setting import Setting
from resources.training.settings.own_parts import SETTING as OWN_PARTS
from resources.training.settings.split import LAST
from resources.training.settings.split import SETTING as SPLIT
from resources.training.settings.split_column import SETTING as SPLIT_COLUMN
from resources.training.settings.split_seed import SETTING as SPLIT_SEED
from resources.training.settings.test_percent import SETTING as TEST_PERCENT
from resources.training.settings.validation_percent import SETTING as VALIDATION_PERCENT


class SplitSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`way` is a choice of the setting "split". `own_parts`: what the data itself puts into a part stays there.

    Percents are of the samples that are split: those that the data puts into no part, or into that for training.
    """

    way: str = LAST
    column: str = ""
    seed: int = 0
    validation_percent: float = 0.0
    test_percent: float = 0.0
    own_parts: bool = True


def split_of(values: Mapping[str, Any]) -> SplitSpec:
    """Of the values of settings by key (a project's data section); what is no value of a setting is its default."""

    def sound(setting: Setting[Any]) -> Any:
        return setting.sound(values)

    return SplitSpec(
        sound(SPLIT),
        sound(SPLIT_COLUMN),
        sound(SPLIT_SEED),
        sound(VALIDATION_PERCENT),
        sound(TEST_PERCENT),
        sound(OWN_PARTS),
    )
