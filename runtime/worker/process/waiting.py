"""Whether somebody still waits for what this thread works out, and how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from runtime.worker.process.control import CancelledError

_TELL_EVERY: Final = 0.1  # seconds
Unit = Literal["bytes", "rows", "columns", "files"]


class Tells(Protocol):
    """Tells whoever waits: `total` None where it is not known; `again` where the same is gone through once more."""

    def __call__(self, done: int, total: int | None, unit: Unit, again: bool, /) -> None: ...


@dataclass(slots=True)
class _Waiting:
    waits: Callable[[], bool]
    tells: Tells | None
    told: float


_waiting: ContextVar[_Waiting] = ContextVar("waiting")


@contextmanager
def waiting(waits: Callable[[], bool], tells: Tells | None = None) -> Iterator[None]:
    token = _waiting.set(_Waiting(waits, tells, time.monotonic()))
    try:
        yield
    finally:
        _waiting.reset(token)


def is_waited_for() -> bool:
    found = _waiting.get(None)
    return found is None or found.waits()


def require_waiting() -> None:
    """For work that takes seconds, every now and then. Raises CancelledError when nobody waits any more."""
    if not is_waited_for():
        raise CancelledError


def got_on(done: int, total: int | None, unit: Unit, *, again: bool = False) -> None:
    """The same, and how far the work is. May be called as often as it suits the work; most calls tell nobody.

    Raises CancelledError when nobody waits any more.
    """
    require_waiting()
    found, now = _waiting.get(None), time.monotonic()
    if found is not None and found.tells is not None and now - found.told >= _TELL_EVERY:
        found.told = now
        found.tells(done, total, unit, again)
