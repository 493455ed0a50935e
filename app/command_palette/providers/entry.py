"""What the command palette offers: one line for each thing that can be done, changed or gone to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.commands.command import Group
from app.project.project_files import ProjectFiles
from app.project.session import Session
from graph_editor.view.commands.table import CommandTable
from graph_editor.view.graph_view import GraphView
from resources.plain import shown_name

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

    session: Session
    groups: Sequence[Group]  # the menus of the window
    canvas_commands: CommandTable
    files: ProjectFiles
    recent: Sequence[str]  # paths of projects, the latest first
    go_to_canvas: Callable[[], GraphView]  # shows it and gives it the keyboard


Provider = Callable[[Surroundings], Sequence[Entry]]
