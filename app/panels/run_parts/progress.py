"""How far a run is: counted from its events. No Qt here."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from runtime import events

_WINDOW_SECONDS = 6.0
_LATEST_EPOCHS = 5


@dataclass(slots=True)
class Progress:
    """`epoch` counts from 1 and is 0 before the first; `samples_a_second` is that of the last few seconds."""

    epoch: int = 0
    epochs: int = 0
    step: int = 0
    total_steps: int = 0
    samples_a_second: float | None = None
    seconds_left: float | None = None

    @property
    def share(self) -> float:
        return min(1.0, self.step / self.total_steps) if self.total_steps else 0.0


class ProgressMeter:
    """Feed it every event in order; `now` is what it comes to."""

    def __init__(self) -> None:
        self.now = Progress()
        self._started: events.RunStarted | None = None
        self._recent: deque[tuple[float, int]] = deque()
        self._epoch_seconds: deque[float] = deque(maxlen=_LATEST_EPOCHS)

    @property
    def started(self) -> events.RunStarted | None:
        return self._started

    def apply(self, event: events.TrainingEvent) -> None:
        match event:
            case events.RunStarted():
                self._started = event
                self.now.epochs = event.epochs
                self.now.total_steps = event.epochs * event.steps_per_epoch
                self._recent.append((event.time, 0))
            case events.EpochStarted():
                self.now.epoch = event.epoch + 1
            case events.Steps():
                self.now.epoch = event.epoch + 1
                self.now.step = max(self.now.step, event.first_step + len(event.values))
                self._remember(event.time)
                self._estimate()
            case events.EpochEnded():
                self._epoch_seconds.append(event.seconds)
                self._estimate()
            case events.Resumed():
                self._recent.clear()  # the time of the pause is no time of training
                self._recent.append((event.time, self.now.step))
            case _:
                pass

    def _remember(self, time: float) -> None:
        self._recent.append((time, self.now.step))
        while len(self._recent) > 2 and time - self._recent[0][0] > _WINDOW_SECONDS:
            self._recent.popleft()

    def _estimate(self) -> None:
        if self._started is None or not self._recent:
            return
        (first_time, first_step), (last_time, last_step) = self._recent[0], self._recent[-1]
        seconds, steps = last_time - first_time, last_step - first_step
        if seconds <= 0 or steps <= 0:
            return
        samples_a_step = self._started.samples / max(1, self._started.steps_per_epoch)
        self.now.samples_a_second = steps * samples_a_step / seconds
        left = self.now.total_steps - self.now.step
        per_step = seconds / steps
        if self._epoch_seconds:  # knows what validation costs as well
            per_step = sum(self._epoch_seconds) / len(self._epoch_seconds) / max(1, self._started.steps_per_epoch)
        self.now.seconds_left = left * per_step
