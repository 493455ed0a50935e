"""Going from box to box along the wires, by the keyboard."""

from collections.abc import Sequence
from typing import Literal

from graph_editor.view.scene import GraphScene

Way = Literal["up", "down", "left", "right"]


def next_box(scene: GraphScene, here: str | None, way: Way) -> str | None:
    """Where ``way`` leads from ``here``: up to what feeds it, down to what it feeds, sideways to the nearest beside it.

    From nowhere to the first box.
    """
    if here is None:
        order = sorted(scene.boxes, key=lambda key: scene.place_of(key)[::-1])
        return order[0] if order else None
    graph = scene.graph
    if way == "up":
        return _nearest(scene, here, [edge.source.call for edge in graph.edges_into(here)])
    if way == "down":
        return _nearest(scene, here, [edge.target for edge in graph.edges_from(here)])
    return _beside(scene, here, 1 if way == "right" else -1)


def _nearest(scene: GraphScene, here: str, others: Sequence[str]) -> str | None:
    """Of several the one most straight above or below; the first among equals."""
    x, _ = scene.place_of(here)
    return min(dict.fromkeys(others), key=lambda other: abs(scene.place_of(other)[0] - x), default=None)


def _beside(scene: GraphScene, here: str, sign: int) -> str | None:
    x, y = scene.place_of(here)
    places = {key: scene.place_of(key) for key in scene.boxes if key != here}
    there = {key: place for key, place in places.items() if (place[0] - x) * sign > 10}
    return min(there, key=lambda key: abs(there[key][0] - x) + 3 * abs(there[key][1] - y), default=None)
