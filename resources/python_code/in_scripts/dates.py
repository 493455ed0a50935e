"""Dates and times as texts. Scripts hold this word by word (`resources/python_code/shared.py`)."""

import datetime
import re
import typing

import numpy as np

from resources.python_code.in_scripts.words import NO_VALUE

DATE = re.compile(
    r"([0-9]{1,4})([./-]) ?([0-9]{1,2})\2 ?([0-9]{1,4})[.]?"
    r"(?:(?:T| +|, *)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?(?: ?([AP])M)?"
    r"(?: ?(Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?))?)?",
    re.IGNORECASE,
)
EPOCH = datetime.datetime(1970, 1, 1)


def read_dates(
    texts: typing.Sequence[str], order: str | None = None
) -> tuple[typing.Any, int | None] | None:
    """Seconds since 1970 as float64, NaN where there is no value; None if some text is no date.

    The second is the first row that has a time zone while rows before it have none, or the other
    way round. Without a zone a time is taken as UTC. `order` says how 1/2/2020 is meant: "day",
    "month" or "year" comes first; without it only dates whose year stands first are read.
    """
    known: dict[str, tuple[float, bool] | None] = {}
    values = np.full(len(texts), np.nan)
    zoned: bool | None = None
    mixed = None
    for row, text in enumerate(texts):
        text = text.strip()
        if text.lower() in NO_VALUE:
            continue
        if text not in known:
            known[text] = date_of(text, order)
        found = known[text]
        if found is None:
            return None
        values[row] = found[0]
        if zoned is not None and found[1] != zoned and mixed is None:
            mixed = row
        zoned = found[1]
    return (values, mixed) if known else None


def date_of(text: str, order: str | None = None) -> tuple[float, bool] | None:
    """Seconds since 1970, and whether the text names a time zone; None if it is no date."""
    match = DATE.fullmatch(text)
    if match is None:
        return None
    parts = [match[1], match[3], match[4]]
    if len(match[1]) < 4:
        if order not in ("day", "month") or len(match[4]) not in (2, 4):
            return None
        parts = [parts[2], *(parts[1::-1] if order == "day" else parts[:2])]
    elif len(match[4]) > 2:
        return None
    year, month, day = map(int, parts)
    if len(parts[0]) == 2:
        year += 1900 if year >= 69 else 2000
    hour, minute, second = (int(match[n] or 0) for n in (5, 6, 7))
    if match[9]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[9] in "pP" else 0)
    try:
        time = datetime.datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    seconds = (time - EPOCH).total_seconds() + float(f"0.{match[8] or 0}")
    zone = match[10]
    if zone and zone[0] in "+-":
        offset = 3600 * int(zone[1:3]) + 60 * int(zone[3:].strip(":") or 0)
        seconds -= offset if zone[0] == "+" else -offset
    return seconds, zone is not None


def has_zone(text: str) -> bool | None:
    """Whether a date names its time zone; None for what is no date."""
    found = DATE.fullmatch(text.strip())
    return None if found is None else found[10] is not None


def seconds_of(time: typing.Any) -> float:
    """Seconds since 1970 of a date or a time of Python; of a time of day those since midnight."""
    if isinstance(time, datetime.datetime):
        return time.timestamp() if time.tzinfo else (time - EPOCH).total_seconds()
    if isinstance(time, datetime.date):
        return 86400.0 * (time - EPOCH.date()).days
    if isinstance(time, datetime.timedelta):
        return time.total_seconds()
    return float(3600 * time.hour + 60 * time.minute + time.second + time.microsecond / 1e6)
