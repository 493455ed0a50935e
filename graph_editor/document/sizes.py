"""How large a box is: shared by the layout, which must not know Qt, and by the painting."""

from typing import Final

BOX_WIDTH: Final = 172.0
BOX_HEIGHT: Final = 50.0
SLIM_HEIGHT: Final = 26.0  # of a collapsed box


def box_height(slim: bool) -> float:
    return SLIM_HEIGHT if slim else BOX_HEIGHT
