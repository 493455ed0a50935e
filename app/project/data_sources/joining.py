"""By which columns two sources of data could find each other's samples. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from runtime.messages.describing import Column

_KEYS: Final = ("name", "file", "filename", "path", "image", "id", "key", "index")


def key_columns(columns: Sequence[Column]) -> list[str]:
    """Those that can be keys: one word or whole number a sample."""
    single = [column for column in columns if all(size == 1 for size in column.shape)]
    return [column.name for column in single if column.kind in ("text", "category") or "float" not in column.dtype]


def proposed_key(own: Sequence[Column], others: Sequence[Column]) -> tuple[str, str] | None:
    """A column of each: of equal names, else both of a name that keys have, else none."""
    here, there = key_columns(own), key_columns(others)
    lower = {name.lower(): name for name in there}
    for word in (*_KEYS, *map(str.lower, here)):
        match = next((name for name in here if name.lower() == word and word in lower), None)
        if match is not None:
            return match, lower[word]
    first = next((name for word in _KEYS for name in here if name.lower() == word), None)
    second = next((name for word in _KEYS for name in there if name.lower() == word), None)
    return (first, second) if first is not None and second is not None else None
