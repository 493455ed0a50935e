"""The way of a wire: down from an output port into an input port, round the boxes that are in between. No Qt."""

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from math import hypot
from typing import Final

from graph_editor.view.items.grid_index import Bounds
from graph_editor.view.painting.metrics import LANE

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]  # a cubic Bézier
_CLEAR: Final = 5.0  # nearer than this, a wire looks as if it touched the box
_TURN: Final = 10.0  # how far into its lane a wire still turns
_SAMPLES: Final = 14
_KEPT: Final = 0.36  # the share of a piece between two dots in which a wire goes on as it came
_ROOMY: Final = 12.0  # how much further away a wire runs where nothing is in the way


def route(start: Point, end: Point, boxes_in: Callable[[Bounds], Sequence[Bounds]]) -> list[Curve]:
    """The curves from ``start`` (below its box) to ``end`` (above its box).

    ``boxes_in`` gives the bounds of the boxes that touch an area, without the two that the wire joins.
    """
    direct = bow(start, end)
    (x0, y0), (x1, y1) = start, end
    if y1 - y0 < 30:
        return [direct]
    band = (min(x0, x1) - 4, y0 + 2, max(x0, x1) + 4, y1 - 2)
    blocking = [box for box in boxes_in(band) if _touches(direct, box)]
    if not blocking:
        return [direct]
    top, bottom = _blocked_span(blocking, start, end, boxes_in)
    lane = _lane(start, end, top, bottom, boxes_in)
    down = min(top + _TURN, (top + bottom) / 2)
    up = max(bottom - _TURN, (top + bottom) / 2)
    return [bow(start, (lane, down)), ((lane, down), (lane, down), (lane, up), (lane, up)), bow((lane, up), end)]


def bow(start: Point, end: Point) -> Curve:
    """One curve that leaves downwards and arrives downwards; it swings out when the end lies above the start."""
    (x0, y0), (x1, y1) = start, end
    rise = y1 - y0
    pull = max(rise * 0.55, min(24.0, abs(rise) * 0.4)) if rise > 0 else min(140.0, 50 - rise * 0.4)
    return start, (x0, y0 + pull), (x1, y1 - pull), end


def through(
    start: Point,
    dots: Sequence[Point],
    end: Point,
    boxes_in: Callable[[Bounds], Sequence[Bounds]] = lambda _area: (),
) -> list[Curve]:
    """The curves from ``start`` through all ``dots`` to ``end``; like ``bow`` they leave and arrive downwards.

    At a dot the wire is half way from the direction in which it came to the one in which it goes on. It bends within
    the shorter of the two pieces that meet there, so that a long one stays straight. Where a piece would run behind a
    box that ``route`` can go round it does so, downwards through the dots at its ends.
    """
    way = [start, *dots, end]
    bent = _bent(way, upright={0, len(way) - 1})
    pairs = list(pairwise(way))
    round_about = {n: route(*pairs[n], boxes_in) for n, curve in enumerate(bent) if _is_hidden(curve, boxes_in)}
    better = {n for n, curves in round_about.items() if not any(_is_hidden(curve, boxes_in) for curve in curves)}
    if not better:
        return bent
    upright = {0, len(way) - 1, *better, *(n + 1 for n in better)}
    return [
        curve for n, smooth in enumerate(_bent(way, upright)) for curve in (round_about[n] if n in better else [smooth])
    ]


def _bent(way: Sequence[Point], upright: Collection[int]) -> list[Curve]:
    """A curve for each piece of ``way``; at the places ``upright`` it runs straight down."""
    lengths = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(way)]
    curves = []
    for n, (a, b) in enumerate(pairwise(way)):
        (ux, uy), (vx, vy) = (_pull(way, lengths, end, lengths[n], end in upright) for end in (n, n + 1))
        curves.append((a, (a[0] + ux, a[1] + uy), (b[0] - vx, b[1] - vy), b))
    return curves


def _is_hidden(curve: Curve, boxes_in: Callable[[Bounds], Sequence[Bounds]]) -> bool:
    """Whether a curve runs behind a box."""
    xs, ys = zip(*curve, strict=True)
    return any(_touches(curve, box) for box in boxes_in((min(xs), min(ys), max(xs), max(ys))))


def _pull(way: Sequence[Point], lengths: Sequence[float], n: int, length: float, upright: bool) -> Point:
    """Return how far a wire keeps on the way it has at a place of ``way``, into a piece of that length."""
    pull = length * _KEPT
    if upright:
        return 0.0, pull
    pull = min(pull, min(lengths[n - 1 : n + 1]) / 2)
    x, y = (_share(way, lengths, n - 1, axis) + _share(way, lengths, n, axis) for axis in (0, 1))
    far = hypot(x, y)
    return (x / far * pull, y / far * pull) if far > 1e-6 else (0.0, pull)


def _share(way: Sequence[Point], lengths: Sequence[float], n: int, axis: int) -> float:
    """Return how much of the n-th piece leads along an axis."""
    return (way[n + 1][axis] - way[n][axis]) / lengths[n] if lengths[n] else 0.0


def sample(curve: Curve, count: int = _SAMPLES) -> list[Point]:
    """``count`` + 1 points along a curve."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = curve
    points = []
    for step in range(count + 1):
        t = step / count
        u = 1 - t
        a, b, c, d = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
        points.append((a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy))
    return points


def _touches(curve: Curve, box: Bounds) -> bool:
    left, top, right, bottom = box[0] - _CLEAR, box[1] - _CLEAR, box[2] + _CLEAR, box[3] + _CLEAR
    return any(left < x < right and top < y < bottom for x, y in sample(curve)[1:-1])


def _blocked_span(
    blocking: Sequence[Bounds], start: Point, end: Point, boxes_in: Callable[[Bounds], Sequence[Bounds]]
) -> tuple[float, float]:
    """From the first to the last box in the way, those below the first included that a straight way on would hit."""
    top = min(box[1] for box in blocking)
    bottom = max(box[3] for box in blocking)
    for x in (start[0], end[0]):
        for box in boxes_in((x - _CLEAR, start[1] + 2, x + _CLEAR, end[1] - 2)):
            top, bottom = min(top, box[1]), max(bottom, box[3])
    return top, bottom


def _lane(start: Point, end: Point, top: float, bottom: float, boxes_in: Callable[[Bounds], Sequence[Bounds]]) -> float:
    """The x nearest to both ends at which a vertical line from ``top`` to ``bottom`` is free; to the right if equal."""
    middle = (start[0] + end[0]) / 2
    left, right = middle, middle
    reach = 400.0
    while True:
        boxes = boxes_in((middle - reach, top, middle + reach, bottom))
        spans = sorted((box[0] - LANE + 1, box[2] + LANE - 1) for box in boxes)
        left, right = _nearest_gaps(spans, middle)
        if right < middle + reach or left > middle - reach:
            break
        reach *= 2

    def cost(x: float) -> float:
        return abs(x - start[0]) + abs(x - end[0])

    side = 1 if cost(right) <= cost(left) + 1 else -1
    lane = right + 1 if side == 1 else left - 1
    near, far = lane + side * LANE, lane + side * (2 * LANE + 4)
    return lane + side * _ROOMY if not boxes_in((min(near, far), top, max(near, far), bottom)) else lane


def _nearest_gaps(spans: Sequence[tuple[float, float]], middle: float) -> tuple[float, float]:
    """The free places nearest to ``middle`` on the left and on the right of the spans that cover it."""
    merged: list[list[float]] = []
    for low, high in spans:
        if merged and low <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], high)
        else:
            merged.append([low, high])
    for low, high in merged:
        if low <= middle <= high:
            return low, high
    return middle, middle
