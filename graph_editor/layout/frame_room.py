"""Room for frames: an arranged graph moves apart where a box would touch the frame around others."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from graph_editor.document.document import Point
from graph_editor.layout.layered import Size, arrange

FRAME_SIDE: Final = 22.0  # how far a frame reaches beyond its boxes
FRAME_ABOVE: Final = 34.0  # with its title
FRAME_BELOW: Final = 36.0
_ROOM: Final = 28.0  # between a frame and a box outside of it: what is written below a box has to fit in


def arrange_framed(
    nodes: Mapping[str, Size], edges: Iterable[tuple[str, str]], frames: Sequence[Sequence[str]]
) -> dict[str, Point]:
    """``arrange``, and then room above and below each of ``frames``."""
    return moved_apart(arrange(nodes, edges), nodes, frames)


def moved_apart(
    places: Mapping[str, Point], sizes: Mapping[str, Size], frames: Sequence[Sequence[str]]
) -> dict[str, Point]:
    """The places, with all that lies below a line moved down where a frame needs room there."""
    shifts: dict[float, float] = {}
    for frame in frames:
        for line, shift in _needed_gaps(places, sizes, [key for key in frame if key in places]):
            shifts[line] = max(shift, shifts.get(line, 0.0))
    if not shifts:
        return dict(places)
    return {key: (x, y + sum(shifts[line] for line in shifts if y >= line)) for key, (x, y) in places.items()}


def _needed_gaps(
    places: Mapping[str, Point], sizes: Mapping[str, Size], inside: Sequence[str]
) -> list[tuple[float, float]]:
    """From which line on everything moves down for one frame, and how far."""
    if not inside:
        return []
    left = min(places[key][0] for key in inside) - FRAME_SIDE
    right = max(places[key][0] + sizes[key][0] for key in inside) + FRAME_SIDE
    top = min(places[key][1] for key in inside)
    bottom = max(places[key][1] + sizes[key][1] for key in inside)
    members = set(inside)
    near = [
        (y, y + sizes[key][1])
        for key, (x, y) in places.items()
        if key not in members and x < right and x + sizes[key][0] > left
    ]
    above = max((end for _, end in near if end <= top), default=None)
    below = min((start for start, _ in near if start >= bottom), default=None)
    gaps = [] if above is None else [(top, above + FRAME_ABOVE + _ROOM - top)]
    gaps += [] if below is None else [(bottom, bottom + FRAME_BELOW + _ROOM - below)]
    return [(line, shift) for line, shift in gaps if shift > 0]
