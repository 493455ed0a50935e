"""Boxes in line with each other, and at equal distances. All boxes are equally wide; collapsed ones are not as tall."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Final, Literal

from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH

Point = tuple[float, float]
Line = Literal["left", "center", "right", "top", "middle", "bottom"]
Axis = Literal["across", "down"]


_SHARE: Final[Mapping[Line, float]] = {  # of a box' width or height, from its corner to what comes into line
    "left": 0.0,
    "center": 0.5,
    "right": 1.0,
    "top": 0.0,
    "middle": 0.5,
    "bottom": 1.0,
}


def aligned(places: Mapping[str, Point], line: Line, heights: Mapping[str, float] | None = None) -> dict[str, Point]:
    """The places of boxes moved to one line: an outer edge of all of them, or the middle of what they take up.

    ``heights`` are those of boxes that are not as tall as usual.
    """
    axis, share = 0 if line in ("left", "center", "right") else 1, _SHARE[line]
    sizes = _sizes(places, axis, heights)
    if not places:
        return {}
    low = min(place[axis] for place in places.values())
    high = max(place[axis] + sizes[key] for key, place in places.items())

    def goal(key: str) -> float:
        if share == 0.5:
            return float(round((low + high - sizes[key]) / 2))
        if share == 0:
            return low
        x = places[key][axis]
        return x if x + sizes[key] == high else high - sizes[key]

    return {key: (goal(key), y) if axis == 0 else (x, goal(key)) for key, (x, y) in places.items()}


def distributed(
    places: Mapping[str, Point], axis: Axis, heights: Mapping[str, float] | None = None
) -> dict[str, Point]:
    """The places of boxes with equal gaps from one to the next; the outermost two stay."""
    index = 0 if axis == "across" else 1
    sizes = _sizes(places, index, heights)
    order = sorted(places, key=lambda key: (places[key][index], places[key][1 - index]))
    if len(order) < 3:
        return dict(places)
    first, last = places[order[0]][index], places[order[-1]][index]
    gap = (last - first - sum(sizes[key] for key in order[:-1])) / (len(order) - 1)
    new_places, value = dict(places), first
    for before, key in pairwise(order[:-1]):
        value += sizes[before] + gap
        x, y = places[key]
        new_places[key] = (float(round(value)), y) if index == 0 else (x, float(round(value)))
    return new_places


def _sizes(places: Mapping[str, Point], axis: int, heights: Mapping[str, float] | None) -> dict[str, float]:
    return {key: BOX_WIDTH if axis == 0 else (heights or {}).get(key, BOX_HEIGHT) for key in places}
