"""Commands that take away what is selected, or put something else there."""

from typing import Final

from graph_editor.catalog.fitting import by_axes
from graph_editor.document.changes.bridging import bridge_calls
from graph_editor.view.commands.canvas import CommandCanvas
from graph_editor.view.commands.command import CanvasCommand, Place, has_anything
from graph_editor.view.commands.parts.dot_actions import DotActions
from resources.text import Text


def delete(canvas: CommandCanvas) -> None:
    """Delete what is selected, or the dot of a wire that the mouse is on."""
    dot = canvas.hovered_dot
    if dot is not None:
        DotActions(canvas.actions_on_boxes).remove(dot)
    else:
        canvas.notes.leave_unseen()
        canvas.actions_on_boxes.delete()


def bridge(canvas: CommandCanvas) -> None:
    """Delete the selected boxes and join what was before them to what was behind."""
    call_ids, document = canvas.selection, canvas.document
    notes = canvas.graph_scene.notes.selected_names
    canvas.actions_on_boxes.do(Text("Delete and reconnect"), lambda: bridge_calls(document, call_ids, notes))


def replace(canvas: CommandCanvas) -> None:
    """Let the user choose a layer to replace the selected ones with."""
    scene, actions, call_ids = canvas.graph_scene, canvas.actions_on_boxes, canvas.selection
    if not call_ids:
        return
    sources = [edge.source for edge in scene.graph.edges_into(call_ids[-1])]
    told = scene.spec_of(sources[0]) if sources else None
    axes = len(told[0]) if told else None
    canvas.ask_for_layer(
        scene.shown(call_ids[-1]).rect().bottomLeft(),
        lambda spec: actions.replace([key for key in call_ids if key in scene.graph.calls], spec),
        lambda specs, typed: by_axes(specs, axes, typed),
    )


ORDER: Final = 40
COMMANDS: Final = (
    CanvasCommand(
        "delete_selection",
        Text("Delete"),
        delete,
        keys=("Del", "Backspace"),
        places=(
            Place("edit", 240, name="edit.delete"),
            Place("box", 420),
            Place("collapsed_frame", 420),
            Place("note", 400),
        ),
        possible=has_anything,
        where="anywhere",
    ),
    CanvasCommand(
        "bridge_selection",
        Text("Delete and reconnect"),
        bridge,
        keys=("Ctrl+Del", "Alt+Del", "Ctrl+Backspace"),
        places=(Place("box", 410), Place("collapsed_frame", 410)),
    ),
    CanvasCommand(
        "replace_selection",
        Text("Replace by another layer"),
        replace,
        keys=("Ctrl+R",),
        places=(Place("box", 190, Text("Replace by…")),),
    ),
)
