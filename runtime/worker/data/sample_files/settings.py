"""Options that all kinds of data have where a sample is a file: what folders say, and what cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from resources.text import Text
from resources.training.setting import Setting

CLASSES, NAMES, FLAT = "classes", "names", "flat"
LAYOUT_WORDS: Final = {
    CLASSES: Text("a folder for each class"),
    NAMES: Text("classes in the names of files"),
    FLAT: Text("files without classes"),
}


def layout_setting(choices: tuple[str, ...], words: Callable[[Any], Text]) -> Setting[str | None]:
    return Setting[str | None](
        "layout",
        Text("Folders"),
        Text("What the folders and the names of the files say. If you do not say, it is found by itself."),
        "choice",
        None,
        order=10,
        section="option",
        choices=choices,
        words=words,
    )


def skip_setting(title: Text, help_text: Text, order: int) -> Setting[bool]:
    return Setting[bool]("skip_unreadable", title, help_text, "bool", False, order=order, section="option")
