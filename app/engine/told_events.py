"""What a run has told so far, for a panel that is built later: all, but only the latest of its steps. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from runtime.events import Steps, TrainingEvent

MOST_STEPS: Final = 1 << 17
MOST_EVENTS: Final = 100_000


class ToldEvents:
    """A run may go on for weeks: beyond `MOST_STEPS` the older half of the steps is forgotten, the epochs stay.

    Of more than `MOST_EVENTS` events the older half goes too, all but the first, which says what the run is.
    """

    def __init__(self) -> None:
        self.total = 0  # how many were told
        self._kept: list[tuple[int, TrainingEvent]] = []
        self._steps = 0

    def add(self, event: TrainingEvent) -> None:
        self._kept.append((self.total, event))
        self.total += 1
        if isinstance(event, Steps):
            self._steps += len(event.values)
            if self._steps > MOST_STEPS:
                self._forget_steps()
        if len(self._kept) > MOST_EVENTS:
            self._kept = [self._kept[0], *self._kept[len(self._kept) // 2 :]]

    def extend(self, events: Iterable[TrainingEvent]) -> None:
        for event in events:
            self.add(event)

    def after(self, count: int = 0) -> list[TrainingEvent]:
        """What is kept of all but the first `count` that were told."""
        return [event for number, event in self._kept if number >= count]

    def _forget_steps(self) -> None:
        """The latest event stays whole, however many steps it has."""
        kept: list[tuple[int, TrainingEvent]] = []
        self._steps = 0
        for number, event in reversed(self._kept):
            if isinstance(event, Steps):
                if self._steps and self._steps + len(event.values) > MOST_STEPS // 2:
                    continue
                self._steps += len(event.values)
            kept.append((number, event))
        self._kept = kept[::-1]
