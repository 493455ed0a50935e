"""How the parts of the data are called, and which colours they have wherever they are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from resources.text import Text

PART_COLORS: Final[Mapping[str, str]] = {"training": "plot.1", "validation": "plot.2", "test": "plot.8"}
PART_TITLES: Final[Mapping[str, Text]] = {
    "training": Text("training"),
    "validation": Text("validation"),
    "test": Text("test"),
}
