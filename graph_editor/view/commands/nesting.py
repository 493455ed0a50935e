"""Commands about nested models, and the name of the one selected box."""

from typing import Final

from graph_editor.document.document import ROOT
from graph_editor.view.commands.canvas import CommandCanvas
from graph_editor.view.commands.command import CanvasCommand, Clicked, Place, has_boxes, has_one_box, single
from resources.text import Text


def enter(canvas: CommandCanvas) -> None:
    """Write the selected note, open the selected frames, or show what is in the selected nested model."""
    if not canvas.notes.edit_selected() and not canvas.collapsing.open_selected():
        canvas.levels.enter_selected()


def has_one_model(canvas: CommandCanvas) -> bool:
    return has_one_box(canvas) and canvas.document.operation_of(canvas.selection[0]).graph is not None


def _on_one_model(clicked: Clicked) -> bool:
    return single(clicked) and clicked.box is not None and clicked.box.look.nested


ORDER: Final = 90
COMMANDS: Final = (
    CanvasCommand(
        "rename_selected",
        Text("Rename"),
        lambda canvas: canvas.renaming.rename_selected(),
        keys=("F2",),
        places=(Place("box", 110, when=single), Place("collapsed_frame", 110)),
    ),
    CanvasCommand(
        "enter_selected",
        Text("Open the nested model"),
        enter,
        keys=("Return", "Enter"),
        places=(
            Place("model", 240, name="model.open"),
            Place("box", 100, Text("Open"), when=_on_one_model),
        ),
        possible=has_one_model,
        where="anywhere",
    ),
    CanvasCommand(
        "leave_graph",
        Text("Leave the nested model"),
        lambda canvas: canvas.levels.leave(),
        keys=("Alt+Up", "U"),
        window_keys=("Alt+Up",),
        places=(
            Place("model", 250, name="model.leave"),
            Place("nested", 100),
        ),
        possible=lambda canvas: canvas.graph_scene.graph_id != ROOT,
    ),
    CanvasCommand(
        "group_selection",
        Text("Make a nested model of the selection"),
        lambda canvas: canvas.actions_on_boxes.group(),
        keys=("Ctrl+G",),
        window_keys=("Ctrl+G",),
        places=(
            Place("model", 230, Text("Make a nested model"), "model.group"),
            Place("box", 340, Text("Make a nested model")),
            Place("collapsed_frame", 340, Text("Make a nested model")),
        ),
        possible=has_boxes,
    ),
    CanvasCommand(
        "dissolve_selected",
        Text("Dissolve the nested model"),
        lambda canvas: canvas.actions_on_boxes.dissolve(),
        keys=("Ctrl+Shift+G",),
        window_keys=("Ctrl+Shift+G",),
        places=(
            Place("model", 260, name="model.dissolve"),
            Place("box", 360, Text("Dissolve"), when=_on_one_model),
        ),
        possible=has_one_model,
        where="anywhere",
    ),
)
