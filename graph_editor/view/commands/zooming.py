"""Commands that show more or less of the canvas."""

from typing import Final

from graph_editor.view.commands.command import CanvasCommand, Place
from resources.text import Text

ORDER: Final = 130
COMMANDS: Final = (
    CanvasCommand(
        "fit_selection", Text("Show the selection"), lambda canvas: canvas.looking.fit_selection(), keys=("F",)
    ),
    CanvasCommand(
        "fit",
        Text("Show the whole graph"),
        lambda canvas: canvas.fit(),
        keys=("Home", "Ctrl+0"),
        window_keys=("Ctrl+0",),
        places=(Place("view", 300, Text("Fit the model"), "view.fit"), Place("canvas", 330)),
    ),
    CanvasCommand(
        "zoom_in",
        Text("Zoom in"),
        lambda canvas: canvas.view.zoom_in(),
        keys=("+", "=", "Ctrl++", "Ctrl+="),
        window_keys=("Ctrl++", "Ctrl+="),
        places=(Place("view", 310, name="view.zoom_in"),),
    ),
    CanvasCommand(
        "zoom_out",
        Text("Zoom out"),
        lambda canvas: canvas.view.zoom_out(),
        keys=("-", "Ctrl+-"),
        window_keys=("Ctrl+-",),
        places=(Place("view", 320, name="view.zoom_out"),),
    ),
    CanvasCommand(
        "reset_zoom",
        Text("Zoom to 100 %"),
        lambda canvas: canvas.view.reset_zoom(),
        keys=("1", "Ctrl+1"),
        window_keys=("Ctrl+1",),
        places=(Place("view", 330, Text("100 %"), "view.zoom_reset"),),
    ),
)
