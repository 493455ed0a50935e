"""What the command palette offers: one line for each thing that can be done, changed or gone to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from resources.plain import shown_name

if TYPE_CHECKING:
    from app.shell.desktop import Desktop
    from app.shell.window.main_window import MainWindow

Kind = Literal["action", "setting", "layer", "block", "box", "template", "recent"]


@dataclass(frozen=True, slots=True)
class Entry:
    """`also` finds it as well as its title; `keys` stand at its right; `category` colours a layer or a box.

    `enabled` says whether it can be done just now; one that cannot is shown and says so.
    """

    kind: Kind
    title: str
    run: Callable[[], object]
    hint: str = ""
    keys: str = ""
    also: str = ""
    category: str = ""
    enabled: bool = True
    checked: bool = False

    def __post_init__(self) -> None:
        """Names of boxes and files stand in both: one line each, with nothing unseen in it."""
        object.__setattr__(self, "title", shown_name(self.title))
        object.__setattr__(self, "hint", shown_name(self.hint))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What providers may use."""

    window: MainWindow
    desktop: Desktop


Provider = Callable[[Surroundings], Sequence[Entry]]
