"""Which boxes lie in a rectangle, without looking at all of them: a hash of squares."""

from collections.abc import Iterator, Sequence
from math import floor

Bounds = tuple[float, float, float, float]  # left, top, right, bottom
_SQUARE = 320.0


class GridIndex:
    def __init__(self) -> None:
        self._bounds: dict[str, Bounds] = {}
        self._squares: dict[tuple[int, int], dict[str, None]] = {}

    def put(self, key: str, bounds: Bounds) -> None:
        """Add ``key``, or move it."""
        before = self._bounds.get(key)
        if before is not None:
            if _span(before) == _span(bounds):
                self._bounds[key] = bounds
                return
            self.drop(key)
        self._bounds[key] = bounds
        for square in _squares(bounds):
            self._squares.setdefault(square, {})[key] = None

    def drop(self, key: str) -> None:
        """Take ``key`` away, if it is there."""
        bounds = self._bounds.pop(key, None)
        for square in _squares(bounds) if bounds else ():
            members = self._squares[square]
            del members[key]
            if not members:
                del self._squares[square]

    def clear(self) -> None:
        self._bounds.clear()
        self._squares.clear()

    def bounds(self, key: str) -> Bounds:
        return self._bounds[key]

    def within(self, area: Bounds) -> list[str]:
        """The keys whose bounds touch ``area``, in the order in which their squares got them."""
        left, top, right, bottom = area
        keys: dict[str, None] = {}
        squares = (right - left) * (bottom - top) / _SQUARE**2
        candidates = self._bounds if squares > len(self._bounds) else self._near(area)
        for key in candidates:
            a, b, c, d = self._bounds[key]
            if a <= right and c >= left and b <= bottom and d >= top:
                keys[key] = None
        return list(keys)

    def _near(self, area: Bounds) -> Iterator[str]:
        for square in _squares(area):
            yield from self._squares.get(square, ())


def union(areas: Sequence[Bounds]) -> Bounds:
    lefts, tops, rights, bottoms = zip(*areas, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _squares(bounds: Bounds) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = _span(bounds)
    for column in range(left, right + 1):
        for row in range(top, bottom + 1):
            yield column, row


def _span(bounds: Bounds) -> tuple[int, int, int, int]:
    """The first and the last column and row."""
    left, top, right, bottom = bounds
    return floor(left / _SQUARE), floor(top / _SQUARE), floor(right / _SQUARE), floor(bottom / _SQUARE)
