"""What comes out of a box for one sample, as plain values: all that painting it needs to know. No Qt."""

from dataclasses import dataclass
from typing import Final

CHANNELS: Final = (1, 3, 4)


@dataclass(frozen=True, slots=True)
class SmallMap:
    """Rows of ``width`` pixels from the top, 8 bits for each of 1, 3 or 4 ``channels``.

    Of one channel the values are places on the scale of colours, of more they are colours.
    """

    width: int
    height: int
    channels: int
    data: bytes

    @property
    def is_sound(self) -> bool:
        """Whether there are as many bytes as it says."""
        size = self.width * self.height * self.channels
        return self.width > 0 and self.height > 0 and self.channels in CHANNELS and len(self.data) == size


@dataclass(frozen=True, slots=True)
class MapTiles:
    """Small maps side by side, the most active first; ``numbers`` are their channels, of which there are ``of``."""

    maps: tuple[SmallMap, ...]
    numbers: tuple[int, ...]
    of: int


@dataclass(frozen=True, slots=True)
class StepLines:
    """Values by step, a line for each feature that is told; there are ``of`` features."""

    lines: tuple[tuple[float, ...], ...]
    of: int


@dataclass(frozen=True, slots=True)
class ValueBars:
    """The values of a vector of ``of``, with names where it has some."""

    values: tuple[float, ...]
    names: tuple[str, ...] = ()
    of: int = 0


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Rows of numbers."""

    values: tuple[tuple[float, ...], ...]
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WordList:
    """Words, or whole numbers, as they are; there are ``of``. ``weights`` from -1 to 1 colour them."""

    words: tuple[str, ...]
    of: int
    weights: tuple[float, ...] = ()


InsideView = MapTiles | StepLines | ValueBars | HeatMap | WordList


@dataclass(frozen=True, slots=True)
class InsideLook:
    """What one box shows: a view, and figures in words.

    ``briefs`` stand below the box, two lines at most, ``lines`` below the enlarged view. ``note`` says why there is no
    view; ``quiet`` that this is nothing to worry about, as while an answer is awaited.
    """

    view: InsideView | None = None
    briefs: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    note: str = ""
    quiet: bool = True
