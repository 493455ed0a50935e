"""Names and messages that came from somewhere else, fit to be shown: what cannot be seen is made visible."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

NAME_LENGTH: Final = 200  # no line of a window shows more
TEXT_LENGTH: Final = 20_000
_LISTED_LENGTH: Final = 60

# What a terminal obeys, what turns the order of the letters around it, what breaks lines, what is half a character.
_UNSEEN: Final = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff"
)
_IN_TEXT: Final = re.compile(f"[{_UNSEEN}]")
_IN_NAME: Final = re.compile(f"[\t\n{_UNSEEN}]")
_SHORT: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def shown_text(text: str, limit: int = TEXT_LENGTH) -> str:
    """``text`` with its lines and tabs, other control characters written out, at most ``limit`` characters and "…"."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    return _shortened(_IN_TEXT.sub(_written, text[: limit + 1].replace("\r\n", "\n")), limit)


def shown_name(name: str, limit: int = NAME_LENGTH) -> str:
    """``name`` in one line, control characters, line breaks too, written out, at most ``limit`` characters and "…"."""
    if len(name) <= limit and name.isascii() and name.isprintable():
        return name
    return _shortened(_IN_NAME.sub(_written, name[: limit + 1]), limit)


def listed(names: Sequence[str], most: int = 4) -> str:
    """The first ``most`` of ``names``, each in one line, and how many there are where that is not all."""
    shown = ", ".join(shown_name(name, _LISTED_LENGTH) for name in names[:most])
    return shown if len(names) <= most else f"{shown} … ({len(names)})"


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"


def _written(match: re.Match[str]) -> str:
    code = ord(match[0])
    return _SHORT.get(match[0]) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")
