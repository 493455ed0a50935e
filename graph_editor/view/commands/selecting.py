"""Commands that choose other boxes."""

from collections.abc import Callable, Iterable
from typing import Final

from graph_editor.view.commands.canvas import CommandCanvas
from graph_editor.view.commands.command import CanvasCommand, Place
from resources.text import Text


def select_all(canvas: CommandCanvas) -> None:
    scene = canvas.graph_scene
    scene.select(scene.graph.calls, scene.notes.items)


def choose(canvas: CommandCanvas, reach: Callable[[Iterable[str]], set[str]]) -> None:
    """Let all boxes join the selection that ``reach`` finds from there."""
    scene = canvas.graph_scene
    found = reach(scene.selection)
    scene.select([*scene.selection, *(call_id for call_id in scene.graph.calls if call_id in found)])


def invert(canvas: CommandCanvas) -> None:
    scene, chosen = canvas.graph_scene, set(canvas.selection)
    scene.select([call_id for call_id in scene.graph.calls if call_id not in chosen])


def _places(order: int) -> tuple[Place, ...]:
    return (Place("select", order),)


ORDER: Final = 110
COMMANDS: Final = (
    CanvasCommand(
        "select_all",
        Text("Select all"),
        select_all,
        keys=("Ctrl+A",),
        places=(Place("edit", 260, name="edit.select_all"), Place("canvas", 300)),
    ),
    CanvasCommand(
        "select_nothing", Text("Select nothing"), lambda canvas: canvas.graph_scene.select(()), keys=("Esc",)
    ),
    CanvasCommand("invert_selection", Text("Select all others instead"), invert, keys=("Ctrl+I",), places=_places(130)),
    CanvasCommand(
        "select_upstream",
        Text("Select all before it as well"),
        lambda canvas: choose(canvas, canvas.graph_scene.graph.upstream),
        keys=("[",),
        places=_places(100),
    ),
    CanvasCommand(
        "select_downstream",
        Text("Select all behind it as well"),
        lambda canvas: choose(canvas, canvas.graph_scene.graph.downstream),
        keys=("]",),
        places=_places(110),
    ),
    CanvasCommand(
        "select_connected",
        Text("Select all that is connected"),
        lambda canvas: choose(canvas, canvas.graph_scene.graph.connected),
        keys=("Ctrl+Shift+A",),
        places=_places(120),
    ),
)
