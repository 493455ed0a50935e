"""Frames around boxes, and what can be collapsed: the part of the Model menu that is about the canvas alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from app.commands.command import Command
from resources.text import tr

if TYPE_CHECKING:
    from app.shell.window.main_window import MainWindow


def commands(window: MainWindow) -> Iterator[Command]:
    def selected() -> bool:
        return bool(window.session.selection) and window.workspace == "build"

    def run(action: str) -> Callable[[], None]:
        return partial(window.canvas.run_action, action)

    yield Command(
        "model.frame", lambda: tr("Put a frame around the selection"), run("frame_selection"), ("Ctrl+J",), selected
    )
    yield Command(
        "model.unframe",
        lambda: tr("Take the selection out of its frame"),
        run("unframe_selection"),
        ("Ctrl+Shift+J",),
        selected,
    )
    yield Command("model.collapse", lambda: tr("Collapse"), run("collapse_selection"), (), selected)
    yield Command("model.collapse_into_one", lambda: tr("Collapse into one"), run("collapse_into_one"), (), selected)
