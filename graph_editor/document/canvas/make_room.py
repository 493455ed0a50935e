"""Room for boxes that come where others lie."""

from collections.abc import Collection, Mapping
from typing import Final

from graph_editor.document.document import Point
from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH

FRAME_GAP: Final = 100.0  # between frames: the title of one, and what is around its boxes
_GAP: Final = 24.0


def make_room(spots: dict[str, Point], block: Collection[str], middle: float) -> None:
    """Push the boxes below ``block`` down and those above it up, as far as it takes; all of them keep their order.

    ``spots`` are the places of all boxes and are changed; ``middle`` tells what lies above and what below.
    """
    inside = [spots[key] for key in block]
    if not inside:
        return
    left, right = min(x for x, _ in inside) - _GAP, max(x for x, _ in inside) + BOX_WIDTH + _GAP
    top, bottom = min(y for _, y in inside) - _GAP, max(y for _, y in inside) + BOX_HEIGHT + _GAP
    others = {key: point for key, point in spots.items() if key not in set(block)}
    near = [y for x, y in others.values() if x + BOX_WIDTH > left and x < right]
    down = max((bottom - y for y in near if middle < y < bottom), default=0.0)
    down = max(down, max(y for _, y in inside) - min(y for _, y in inside)) if down else down  # as ``close_up`` took
    up = max((y + BOX_HEIGHT - top for y in near if top - BOX_HEIGHT < y <= middle), default=0.0)
    for key, (x, y) in others.items():
        spots[key] = (x, y + down) if y > middle else (x, y - up)


def close_up(others: Mapping[str, Point], top: float, bottom: float) -> dict[str, Point]:
    """New places for ``others`` when the boxes with their corners between ``top`` and ``bottom`` become one at ``top``.

    None when any of them stands beside these: it would come out of line.
    """
    beside = any(top - BOX_HEIGHT < y < bottom + BOX_HEIGHT for _, y in others.values())
    if beside or bottom == top:
        return {}
    return {key: (x, y - (bottom - top)) for key, (x, y) in others.items() if y > bottom}


def pushed_below(
    spots: Mapping[str, Point], inside: Collection[Point], line: float, behind: Collection[str], gap: float
) -> dict[str, Point]:
    """New places for what lies below ``line`` when boxes come to lie at ``inside``, which all are below it.

    Everything there moves down by the same amount, as far as it takes for what stands in the way and for ``behind``,
    the boxes to which wires lead from there.
    """
    below = {key: point for key, point in spots.items() if point[1] > line}
    left, right = min(x for x, _ in inside) - _GAP, max(x for x, _ in inside) + BOX_WIDTH + _GAP
    near = [y for key, (x, y) in below.items() if key in behind or (x + BOX_WIDTH > left and x < right)]
    shift = max((max(y for _, y in inside) + BOX_HEIGHT + gap - y for y in near), default=0.0)
    return {key: (x, y + shift) for key, (x, y) in below.items()} if shift > 0 else {}
