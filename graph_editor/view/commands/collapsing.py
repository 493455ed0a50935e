"""Commands that collapse boxes to their names, or many boxes into one."""

from typing import Final

from graph_editor.view.commands.canvas import CommandCanvas
from graph_editor.view.commands.command import CanvasCommand, Place, by_look, has_boxes
from resources.text import Text


def collapse(canvas: CommandCanvas) -> None:
    """Open the collapsed frames that are selected; without any make bars of the boxes, or show all of them again."""
    if not canvas.collapsing.open_selected():
        canvas.actions_on_boxes.toggle_collapsed()


def collapse_into_one(canvas: CommandCanvas) -> None:
    if not canvas.collapsing.open_selected():
        canvas.collapsing.collapse_into_one()


ORDER: Final = 80
COMMANDS: Final = (
    CanvasCommand(
        "collapse_selection",
        Text("Collapse the boxes to their names, or expand them"),
        collapse,
        keys=("C",),
        places=(
            Place("model", 320, Text("Collapse"), "model.collapse"),
            Place("box", 170, by_look(lambda box: box.look.collapsed, Text("Expand"), Text("Collapse"))),
        ),
        possible=has_boxes,
    ),
    CanvasCommand(
        "collapse_into_one",
        Text("Collapse the selection into one box, or open it"),
        collapse_into_one,
        keys=("Shift+C",),
        places=(
            Place("model", 330, Text("Collapse into one"), "model.collapse_into_one"),
            Place("box", 330, Text("Collapse the selection into one box")),
            Place("collapsed_frame", 100, Text("Open the frame")),
        ),
        possible=has_boxes,
    ),
)
