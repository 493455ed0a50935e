"""Parts by the square of the canvas in which they lie, so that what is collected for painting is collected once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import floor
from typing import Final, Generic, TypeVar

from graph_editor.view.items.grid_index import Bounds

_SQUARE: Final = 2048.0
PartT = TypeVar("PartT")
LotT = TypeVar("LotT")


@dataclass(slots=True)
class _Chunk(Generic[PartT, LotT]):
    parts: dict[PartT, None] = field(default_factory=dict)
    bounds: Bounds = (0.0, 0.0, 0.0, 0.0)  # of all that were ever in it since it was last collected
    lots: dict[bool, LotT] = field(default_factory=dict)
    seen: bool = False  # it has been collected


class Chunks(Generic[PartT, LotT]):
    """``collect`` makes of the parts of a square what is painted of them; only for squares that have changed.

    Parts that are moved about lie loose meanwhile, so that their squares need not be collected for each of their steps.
    """

    def __init__(self, collect: Callable[[list[PartT], bool], LotT]) -> None:
        self._collect = collect
        self._chunks: dict[tuple[int, int], _Chunk[PartT, LotT]] = {}
        self._square_of: dict[PartT, tuple[int, int]] = {}
        self._loose: dict[PartT, Bounds] = {}
        self._restless: set[PartT] = set()  # moved since they were last painted

    def __len__(self) -> int:
        return len(self._square_of) + len(self._loose)

    def put(self, part: PartT, bounds: Bounds) -> None:
        """Add a part, or say that it takes up ``bounds`` now."""
        if part in self._loose:
            self._loose[part] = bounds
            self._restless.add(part)
            return
        square = self._square_of.get(part)
        if square is not None and self._chunks[square].seen:
            self.drop(part)
            self._loose[part] = bounds
            self._restless.add(part)
            return
        if square is not None:
            self.drop(part)
        self._settle(part, bounds)

    def touch(self, part: PartT) -> None:
        """A part looks different where it is."""
        square = self._square_of.get(part)
        if square is not None:
            self._chunks[square].lots.clear()

    def touch_all(self) -> None:
        for chunk in self._chunks.values():
            chunk.lots.clear()

    def drop(self, part: PartT) -> None:
        self._restless.discard(part)
        self._loose.pop(part, None)
        square = self._square_of.pop(part, None)
        if square is None:
            return
        chunk = self._chunks[square]
        del chunk.parts[part]
        chunk.lots.clear()
        if not chunk.parts:
            del self._chunks[square]

    def within(self, area: Bounds, coarse: bool) -> Iterator[LotT]:
        """The lots to paint of the squares that may show something in ``area``; with less detail if ``coarse``."""
        for part in [part for part in self._loose if part not in self._restless]:
            self._settle(part, self._loose.pop(part))
        self._restless.clear()
        left, top, right, bottom = area
        for chunk in self._chunks.values():
            a, b, c, d = chunk.bounds
            if a <= right and c >= left and b <= bottom and d >= top:
                lot = chunk.lots.get(coarse)
                if lot is None:
                    lot = chunk.lots[coarse] = self._collect(list(chunk.parts), coarse)
                    chunk.seen = True
                yield lot
        if self._loose:
            yield self._collect(list(self._loose), coarse)

    def _settle(self, part: PartT, bounds: Bounds) -> None:
        square = floor(bounds[0] / _SQUARE), floor(bounds[1] / _SQUARE)
        chunk = self._chunks.get(square)
        if chunk is None:
            chunk = self._chunks[square] = _Chunk(bounds=bounds)
        a, b, c, d = chunk.bounds
        chunk.bounds = min(a, bounds[0]), min(b, bounds[1]), max(c, bounds[2]), max(d, bounds[3])
        chunk.parts[part] = None
        chunk.lots.clear()
        self._square_of[part] = square
