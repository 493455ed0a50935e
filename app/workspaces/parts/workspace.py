"""What a workspace says of itself, before anything of it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resources.text import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.look.theme_source import ThemeSource
    from app.project.choosers import Chooser
    from app.project.session import Session
    from graph_editor.background.background import Background


@dataclass(frozen=True, slots=True)
class Workspace:
    """One page of the window.

    `key` is its name for the program, `place` sorts them, and `make` is called when the page is first wanted, so that
    the start stays short. `trains`: it has a button of its own that starts training.
    """

    key: str
    title: Text
    place: int
    make: Callable[[Session, ThemeSource, Chooser, Background], QWidget]
    trains: bool = False
