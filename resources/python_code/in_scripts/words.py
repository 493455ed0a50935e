"""Words as numbers. Scripts hold this word by word (`resources/python_code/shared.py`)."""

import re
import typing

import numpy as np

from resources.python_code.in_scripts.places import with_words

# What people write where they have no value. Compared in lower case.
NO_VALUE = frozenset(
    (
        "",
        "-",
        "--",
        "–",
        "—",
        ".",
        "?",
        "na",
        "n/a",
        "n.a.",
        "#n/a",
        "#na",
        "<na>",
        "nan",
        "-nan",
        "null",
        "none",
        "nil",
    )
)

CERTAIN_CLASSES = 50  # so few different words are always classes, more only if words repeat
MOST_CLASSES = 100_000


# 1.234 may be a thousand and more.
DOT_THOUSANDS = re.compile(" *[+-]?[1-9][0-9]{0,2}[.][0-9]{3} *")


def as_numbers(values: typing.Any) -> typing.Any:
    """Numbers stay, in this machine's order of bytes, and texts of plain numbers become these.

    Words become their places among the sorted different words, -1 where there is no word; free
    texts stay texts.
    """
    values = np.asarray(values)
    if values.dtype.kind not in "OSU":
        return values.astype(values.dtype.newbyteorder("="), copy=False)
    texts = [
        text.decode(errors="replace") if isinstance(text, bytes) else str(text)
        for text in values.ravel()
    ]
    found = plain_numbers(texts)
    if found is None:
        found, words = places_of_words(texts)
        free = are_free_texts(len(words), len(texts))
        found = np.array(texts, object) if free else with_words(found, words)
    return found.reshape(values.shape)


def are_free_texts(different: int, rows: int) -> bool:
    """Whether so many different words in so many rows name no classes."""
    return different > MOST_CLASSES or different > max(CERTAIN_CLASSES, rows // 2)


def places_of_words(texts: typing.Sequence[str]) -> tuple[typing.Any, list[str]]:
    """Return int64, and the different words. "NA" and the like are no words: their place is -1."""
    texts = [text.strip() for text in texts]
    words = sorted({text for text in texts if text.lower() not in NO_VALUE})
    places = {word: place for place, word in enumerate(words)}
    return np.array([places.get(text, -1) for text in texts], np.int64), words


def plain_numbers(texts: typing.Sequence[str]) -> typing.Any:
    """What Python reads, without texts of which each may be a number of thousands: else None."""
    values = python_numbers(texts)
    doubtful = values is None or (values.dtype.kind == "f" and only_thousands(texts))
    return None if doubtful else values


def only_thousands(texts: typing.Sequence[str]) -> bool | None:
    """Whether all points can be marks of thousands; None without points."""
    pointed = [text for text in texts if "." in text and text.strip() != "."]
    return all(DOT_THOUSANDS.fullmatch(text) for text in pointed) if pointed else None


def python_numbers(texts: typing.Sequence[str]) -> typing.Any:
    """int64, or float64 with NaN where there is no value; None for what Python reads otherwise."""
    if any("_" in text for text in texts):
        return None
    try:
        return np.array([int(text) for text in texts], np.int64)
    except (ValueError, OverflowError):
        pass
    try:
        values = [np.nan if text.strip().lower() in NO_VALUE else float(text) for text in texts]
    except ValueError:
        return None
    return np.array(values, np.float64)
