"""Which pages of the right column are offered, and whether explanations are: those that evaluators answer."""

from __future__ import annotations

from typing import Final

OUTPUT, WEIGHTS, MAP, TAKE = "output", "weights", "map", "take"
PAGES: Final = (OUTPUT, WEIGHTS, MAP, TAKE)
EXPLAINS: Final = True
