"""What curves on a plot are made of: growing buffers, smoothing, and thinning to what a screen can show."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_BLOCK = 256
MOST_POINTS = 1 << 18  # of one curve: far more than a screen shows


class CurveBuffer:
    """Points (x, y) that only grow at the end. Appending is amortised O(1) a point.

    x must not decrease, so that a range of x is a slice. y may be NaN or infinite. There are never more than `most`
    points: beyond that, the lowest and the highest of every few neighbours stay, of equally many along the whole curve
    but its end, so that no peak is lost. `thinnings` counts how often that was.
    """

    def __init__(self, capacity: int = 256, most: int = MOST_POINTS) -> None:
        self._x: Floats = np.empty(max(1, capacity), dtype=np.float64)
        self._y: Floats = np.empty(max(1, capacity), dtype=np.float64)
        self._size = 0
        self._most = max(1024, most)
        self._width = 2  # points that came, for every two of the first `_even` ones
        self._even = 0
        self.thinnings = 0

    @classmethod
    def of(cls, x: Floats, y: Floats) -> CurveBuffer:
        """All points at once. Raises ValueError as `extend`."""
        points = cls(max(1, x.size), max(MOST_POINTS, x.size))
        points.extend(x, y)
        return points

    def __len__(self) -> int:
        return self._size

    @property
    def x(self) -> Floats:
        """A read-only view of all x."""
        return _frozen(self._x[: self._size])

    @property
    def y(self) -> Floats:
        """A read-only view of all y."""
        return _frozen(self._y[: self._size])

    def append(self, x: float, y: float) -> None:
        self.extend((x,), (y,))

    def extend(self, x: ArrayLike, y: ArrayLike) -> None:
        """Add points at the end. Raises ValueError when lengths differ or x goes back."""
        xs = np.asarray(x, dtype=np.float64)
        ys = np.asarray(y, dtype=np.float64)
        if xs.ndim != 1 or xs.shape != ys.shape:
            raise ValueError(f"x and y must be one row of equal length, not {xs.shape} and {ys.shape}")
        if not xs.size:
            return
        before = self._x[self._size - 1] if self._size else xs[0]
        if xs[0] < before or np.any(np.diff(xs) < 0):
            raise ValueError("x must not decrease")
        piece = max(1, self._most // 4)
        for first in range(0, xs.size, piece):
            self._add(xs[first : first + piece], ys[first : first + piece])

    def window(self, low: float, high: float) -> slice:
        """Indices of the points in [low, high], with one more point on each side so that lines reach the edge."""
        first = int(np.searchsorted(self.x, low, side="left")) - 1
        last = int(np.searchsorted(self.x, high, side="right")) + 1
        return slice(max(0, first), min(self._size, last))

    def value_at(self, x: float) -> float | None:
        """y of the last point at or before x; None before the first point."""
        index = int(np.searchsorted(self.x, x, side="right")) - 1
        return float(self._y[index]) if index >= 0 else None

    def nearest(self, x: float) -> tuple[float, float] | None:
        """The point whose x is nearest, the earlier of two at equal distance; None when there is no point."""
        if not self._size:
            return None
        after = int(np.searchsorted(self.x, x, side="right"))
        index = min(after, self._size - 1)
        if after and (index < after or x - self._x[after - 1] <= self._x[index] - x):
            index = after - 1
        return float(self._x[index]), float(self._y[index])

    def _add(self, xs: Floats, ys: Floats) -> None:
        self._reserve(self._size + xs.size)
        self._x[self._size : self._size + xs.size] = xs
        self._y[self._size : self._size + xs.size] = ys
        self._size += int(xs.size)
        if self._size > self._most:
            self._thin()

    def _thin(self) -> None:
        bins = (self._size - self._even) // self._width  # what is left over waits for the rest of its bin
        end = self._even + bins * self._width
        kept = np.concatenate([np.arange(self._even), self._even + _two_a_bin(self._y[self._even : end], self._width)])
        while kept.size > self._most // 2:
            whole = kept.size // 4 * 4
            end = end if whole == kept.size else int(kept[whole])  # an odd pair is taken for points that just came
            kept = kept[:whole][_two_a_bin(self._y[kept[:whole]], 4)]
            self._width *= 2
        self._even = int(kept.size)
        indices = np.concatenate([kept, np.arange(end, self._size)])
        self._x, self._y = self._x[indices], self._y[indices]  # new ones: views of the old stay as they are
        self._size = int(indices.size)
        self.thinnings += 1

    def _reserve(self, size: int) -> None:
        capacity = self._x.size
        if size <= capacity:
            return
        while capacity < size:
            capacity *= 2
        for name in ("_x", "_y"):
            grown = np.empty(capacity, dtype=np.float64)
            grown[: self._size] = getattr(self, name)[: self._size]
            setattr(self, name, grown)


class Smoother:
    """An exponential moving average with bias correction that is fed in pieces.

    Feeding pieces gives what feeding everything at once gives. A value that is not finite gives NaN and is otherwise
    left out, so that one NaN does not blot out the rest. Factor 0 keeps values as they are; it must lie in [0, 1).
    Formula: s[t] = f·s[t-1] + (1-f)·y[t], result s[t] / (1 - f^t)  (Kingma & Ba 2015, section 3).
    """

    def __init__(self, factor: float) -> None:
        if not 0.0 <= factor < 1.0:
            raise ValueError(f"the smoothing factor must be at least 0 and below 1, not {factor}")
        self.factor = factor
        self._state = 0.0
        self._count = 0

    def feed(self, values: ArrayLike) -> Floats:
        """The smoothed values, as many as given."""
        y = np.asarray(values, dtype=np.float64)
        finite = np.isfinite(y)
        out = np.where(finite, y, np.nan)
        if self.factor == 0.0 or not finite.any():
            return out
        out[finite] = self._feed_finite(y[finite])
        return out

    def _feed_finite(self, y: Floats) -> Floats:
        raw = np.empty_like(y)
        rows = y.size // _BLOCK
        whole = rows * _BLOCK
        # Inside a block the average is one matrix product; only the carry from block to block is a loop.
        decay = self.factor ** np.arange(1, _BLOCK + 1, dtype=np.float64)
        if rows:
            local = y[:whole].reshape(rows, _BLOCK) @ _kernel(self.factor, _BLOCK).T
            carries = np.empty(rows, dtype=np.float64)
            for row in range(rows):
                carries[row] = self._state
                self._state = float(local[row, -1] + decay[-1] * self._state)
            raw[:whole] = (local + carries[:, None] * decay).ravel()
        if rest := y.size - whole:
            tail = _kernel(self.factor, rest) @ y[whole:] + decay[:rest] * self._state
            raw[whole:] = tail
            self._state = float(tail[-1])
        times = np.arange(self._count + 1, self._count + y.size + 1, dtype=np.float64)
        self._count += int(y.size)
        # expm1 keeps the correction exact where the factor is close to 1.
        corrected: Floats = raw / -np.expm1(times * np.log(self.factor))
        return corrected


def smooth(values: ArrayLike, factor: float) -> Floats:
    """All values smoothed at once, see Smoother."""
    return Smoother(factor).feed(values)


class SmoothedCurve:
    """A CurveBuffer with its smoothed twin, which follows when the buffer grows, is thinned, or the factor changes.

    Of points that were thinned, those that are left are smoothed.
    """

    def __init__(self, raw: CurveBuffer) -> None:
        self.raw = raw
        self._smoother = Smoother(0.0)
        self._smoothed = CurveBuffer()
        self._thinnings = raw.thinnings

    def at(self, factor: float) -> CurveBuffer:
        """The smoothed points: the raw buffer itself at factor 0. Costs only what was added since the last call."""
        if factor == 0.0:
            return self.raw
        if factor != self._smoother.factor or self._thinnings != self.raw.thinnings:
            self._thinnings = self.raw.thinnings
            self._smoother = Smoother(factor)
            self._smoothed = CurveBuffer()
        done = len(self._smoothed)
        if done < len(self.raw):
            self._smoothed.extend(self.raw.x[done:], self._smoother.feed(self.raw.y[done:]))
        return self._smoothed


def thin(x: Floats, y: Floats, bins: int, first: int = 0) -> tuple[Floats, Floats]:
    """At most about 2·bins points with the same outline: the lowest and the highest of every bin, in their order.

    `first` is the index of x[0] in its curve. Bins start at multiples of their width, so that a peak does not jump from
    bin to bin while the curve grows or is dragged. NaN is left out of a bin that has other values.
    """
    size = int(x.size)
    if size <= 2 * max(1, bins):
        return x, y
    # A power of two changes the width rarely, which keeps what is drawn still while points arrive.
    width = 1 << int(np.ceil(np.log2(size / max(1, bins))))
    head = min(size, -first % width)
    rows = (size - head) // width
    body = slice(head, head + rows * width)
    picked = _extremes(y[body].reshape(rows, width)) + head
    indices = np.concatenate(
        [
            _few_extremes(y[:head]),
            picked,
            _few_extremes(y[body.stop :]) + body.stop,
            np.array([0, size - 1]),
        ]
    )
    indices = np.unique(indices)
    return x[indices], y[indices]


def bin_means(x: Floats, y: Floats, bins: int, first: int = 0) -> tuple[Floats, Floats]:
    """At most about `bins` points: the means of bins that are cut as in `thin`, and the last point as it is.

    For curves that were smoothed anyway. A bin without a finite value is NaN.
    """
    size = int(x.size)
    if size <= max(2, bins):
        return x, y
    width = 1 << int(np.ceil(np.log2(size / max(1, bins))))
    head = min(size, -first % width)
    rows = (size - head) // width
    body = slice(head, head + rows * width)
    parts_x, parts_y = x[body].reshape(rows, width).mean(axis=1), y[body].reshape(rows, width)
    finite = np.isfinite(parts_y)
    if finite.all():
        means = parts_y.mean(axis=1)
    else:
        counts = finite.sum(axis=1)
        sums = np.where(finite, parts_y, 0.0).sum(axis=1)
        means = np.divide(sums, counts, out=np.full(rows, np.nan), where=counts > 0)
    start = slice(0, 1 if head or first == 0 else 0)
    return np.concatenate([x[start], parts_x, x[-1:]]), np.concatenate([y[start], means, y[-1:]])


def staircase(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The corners of a line that keeps every value until the next point."""
    return np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]


def finite_range(values: Floats) -> tuple[float, float] | None:
    """The lowest and highest finite value, None when there is none."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return None
    return float(finite.min()), float(finite.max())


def _extremes(rows: Floats) -> NDArray[np.intp]:
    if not rows.size:
        return np.empty(0, dtype=np.intp)
    missing = np.isnan(rows)
    if missing.any():
        low = np.where(missing, np.inf, rows).argmin(axis=1)
        high = np.where(missing, -np.inf, rows).argmax(axis=1)
    else:
        low, high = rows.argmin(axis=1), rows.argmax(axis=1)
    base = np.arange(rows.shape[0]) * rows.shape[1]
    return np.concatenate([base + low, base + high])


def _two_a_bin(values: Floats, width: int) -> NDArray[np.intp]:
    """The indices of the lowest and the highest of every bin, in order; of a flat one the first and the last."""
    bins = values.size // width
    pairs = np.sort(_extremes(values.reshape(bins, width)).reshape(2, bins), axis=0)
    pairs[1] = np.where(pairs[0] == pairs[1], pairs[0] - pairs[0] % width + width - 1, pairs[1])
    flat: NDArray[np.intp] = pairs.T.ravel()
    return flat


def _few_extremes(values: Floats) -> NDArray[np.intp]:
    return _extremes(values[None, :]) if values.size else np.empty(0, dtype=np.intp)


def _kernel(factor: float, size: int) -> Floats:
    steps = np.arange(size)
    powers = steps[:, None] - steps[None, :]
    kernel: Floats = np.where(powers >= 0, (1.0 - factor) * factor ** np.maximum(powers, 0), 0.0)
    return kernel


def _frozen(view: Floats) -> Floats:
    view.flags.writeable = False
    return view
