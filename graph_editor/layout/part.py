"""Automatic layout of some boxes of a graph: where they are, and not upon those that stay."""

from collections.abc import Iterable, Mapping
from math import ceil, floor
from typing import Final

from graph_editor.document.document import Point
from graph_editor.layout.layered import COLUMN_GAP, STRAIGHT_GAP, Size, arrange

_CELL: Final = 256.0
_WAYS: Final = ((1, 0), (-1, 0), (0, 1), (0, -1))

Area = tuple[float, float, float, float]  # left, top, right, bottom


def arrange_part(
    nodes: Mapping[str, Size], edges: Iterable[tuple[str, str]], places: Mapping[str, Point], keys: Iterable[str]
) -> dict[str, Point]:
    """New places for the chosen boxes of a graph, around the middle of what they take up now.

    Where they would come to lie on others, all of them go aside together, no farther than it takes.
    """
    present_keys = dict.fromkeys(key for key in keys if key in nodes and key in places)
    if not present_keys:
        return {}
    inside = arrange(
        {key: nodes[key] for key in present_keys}, [pair for pair in edges if present_keys.keys() >= set(pair)]
    )
    here = _bounds([_area(places[key], nodes[key]) for key in present_keys])
    new = _bounds([_area(inside[key], nodes[key]) for key in present_keys])
    dx = round((here[0] + here[2] - new[0] - new[2]) / 2)
    dy = round((here[1] + here[3] - new[1] - new[3]) / 2)
    areas = [_area((inside[key][0] + dx, inside[key][1] + dy), nodes[key]) for key in present_keys]
    others = _Others([_area(places[key], nodes[key]) for key in nodes if key not in present_keys and key in places])
    aside = min((others.way_out(areas, *way) for way in _WAYS), key=lambda way: abs(way[0]) + abs(way[1]))
    return {key: (inside[key][0] + dx + aside[0], inside[key][1] + dy + aside[1]) for key in present_keys}


class _Others:
    """The areas that are taken, with the gaps around them that are to stay free."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._cells: dict[tuple[int, int], list[Area]] = {}
        for left, top, right, bottom in areas:
            grown = (left - COLUMN_GAP, top - STRAIGHT_GAP, right + COLUMN_GAP, bottom + STRAIGHT_GAP)
            for cell in _cells(grown):
                self._cells.setdefault(cell, []).append(grown)

    def way_out(self, areas: list[Area], across: int, down: int) -> Point:
        """Return how far all of ``areas`` have to go that way until none lies on what is taken."""
        x = y = 0.0
        while True:
            steps = [self._step((a + x, b + y, c + x, d + y), across, down) for a, b, c, d in areas]
            farther = x + across * max(steps), y + down * max(steps)
            if farther == (x, y):
                return x, y
            x, y = farther

    def _step(self, area: Area, across: int, down: int) -> float:
        left, top, right, bottom = area
        step = 0.0
        for cell in _cells(area):
            for a, b, c, d in self._cells.get(cell, ()):
                if left < c and a < right and top < d and b < bottom:
                    out = {(1, 0): c - left, (-1, 0): right - a, (0, 1): d - top, (0, -1): bottom - b}[across, down]
                    step = max(step, float(ceil(out)))
        return step


def _cells(area: Area) -> Iterable[tuple[int, int]]:
    left, top, right, bottom = (floor(value / _CELL) for value in area)
    return ((column, row) for column in range(left, right + 1) for row in range(top, bottom + 1))


def _area(place: Point, size: Size) -> Area:
    return place[0], place[1], place[0] + size[0], place[1] + size[1]


def _bounds(areas: list[Area]) -> Area:
    return (
        min(area[0] for area in areas),
        min(area[1] for area in areas),
        max(area[2] for area in areas),
        max(area[3] for area in areas),
    )
