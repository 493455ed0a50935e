"""How verbs speak: results on stdout, everything else on stderr."""

import json
import sys
from collections.abc import Sequence
from typing import Any

from resources.text import Text, tr


class CommandError(Exception):
    """A verb that cannot go on, in one sentence; ``status`` is the exit status."""

    def __init__(self, text: Text, detail: str = "", status: int = 1) -> None:
        super().__init__(text.english())
        self.text, self.detail, self.status = text, detail, status


def say(text: str) -> None:
    """A line of progress, for people."""
    print(text, file=sys.stderr, flush=True)


def complain(text: str, detail: str = "") -> None:
    print(tr("lamella: {text}", text=text), file=sys.stderr, flush=True)
    if detail:
        print(detail, file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Columns that line up; wide characters, such as Korean ones, count twice."""
    if not rows:
        return ""
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)) for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def _width(text: str) -> int:
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
