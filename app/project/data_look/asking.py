"""Questions about data for people who look at it: one at a time, what is wanted last comes first."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from app.engine.engine_link import EngineLink
from runtime.messages.protocol import Answer, Request

_MOST_WAITING = 200  # what was wanted before those is out of sight by now

Take = Callable[[Answer], None]


class Asking:
    """Sends the next question when the last one is answered, so that the check of the data is not kept waiting.

    Not a QObject: it lives as long as what asks. After `forget` no answer comes any more.
    """

    def __init__(self, engine: EngineLink) -> None:
        self._engine = engine
        self._waiting: dict[Hashable, tuple[Request, Take]] = {}
        self._asked: Hashable | None = None
        self._request_id = 0
        self._round = 0

    @property
    def busy(self) -> bool:
        return self._asked is not None or bool(self._waiting)

    def is_asked(self, key: Hashable) -> bool:
        return key == self._asked or key in self._waiting

    def ask(self, key: Hashable, message: Request, take: Take) -> None:
        """Ask once for each key; one that waits already goes to the front."""
        if key == self._asked:
            return
        self._waiting.pop(key, None)
        self._waiting[key] = (message, take)
        while len(self._waiting) > _MOST_WAITING:
            self._waiting.pop(next(iter(self._waiting)))
        self._next()

    def forget(self) -> None:
        """Nothing that was asked is wanted any more."""
        self._round += 1
        self._waiting.clear()
        if self._asked is not None:
            self._engine.cancel(self._request_id)
        self._asked = None

    def _next(self) -> None:
        if self._asked is not None or not self._waiting or self._engine.state.phase != "ready":
            return
        key, (message, take) = self._waiting.popitem()
        self._asked = key
        asked_in = self._round
        self._request_id = self._engine.request(message, lambda answer: self._on_answer(asked_in, take, answer))

    def _on_answer(self, asked_in: int, take: Take, answer: Answer) -> None:
        if asked_in != self._round:
            return
        self._asked = None
        take(answer)
        self._next()
