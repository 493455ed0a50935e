"""The one question about files that a file from elsewhere names. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from resources.plain import shown_name
from resources.text import tr

_LONGEST_NAME: Final = 400


def may_be_read(confirm: Callable[[str, str, str], bool], question: str, why: str, names: Sequence[str]) -> bool:
    """The answer of a person to `question`, with the names before the words `why`; `confirm(text, more, yes)` asks."""
    listed = "\n".join(shown_name(name, _LONGEST_NAME) for name in names)
    return confirm(question, f"{listed}\n\n{why}", tr("Read them"))
