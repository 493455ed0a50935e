"""How long a run has trained at each of its events, without the time for which it was paused."""

from __future__ import annotations

from runtime import events


class Clock:
    """`at` takes events in their order and gives seconds since the first one that has a time; they never go back.

    Logs of strangers may tell no times: `known` says whether there was any.
    """

    def __init__(self) -> None:
        self._start: float | None = None
        self._paused_at: float | None = None
        self._paused = 0.0
        self.seconds = 0.0

    @property
    def known(self) -> bool:
        return self._start is not None

    def at(self, event: events.TrainingEvent) -> float:
        if event.time <= 0.0:
            return self.seconds
        if self._start is None:
            self._start = event.time
        if isinstance(event, events.Paused) and self._paused_at is None:
            self._paused_at = event.time
        elif isinstance(event, events.Resumed) and self._paused_at is not None:
            self._paused += max(0.0, event.time - self._paused_at)
            self._paused_at = None
        self.seconds = max(self.seconds, event.time - self._start - self._paused)
        return self.seconds
