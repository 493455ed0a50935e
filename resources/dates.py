"""Dates as people read them. Data holds a date as seconds since 1970 (UTC)."""

from __future__ import annotations

from datetime import UTC, datetime


def date_text(seconds: float) -> str | None:
    """A time as it is written down, without the hour at midnight; None for a missing one, and a year there is not."""
    try:
        time = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return time.strftime("%Y-%m-%d" if (time.hour, time.minute, time.second) == (0, 0, 0) else "%Y-%m-%d %H:%M:%S")


def day_text(seconds: float) -> str | None:
    """The day alone, where the hour says nothing: of a mean, or of an end of a bar."""
    text = date_text(seconds)
    return None if text is None else text[:10]
