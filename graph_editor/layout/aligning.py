"""Boxes in line with each other, and at equal distances. All boxes are equally large."""

from collections.abc import Mapping
from typing import Literal

Point = tuple[float, float]
Line = Literal["left", "center", "right", "top", "middle", "bottom"]
Axis = Literal["across", "down"]


def aligned(places: Mapping[str, Point], line: Line) -> dict[str, Point]:
    """The places of boxes moved to one line: an outer edge of all of them, or the middle of what they take up."""
    axis = 0 if line in ("left", "center", "right") else 1
    values = [place[axis] for place in places.values()]
    if not values:
        return {}
    low, high = min(values), max(values)
    goal = {"left": low, "top": low, "right": high, "bottom": high}.get(line, float(round((low + high) / 2)))
    return {key: (goal, y) if axis == 0 else (x, goal) for key, (x, y) in places.items()}


def distributed(places: Mapping[str, Point], axis: Axis) -> dict[str, Point]:
    """The places of boxes with equal distances from one to the next; the outermost two stay."""
    index = 0 if axis == "across" else 1
    order = sorted(places, key=lambda key: (places[key][index], places[key][1 - index]))
    if len(order) < 3:
        return dict(places)
    first, last = places[order[0]][index], places[order[-1]][index]
    step = (last - first) / (len(order) - 1)
    moved = dict(places)
    for number, key in enumerate(order):
        value = float(round(first + number * step))
        x, y = places[key]
        moved[key] = (value, y) if index == 0 else (x, value)
    return moved
