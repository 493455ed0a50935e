"""Commands that go from box to box along the wires, and open the menu of the one where they have come."""

from collections.abc import Sequence
from functools import partial
from typing import Final, Literal

from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from graph_editor.view.commands.canvas import CommandCanvas
from graph_editor.view.commands.command import CanvasCommand
from graph_editor.view.items.scene import GraphScene
from resources.text import Text

Way = Literal["up", "down", "left", "right"]


def next_box(scene: GraphScene, here: str | None, way: Way) -> str | None:
    """The box to which ``way`` leads: up to what feeds ``here``, down to what it feeds, sideways to the nearest one.

    From nowhere to the first box. A collapsed frame is one stop on the way: the first of its boxes stands for it.
    """
    stops = [box.members[0] for box in scene.shown_boxes()]
    if here is None:
        return min(stops, key=lambda key: _place(scene, key)[::-1], default=None)
    graph, inside = scene.graph, scene.shown(here).members
    if way == "up":
        sources = [edge.source.call for member in inside for edge in graph.edges_into(member)]
        return _nearest(scene, here, [key for key in sources if key not in inside])
    if way == "down":
        targets = [edge.target for member in inside for edge in graph.edges_from(member)]
        return _nearest(scene, here, [key for key in targets if key not in inside])
    return _beside(scene, here, [key for key in stops if key not in inside], 1 if way == "right" else -1)


def _place(scene: GraphScene, call_id: str) -> tuple[float, float]:
    at = scene.shown(call_id).pos()
    return at.x(), at.y()


def _nearest(scene: GraphScene, here: str, others: Sequence[str]) -> str | None:
    """Of several the one most straight above or below; the first among equals."""
    x, _ = _place(scene, here)
    return min(dict.fromkeys(others), key=lambda other: abs(_place(scene, other)[0] - x), default=None)


def _beside(scene: GraphScene, here: str, others: Sequence[str], sign: int) -> str | None:
    x, y = _place(scene, here)
    places = {key: _place(scene, key) for key in others}
    there = {key: place for key, place in places.items() if (place[0] - x) * sign > 10}
    return min(there, key=lambda key: abs(there[key][0] - x) + 3 * abs(there[key][1] - y), default=None)


def walk(canvas: CommandCanvas, way: Way, extend: bool = False) -> None:
    """Go from the box selected last to the next; with ``extend`` those selected before stay so."""
    scene, selection = canvas.graph_scene, canvas.selection
    there = next_box(scene, selection[-1] if selection else None, way)
    if there is not None:
        whole = scene.collapsed_frames.whole([there])
        before = [call_id for call_id in selection if call_id not in whole] if extend else []
        canvas.select([*before, *whole])
        canvas.view.ensureVisible(scene.shown(there).rect(), 60, 60)


def open_menu(canvas: CommandCanvas) -> None:
    """As the menu key does where the system knows one."""
    viewport = canvas.view.viewport()
    if QApplication.activePopupWidget() is None:
        middle = viewport.rect().center()
        keyboard = QContextMenuEvent.Reason.Keyboard
        QApplication.sendEvent(viewport, QContextMenuEvent(keyboard, middle, viewport.mapToGlobal(middle)))


_WALK, _EXTEND = Text("Go along the wires"), Text("Go along the wires and select")
_WAYS: Final[tuple[tuple[Way, Text, Text], ...]] = (
    ("up", Text("Go up along the wire"), Text("Select what feeds it as well")),
    ("down", Text("Go down along the wire"), Text("Select what it feeds as well")),
    ("left", Text("Go to the box at the left"), Text("Select the box at the left as well")),
    ("right", Text("Go to the box at the right"), Text("Select the box at the right as well")),
)
ORDER: Final = 30
COMMANDS: Final = (
    CanvasCommand(
        "wire_selected",
        Text("Wire the selected box: ↑ ↓ or letters choose, Enter connects"),
        lambda canvas: canvas.wiring.begin(),
        keys=("W",),
    ),
    *(
        CanvasCommand(f"walk_{way}", text, partial(walk, way=way), keys=(f"Ctrl+{way.title()}",), arrows=_WALK)
        for way, text, _ in _WAYS
    ),
    *(
        CanvasCommand(
            f"extend_{way}",
            text,
            partial(walk, way=way, extend=True),
            keys=(f"Ctrl+Shift+{way.title()}",),
            arrows=_EXTEND,
        )
        for way, _, text in _WAYS
    ),
    CanvasCommand("open_menu", Text("Open the menu of the selection"), open_menu, keys=("Shift+F10", "Menu")),
)
