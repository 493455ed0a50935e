"""Going from box to box along the wires, by the keyboard."""

from collections.abc import Sequence
from typing import Literal

from graph_editor.view.items.scene import GraphScene

Way = Literal["up", "down", "left", "right"]


def next_box(scene: GraphScene, here: str | None, way: Way) -> str | None:
    """Where ``way`` leads from ``here``: up to what feeds it, down to what it feeds, sideways to the nearest beside it.

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
