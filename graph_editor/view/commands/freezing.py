"""Commands that freeze layers, and let them learn again."""

from typing import Final

from graph_editor.view.commands.command import CanvasCommand, Place, by_look, has_boxes
from resources.text import Text

_FREEZE = by_look(lambda box: box.look.frozen, Text("Unfreeze"), Text("Freeze"))

ORDER: Final = 60
COMMANDS: Final = (
    CanvasCommand(
        "toggle_frozen",
        Text("Freeze or unfreeze"),
        lambda canvas: canvas.freezing.toggle(canvas.selection),
        keys=("L",),
        window_keys=("Ctrl+L",),
        places=(
            Place("model", 100, Text("Freeze"), "model.freeze"),
            Place("box", 120, _FREEZE),
            Place("collapsed_frame", 130, _FREEZE),
        ),
        possible=has_boxes,
        checked=lambda canvas: canvas.freezing.all_frozen(canvas.selection),
        where="anywhere",
    ),
    CanvasCommand(
        "freeze_above",
        Text("Freeze everything above"),
        lambda canvas: canvas.freezing.freeze_above(canvas.selection),
        keys=("Shift+L",),
        places=(Place("model", 110, name="model.freeze_above"), Place("box", 130)),
        possible=has_boxes,
        where="anywhere",
    ),
    CanvasCommand(
        "unfreeze_all",
        Text("Unfreeze all layers"),
        lambda canvas: canvas.freezing.unfreeze_all(),
        keys=("Alt+L",),
        places=(Place("model", 120, name="model.unfreeze_all"), Place("canvas", 310)),
        where="anywhere",
    ),
)
