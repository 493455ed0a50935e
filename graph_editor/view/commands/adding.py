"""Commands that add something to what is there."""

from typing import Final

from graph_editor.view.commands.command import CanvasCommand, Place
from resources.text import Text

ORDER: Final = 10
COMMANDS: Final = (
    CanvasCommand(
        "open_search",
        Text("Add a layer"),
        lambda canvas: canvas.search.open(),
        keys=("Tab",),
        places=(Place("canvas", 200, Text("Add a layer…")),),
    ),
)
