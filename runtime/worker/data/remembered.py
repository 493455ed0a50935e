"""What was found out about an open source is not found out again while it is open: it is asked after each edit."""

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

from runtime.worker.data.source import Source

T = TypeVar("T")
_FIELD: Final = "_remembered"
_MOST: Final = 500  # answers; the oldest go first


def remembered(source: Source, key: Hashable, find_out: Callable[[], T]) -> T:
    """What `find_out` gave when it was asked with this key first. What it raises is not kept."""
    answers: dict[Hashable, Any] = source.__dict__.setdefault(_FIELD, {})
    if key not in answers:
        value = find_out()
        while len(answers) >= _MOST:
            answers.pop(next(iter(answers)))
        answers[key] = value
    found: T = answers[key]
    return found
