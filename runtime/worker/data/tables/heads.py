"""The beginning of a large file of lines: whole lines of it, for a first look."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from resources.regular_files import open_regular

LARGE: Final = 8 * 2**20  # bytes, from which reading a file takes so long that its beginning is looked at first
_ENOUGH: Final = 64 * 2**10  # bytes
_MOST: Final = 2 * 2**20
_FEW: Final = 10  # lines, where a line is long


def head_of(path: Path) -> bytes | None:
    """None of a file that is not large, or whose first line is longer than what is looked at. Raises OSError."""
    if path.stat().st_size < LARGE:
        return None
    with open_regular(path) as file:
        head = file.read(_ENOUGH)
        if head.count(b"\n") <= _FEW:
            head += file.read(_MOST - len(head))
            head = b"\n".join([*head.split(b"\n")[:_FEW], b""]) if head.count(b"\n") >= _FEW else head
    return head[: head.rfind(b"\n") + 1] or None
