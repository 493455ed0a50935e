"""Dates as numbers that a model can use. Scripts hold this word by word."""

import datetime
import typing

import numpy as np

CYCLES = {"month": 12, "day": 31, "weekday": 7, "hour": 24}  # those that begin anew
DAY_SECONDS = 86_400


class NoDate(ValueError):  # noqa: N818 - what the word is
    """A word that is no date."""


def date_parts(dates: typing.Any, parts: typing.Sequence[str], cyclic: bool) -> typing.Any:
    """Of each date its "year", "month", "day", "weekday" (Monday is 0) and "hour", as float32.

    Dates are seconds since 1970, or words as ISO 8601 has them; a missing one gives NaN. `cyclic`:
    sine and cosine in place of what begins anew. Raises NoDate.
    """
    seconds = np.asarray(seconds_of_dates(dates))
    missing = np.isnan(seconds)
    whole = np.where(missing, 0, seconds).astype(np.int64)
    days = whole // DAY_SECONDS
    years = days.astype("datetime64[D]").astype("datetime64[Y]")
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    found = {
        "year": years.astype(np.int64) + 1970,
        "month": months.astype(np.int64) % 12 + 1,
        "day": days - first + 1,
        "weekday": (days + 3) % 7,
        "hour": whole % DAY_SECONDS // 3600,
    }
    columns = []
    for part in parts:
        numbers = found[part].astype(np.float64)
        if cyclic and part in CYCLES:
            angle = 2 * np.pi * (numbers - (part in ("month", "day"))) / CYCLES[part]
            columns += [np.sin(angle), np.cos(angle)]
        else:
            columns.append(numbers)
    stacked = np.stack(columns, axis=1).astype(np.float32)
    stacked[missing] = np.nan
    return stacked


def seconds_of_dates(dates: typing.Any) -> typing.Any:
    """Shape (dates,), NaN where there is none."""
    flat = dates.reshape(-1)
    if flat.dtype != object:
        return flat.astype(np.float64)
    words, places = np.unique(flat.astype(str), return_inverse=True)
    return np.array([seconds_of_word(word) for word in words.tolist()], np.float64)[places]


def seconds_of_word(word: str) -> float:
    """Dates without a zone are taken as they stand, those with one as UTC."""
    if not word.strip():
        return float("nan")
    try:
        date = datetime.datetime.fromisoformat(word.strip())
    except ValueError as error:
        raise NoDate(word) from error
    zoned = date if date.tzinfo is not None else date.replace(tzinfo=datetime.UTC)
    return (zoned - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)).total_seconds()
