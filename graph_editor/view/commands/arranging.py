"""Commands that move boxes: into line, apart, to better places, by steps."""

from collections.abc import Callable
from functools import partial
from typing import Final

from graph_editor.document.changes.commands import move_calls
from graph_editor.document.document import Point
from graph_editor.layout.aligning import Axis, Line, aligned, distributed
from graph_editor.view.commands.canvas import CommandCanvas
from graph_editor.view.commands.command import CanvasCommand, Place
from graph_editor.view.painting.metrics import NUDGE
from resources.text import Text

Change = Callable[[dict[str, Point], dict[str, float]], dict[str, Point]]


def align(canvas: CommandCanvas, line: Line) -> None:
    _move(canvas, Text("Align"), lambda places, heights: aligned(places, line, heights))


def distribute(canvas: CommandCanvas, axis: Axis) -> None:
    _move(canvas, Text("Distribute"), lambda places, heights: distributed(places, axis, heights))


def _move(canvas: CommandCanvas, label: Text, change: Change) -> None:
    scene, document = canvas.graph_scene, canvas.document
    places = scene.collapsed_frames.units(scene.selection)
    moved = scene.collapsed_frames.spread(change(places, {key: scene.shown(key).rect().height() for key in places}))
    canvas.actions_on_boxes.do(label, lambda: move_calls(document, moved))


def nudge(canvas: CommandCanvas, dx: float, dy: float) -> None:
    canvas.actions_on_boxes.nudge(dx, dy)


_LINES: Final[tuple[tuple[Line, str, Text], ...]] = (
    ("left", "Alt+A", Text("Align left")),
    ("center", "Alt+H", Text("Align in the centre")),
    ("right", "Alt+D", Text("Align right")),
    ("top", "Alt+W", Text("Align at the top")),
    ("middle", "Alt+V", Text("Align in the middle")),
    ("bottom", "Alt+S", Text("Align at the bottom")),
)
_AXES: Final[tuple[tuple[Axis, str, Text], ...]] = (
    ("across", "Alt+Shift+H", Text("Distribute across")),
    ("down", "Alt+Shift+V", Text("Distribute down")),
)
_WAYS: Final = (
    ("left", -1, 0, Text("Move to the left"), Text("Move to the left by one")),
    ("right", 1, 0, Text("Move to the right"), Text("Move to the right by one")),
    ("up", 0, -1, Text("Move up"), Text("Move up by one")),
    ("down", 0, 1, Text("Move down"), Text("Move down by one")),
)
_NUDGE, _NUDGE_FINELY = Text("Move boxes"), Text("Move boxes by one")

ORDER: Final = 120
COMMANDS: Final = (
    *(
        CanvasCommand(
            f"align_{line}", text, partial(align, line=line), keys=(key,), places=(Place("align", 110 + number),)
        )
        for number, (line, key, text) in enumerate(_LINES)
    ),
    *(
        CanvasCommand(
            f"distribute_{axis}",
            text,
            partial(distribute, axis=axis),
            keys=(key,),
            places=(Place("align", 120 + number),),
        )
        for number, (axis, key, text) in enumerate(_AXES)
    ),
    CanvasCommand(
        "tidy",
        Text("Tidy: arrange all boxes"),
        lambda canvas: canvas.tidying.tidy(),
        keys=("Ctrl+Shift+L",),
        window_keys=("Ctrl+Shift+L",),
        places=(Place("view", 340, Text("Tidy up"), "view.tidy"), Place("canvas", 320, Text("Tidy"))),
    ),
    CanvasCommand(
        "tidy_selection",
        Text("Tidy the selected boxes alone"),
        lambda canvas: canvas.tidying.tidy_selection(),
        keys=("Alt+T",),
        window_keys=("Alt+T",),
        places=(
            Place("view", 350, Text("Tidy the selection"), "view.tidy_selection"),
            Place("align", 100, Text("Tidy the selection")),
        ),
    ),
    *(
        CanvasCommand(
            f"nudge_{way}", text, partial(nudge, dx=x * NUDGE, dy=y * NUDGE), keys=(way.title(),), arrows=_NUDGE
        )
        for way, x, y, text, _ in _WAYS
    ),
    *(
        CanvasCommand(
            f"nudge_{way}_finely",
            text,
            partial(nudge, dx=x, dy=y),
            keys=(f"Shift+{way.title()}",),
            arrows=_NUDGE_FINELY,
        )
        for way, x, y, _, text in _WAYS
    ),
)
