"""Samples of two sources that belong together by a key. Scripts hold this word by word."""

import typing
import unicodedata

import numpy as np

from resources.python_code.in_scripts.places import words_in


def rows_by_key(
    first: typing.Any, second: typing.Any, leave_out: bool, take_first: bool
) -> tuple[typing.Any, typing.Any]:
    """Which samples of the first have a match, and of each of them the row of the second.

    Raises ValueError for one that has none, or several, unless it is to be left out, or the first
    is to be taken. Words that differ are compared as names of files, too, and without endings.
    """
    keys, others = (words_in(column).reshape(-1).tolist() for column in (first, second))
    different = {key for key in keys if key == key and key != ""}
    best: dict[typing.Any, typing.Any] | None = None
    words = any(isinstance(key, str) for key in (*keys, *others))
    forms = (as_it_is, as_path, file_name, stem_of) if words else (as_it_is,)
    for form in forms:
        named: dict[typing.Any, typing.Any] = {}
        for key in dict.fromkeys(others):
            written = form(key_text(key) if words else key)
            named[written] = None if written in named else key  # what two are called tells neither
        found = {key: named.get(form(key_text(key) if words else key)) for key in different}
        found = {key: other for key, other in found.items() if other is not None}
        if best is None or len(found) > len(best):
            best = found
        if len(found) == len(different):
            break
    rows: dict[typing.Any, int] = {}
    double = set()
    for row, key in enumerate(others):
        if key != "" and key == key and rows.setdefault(key, row) != row:
            double.add(key)
    best = best or {}
    matches = np.array([rows.get(best.get(key, ""), -1) for key in keys], np.int64)
    if double & {*best.values()} and not take_first:
        raise ValueError("several samples have the same key")
    if (matches < 0).any() and not leave_out:
        raise ValueError(f"nothing has the key {keys[int(np.argmin(matches))]}")
    return np.flatnonzero(matches >= 0), matches[matches >= 0]


def key_text(key: typing.Any) -> str:
    """A key as people write it."""
    if isinstance(key, str):
        return key
    return str(int(key)) if key == int(key) and abs(key) < 1e15 else f"{key:.10g}"


def as_it_is(key: typing.Any) -> typing.Any:
    return key


def as_path(word: str) -> str:
    written = unicodedata.normalize("NFC", word).strip()
    return written.replace("\\", "/").removeprefix("./")


def file_name(word: str) -> str:
    return as_path(word).rpartition("/")[2]


def stem_of(word: str) -> str:
    name = file_name(word)
    return name.rpartition(".")[0] or name
