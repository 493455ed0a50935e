"""How verbs speak: results on stdout, everything else on stderr.

Names and messages of files reach the terminal as text: what would steer it is shown as a dot. Nothing else of the
command line prints; a test looks after that.
"""

import json
import math
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from graph_editor.document.files.json_text import plain_json
from resources.text import Text, tr


class CommandError(Exception):
    """A verb that cannot go on, in one sentence; ``status`` is the exit status."""

    def __init__(self, text: Text, detail: str = "", status: int = 1) -> None:
        super().__init__(text.english())
        self.text, self.detail, self.status = text, detail, status


_JOINERS: Final = "\u200c\u200d"  # within words of some scripts, and within emoji


def one_line(text: str) -> str:
    """Text that a terminal shows and does not obey, in one line."""
    return "".join(_shown(sign) for sign in text)


def _shown(sign: str) -> str:
    if sign.isprintable() or sign in _JOINERS:
        return sign
    return " " if sign.isspace() else "·"


def lines(text: str) -> str:
    """The same with the line breaks that it has."""
    return "\n".join(one_line(line) for line in text.split("\n"))


def show(text: str = "") -> None:
    """A line of a result, for people."""
    print(one_line(text), flush=True)


def show_lines(text: str) -> None:
    """Several of them; what of a file stands in them has been through `table`."""
    print(lines(text), flush=True)


def say(text: str, over: bool = False) -> None:
    """A line of progress, for people; `over` one that moves."""
    print(("\r" if over else "") + one_line(text), file=sys.stderr, flush=True)


def say_moving(text: str) -> None:
    """A line of progress that the next one is written over."""
    print("\r" + one_line(text), end="", file=sys.stderr, flush=True)


def complain(text: str, detail: str = "") -> None:
    say(tr("lamella: {text}", text=text))
    if detail:
        print(lines(detail), file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    """One line; NaN and infinities, which JSON has not and many readers refuse with all beside them, as null."""
    print_machine_line(plain_json(_with_finite(value)))


def _with_finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _with_finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_with_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def print_machine_line(text: str) -> None:
    """A line of JSON, with what would steer a terminal escaped."""
    print("".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in text), flush=True)


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Columns that line up; wide characters, such as Korean ones, count twice."""
    if not rows:
        return ""
    rows = [tuple(map(one_line, row)) for row in rows]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)) for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def _width(text: str) -> int:
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
