"""Commands that put frames around boxes and notes beside them."""

from typing import Final

from graph_editor.document.canvas.frames import add_frame, leave_frames
from graph_editor.view.commands.canvas import CommandCanvas
from graph_editor.view.commands.command import CanvasCommand, Place, has_boxes
from resources.text import Text, tr


def frame(canvas: CommandCanvas) -> None:
    """Put a frame around the selected boxes, and ask for its title where that is seen."""
    scene, document = canvas.graph_scene, canvas.document
    before = set(scene.frames.items)
    canvas.actions_on_boxes.do(Text("Frame"), lambda: add_frame(document, scene.selection, tr("Frame")))
    for frame_id, item in scene.frames.items.items():
        if frame_id not in before and canvas.view.visible_area().contains(item.bar()):
            canvas.renaming.rename_frame(frame_id)


def unframe(canvas: CommandCanvas) -> None:
    """Take the selected boxes out of their frames."""
    if not canvas.collapsing.unframe():
        chosen, document = canvas.selection, canvas.document
        canvas.actions_on_boxes.do(Text("Take out of the frame"), lambda: leave_frames(document, chosen))


ORDER: Final = 100
COMMANDS: Final = (
    CanvasCommand(
        "frame_selection",
        Text("Put a frame around the selection"),
        frame,
        keys=("Ctrl+J",),
        window_keys=("Ctrl+J",),
        places=(Place("model", 300, name="model.frame"), Place("box", 310)),
        possible=has_boxes,
    ),
    CanvasCommand(
        "unframe_selection",
        Text("Take the selection out of its frame"),
        unframe,
        keys=("Ctrl+Shift+J",),
        window_keys=("Ctrl+Shift+J",),
        places=(
            Place("model", 310, name="model.unframe"),
            Place("box", 320),
            Place("collapsed_frame", 320, Text("Remove the frame")),
        ),
        possible=has_boxes,
    ),
    CanvasCommand(
        "add_note",
        Text("Add a note"),
        lambda canvas: canvas.notes.add(),
        keys=("N",),
        places=(Place("edit", 250, name="edit.note"), Place("canvas", 210)),
    ),
)
