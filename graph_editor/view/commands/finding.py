"""Commands that find boxes."""

from typing import Final

from graph_editor.view.commands.command import CanvasCommand, Place
from resources.text import Text

ORDER: Final = 20
COMMANDS: Final = (
    CanvasCommand(
        "find",
        Text("Find a box"),
        lambda canvas: canvas.find_bar.open_bar(),
        keys=("Ctrl+F",),
        window_keys=("Ctrl+F",),
        places=(Place("edit", 270, name="edit.find"),),
        where="goes there",
    ),
    CanvasCommand("find_next", Text("Next box found"), lambda canvas: canvas.find_bar.find_next(), keys=("F3",)),
    CanvasCommand(
        "find_previous", Text("Previous box found"), lambda canvas: canvas.find_bar.find_previous(), keys=("Shift+F3",)
    ),
)
