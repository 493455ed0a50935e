"""Distances on the canvas, in scene units (pixels at 100 %)."""

from typing import Final

from graph_editor.document.sizes import BOX_WIDTH

RADIUS: Final = 8.0
PORT_RADIUS: Final = 4.5
PORT_REACH: Final = 11.0  # how near to a port a press has to be
WIRE_REACH: Final = 6.0
DOT_REACH: Final = 9.0
WIRE_END: Final = 30.0  # the length of a wire's end that picks up that end
PORT_SPACING: Final = 26.0
LABEL_DROP: Final = 6.0  # from the box down to what is written below it
BELOW: Final = 44.0  # the space below a box that its label, pill or sentence may use
OVERHANG: Final = 14.0  # how far these, and the glow, may stick out sideways
GRID: Final = 24.0
NUDGE: Final = 10.0
LANE: Final = 14.0  # how far a wire that goes round boxes stays away from them
TEXT_ZOOM: Final = 0.4  # below this zoom nothing can be read, and everything is painted in batches
MINIMUM_ZOOM: Final = 0.05
MAXIMUM_ZOOM: Final = 4.0
NEXT_GAP: Final = 56.0  # between a box and one added below it


def port_offsets(count: int, middle: int | None = None) -> list[float]:
    """Return where ``count`` ports stand along the edge of a box, from its left side, evenly and around its middle.

    With ``middle`` that port stands in the middle itself, if the others then fit.
    """
    if count <= 0:
        return []
    room = BOX_WIDTH - 32
    spacing = min(PORT_SPACING, room / (count - 1)) if count > 1 else 0.0
    before = (count - 1) / 2
    if middle is not None and max(middle, count - 1 - middle) * spacing <= room / 2:
        before = middle
    return [BOX_WIDTH / 2 + (index - before) * spacing for index in range(count)]
