"""How samples are chosen for validation and for the test."""

from typing import Final

from resources.text import Text
from resources.training.setting import Setting

LAST: Final = "last"
RANDOM: Final = "random"
STRATIFIED: Final = "stratified"
GROUP: Final = "group"
TIME: Final = "time"
COLUMN: Final = "column"
WAYS: Final = {
    LAST: Text("the last ones"),
    RANDOM: Text("at random"),
    STRATIFIED: Text("evenly by class"),
    GROUP: Text("by group"),
    TIME: Text("by time"),
    COLUMN: Text("by a column's value"),
}
NEED_COLUMN: Final = (GROUP, TIME, COLUMN)


def _words(way: str) -> Text:
    return WAYS[way]


SETTING: Final = Setting[str](
    "split",
    Text("split"),
    Text(
        "Which samples validate and test: the last ones, as Keras takes them; random ones; as many of each class; "
        "whole groups; the latest; or those of which a column says so (train, validation, test, or 0, 1, 2)."
    ),
    "choice",
    LAST,
    order=61,
    section="data",
    choices=tuple(WAYS),
    words=_words,
    own_control=True,
)
