"""The column that says which samples belong together, or into which part they go."""

from collections.abc import Mapping
from typing import Any, Final

from resources.text import Text
from resources.training.setting import Setting
from resources.training.settings.split import NEED_COLUMN, STRATIFIED
from resources.training.settings.split import SETTING as SPLIT


def _applies(values: Mapping[str, Any]) -> bool:
    return values[SPLIT.key] in (STRATIFIED, *NEED_COLUMN)


def _words(column: str) -> Text:
    return Text.of("{column}", column=column) if column else Text("that of the output")


SETTING: Final = Setting[str](
    "split_column",
    Text("split column"),
    Text(
        "The column with the group, the time or the part of each sample. To split evenly by class it is that of the "
        "output, if you name none."
    ),
    "text",
    "",
    order=62,
    section="data",
    words=_words,
    applies=_applies,
    own_control=True,
)
