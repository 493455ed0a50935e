"""Commands that make more of what is selected: by the clipboard, as copies, in a row, with shared weights."""

from typing import Final

from graph_editor.view.commands.canvas import CommandCanvas
from graph_editor.view.commands.command import (
    CanvasCommand,
    Place,
    has_anything,
    has_boxes,
    has_one_box,
    single,
)
from resources.text import Text


def paste(canvas: CommandCanvas, incoming: bool = False) -> None:
    place = canvas.pointed_place
    canvas.clipboard.paste((place.x(), place.y()), incoming)


def duplicate(canvas: CommandCanvas) -> None:
    canvas.notes.leave_unseen()
    canvas.actions_on_boxes.duplicate()


def share(canvas: CommandCanvas) -> None:
    canvas.actions_on_boxes.share()
    for call_id in canvas.selection:
        canvas.view.ensureVisible(canvas.graph_scene.shown(call_id).sceneBoundingRect())


ORDER: Final = 50
COMMANDS: Final = (
    CanvasCommand(
        "cut_selection",
        Text("Cut"),
        lambda canvas: canvas.clipboard.cut(),
        keys=("Ctrl+X",),
        window_keys=("Ctrl+X",),
        places=(
            Place("edit", 200, name="edit.cut"),
            Place("box", 200),
            Place("collapsed_frame", 200),
            Place("note", 300),
        ),
        possible=has_anything,
    ),
    CanvasCommand(
        "copy_selection",
        Text("Copy"),
        lambda canvas: canvas.clipboard.copy(),
        keys=("Ctrl+C",),
        window_keys=("Ctrl+C",),
        places=(
            Place("edit", 210, name="edit.copy"),
            Place("box", 210),
            Place("collapsed_frame", 210),
            Place("note", 310),
        ),
        possible=has_anything,
    ),
    CanvasCommand(
        "paste",
        Text("Paste"),
        paste,
        keys=("Ctrl+V",),
        window_keys=("Ctrl+V",),
        places=(Place("edit", 220, name="edit.paste"), Place("canvas", 220)),
    ),
    CanvasCommand(
        "paste_with_links",
        Text("Paste with the links that led here"),
        lambda canvas: paste(canvas, incoming=True),
        keys=("Ctrl+Shift+V",),
        places=(Place("canvas", 230),),
    ),
    CanvasCommand(
        "duplicate_selection",
        Text("Duplicate"),
        duplicate,
        keys=("Ctrl+D",),
        window_keys=("Ctrl+D",),
        places=(
            Place("edit", 230, name="edit.duplicate"),
            Place("box", 220),
            Place("collapsed_frame", 220),
            Place("note", 320),
        ),
        possible=has_anything,
        where="anywhere",
    ),
    CanvasCommand(
        "repeat_selection",
        Text("Repeat several times in a row"),
        lambda canvas: canvas.building_blocks.ask_to_repeat(),
        keys=("Ctrl+Shift+R",),
        window_keys=("Ctrl+Shift+R",),
        places=(
            Place("model", 200, Text("Repeat in a row…"), "model.repeat"),
            Place("box", 230, Text("Repeat…")),
            Place("collapsed_frame", 230, Text("Repeat…")),
        ),
        possible=has_boxes,
    ),
    CanvasCommand(
        "save_block",
        Text("Save the selection as a block"),
        lambda canvas: canvas.building_blocks.save_wanted.emit(),
        keys=("Ctrl+Shift+B",),
        window_keys=("Ctrl+Shift+B",),
        places=(
            Place("model", 210, Text("Save as a block…"), "model.save_block"),
            Place("box", 350, Text("Save as a block…")),
        ),
        possible=has_boxes,
    ),
    CanvasCommand(
        "share_selected",
        Text("Use again (share the weights)"),
        share,
        keys=("Ctrl+Shift+D",),
        places=(
            Place("model", 130, Text("Use again (shared weights)"), "model.share"),
            Place("box", 240, when=single),
        ),
        possible=has_one_box,
        where="anywhere",
    ),
)
