"""Room for boxes that come where others lie."""

from collections.abc import Collection

from graph_editor.document.document import Point
from graph_editor.layout.sizes import BOX_HEIGHT, BOX_WIDTH

_GAP = 24.0


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
    up = max((y + BOX_HEIGHT - top for y in near if top - BOX_HEIGHT < y <= middle), default=0.0)
    for key, (x, y) in others.items():
        spots[key] = (x, y + down) if y > middle else (x, y - up)
