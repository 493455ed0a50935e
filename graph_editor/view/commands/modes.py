"""Commands that leave boxes out of the model, or make them its outputs."""

from functools import partial
from typing import Final

from graph_editor.document.graph import BYPASSED, MUTED
from graph_editor.view.commands.canvas import CommandCanvas
from graph_editor.view.commands.command import CanvasCommand, Place, by_look, has_boxes, has_one_box
from resources.text import Text


def toggle_mode(canvas: CommandCanvas, mode: str) -> None:
    canvas.modes.toggle(canvas.selection, mode)


def all_in_mode(canvas: CommandCanvas, mode: str) -> bool:
    return canvas.modes.all_in(canvas.selection, mode)


def is_output(canvas: CommandCanvas) -> bool:
    """Whether the one selected box is an output of the model."""
    outputs = {ref.call for ref in canvas.graph_scene.graph.output_refs()}
    return has_one_box(canvas) and canvas.selection[0] in outputs


_BYPASS = by_look(lambda box: box.mode == BYPASSED, Text("No longer bypass"), Text("Bypass"))
_MUTE = by_look(lambda box: box.mode == MUTED, Text("No longer mute"), Text("Mute"))
_OUTPUT = by_look(lambda box: any(box.look.outputs), Text("No longer an output"), Text("Mark as output"))

ORDER: Final = 70
COMMANDS: Final = (
    CanvasCommand(
        "toggle_bypassed",
        Text("Bypass, or no longer: hand on what comes in"),
        partial(toggle_mode, mode=BYPASSED),
        keys=("B", "Ctrl+B"),
        window_keys=("Ctrl+B",),
        places=(
            Place("model", 150, Text("Bypass"), "model.bypass"),
            Place("box", 140, _BYPASS),
            Place("collapsed_frame", 140, _BYPASS),
        ),
        possible=has_boxes,
        checked=partial(all_in_mode, mode=BYPASSED),
        where="anywhere",
    ),
    CanvasCommand(
        "toggle_muted",
        Text("Mute, or no longer: leave out, with what needs it"),
        partial(toggle_mode, mode=MUTED),
        keys=("M", "Ctrl+M"),
        window_keys=("Ctrl+M",),
        places=(
            Place("model", 160, Text("Mute"), "model.mute"),
            Place("box", 150, _MUTE),
            Place("collapsed_frame", 150, _MUTE),
        ),
        possible=has_boxes,
        checked=partial(all_in_mode, mode=MUTED),
        where="anywhere",
    ),
    CanvasCommand(
        "toggle_output",
        Text("Mark as output, or no longer"),
        lambda canvas: canvas.actions_on_boxes.toggle_output(),
        keys=("O",),
        window_keys=("Ctrl+Shift+O",),
        places=(
            Place("model", 140, Text("Output of the model"), "model.output"),
            Place("box", 160, _OUTPUT),
        ),
        possible=has_one_box,
        checked=is_output,
        where="anywhere",
    ),
)
