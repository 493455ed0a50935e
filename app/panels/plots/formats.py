"""Numbers as people read them beside a plot."""

from __future__ import annotations

import math


def value_text(value: float | None) -> str:
    """A metric in about four characters of precision: 0.142, 12.5, 3.1e-05; a dash when there is none."""
    if value is None:
        return "–"
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞" if value > 0 else "−∞"
    size = abs(value)
    if size and (size < 1e-3 or size >= 1e5):
        return f"{value:.1e}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
    return f"{value:.3f}" if size < 10 else f"{value:.1f}" if size < 1000 else f"{value:,.0f}"


def count_text(value: float) -> str:
    """A whole number with thousands separated."""
    return f"{value:,.0f}"


def time_text(seconds: float) -> str:
    """A time on an axis: below a minute in seconds, 0.5 s or 12 s, else as a duration."""
    return f"{seconds:.3g} s" if seconds < 60 else duration_text(seconds)


def duration_text(seconds: float) -> str:
    """Seconds as 0:41, 12:05 or 1:02:09."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
