"""The numbers of one run as curves, filled from its training events. No Qt here."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np

from app.panels.plots.collecting import collectors
from app.panels.plots.curves import CurveBuffer, Floats, SmoothedCurve
from resources.training.metric_logs import VALIDATION
from runtime import events
from runtime.tracking.clock import Clock

By = Literal["step", "epoch", "time"]
LEARNING_RATE: Final = "learning_rate"
MOST_METRICS: Final = 256  # a file may name any number
MOST_RATE_CHANGES: Final = 1000


@dataclass(slots=True)
class MetricCurves:
    """Everything reported under one name: training by step, and training and validation at the ends of epochs.

    x is the number of steps done in the `_at_step` buffers, the number of epochs done in the `_at_epoch` buffers.
    """

    steps: SmoothedCurve = field(default_factory=lambda: SmoothedCurve(CurveBuffer()))
    train_at_step: CurveBuffer = field(default_factory=CurveBuffer)
    train_at_epoch: CurveBuffer = field(default_factory=CurveBuffer)
    validation_at_step: CurveBuffer = field(default_factory=CurveBuffer)
    validation_at_epoch: CurveBuffer = field(default_factory=CurveBuffer)

    def train_ends(self, by: By) -> CurveBuffer:
        """By time as by step: `RunCurves.seconds_at` says when a step was done."""
        return self.train_at_epoch if by == "epoch" else self.train_at_step

    def validation(self, by: By) -> CurveBuffer:
        return self.validation_at_epoch if by == "epoch" else self.validation_at_step

    @property
    def has_validation(self) -> bool:
        return len(self.validation_at_epoch) > 0


class RunCurves:
    """Takes training events in order; events that were already taken (by their number) are ignored.

    `version` grows with every change of a curve, so that a plot knows whether it has to draw. `rate` is the learning
    rate at the start, None where it is not known or a schedule. `rate_changes` are (steps done, value) while it ran.
    `kept` is what kinds of plots collect for themselves.
    However long the run, it needs some megabytes a metric: curves are thinned, and there are limits to all else.
    """

    def __init__(self, title: str, rate: float | None = None) -> None:
        self.title = title
        self.rate = rate
        self.rate_changes: list[tuple[int, float]] = []
        self.metrics: dict[str, MetricCurves] = {}
        self.steps_per_epoch = 0
        self.epochs = 0
        self.step = 0
        self.epoch = 0
        self.version = 0
        self.finished = False
        self.missing = 0  # events that could not be written, or read, among those that were taken
        self._clock = Clock()
        self._times = CurveBuffer()  # seconds of training by steps done
        self._last_seq = 0
        self._collectors = collectors()
        self.kept: dict[str, dict[str, Any]] = {name: {} for name in self._collectors}

    @property
    def total_steps(self) -> int:
        """Steps that are planned, or, of a run that has ended, those that were done."""
        return self.step if self.finished else self.steps_per_epoch * self.epochs

    @property
    def total_epochs(self) -> int:
        return self.epoch if self.finished else self.epochs

    @property
    def knows_time(self) -> bool:
        """Whether it was noted when things were reported; logs of other programs may have no times."""
        return self._clock.known and self._clock.seconds > 0

    @property
    def seconds(self) -> float:
        """Seconds of training until what was reported last, without pauses."""
        return self._clock.seconds

    def seconds_at(self, steps: Floats) -> Floats:
        """Seconds of training after which so many steps were done, without pauses; straight between two reports."""
        times = self._times
        found: Floats = np.interp(steps, times.x, times.y) if len(times) else np.zeros_like(steps)
        return found

    @property
    def has_values(self) -> bool:
        """Whether there is more to draw than the learning rate, which is known before the first step."""
        return bool(self.metrics.keys() - {LEARNING_RATE})

    def apply_all(self, events: Iterable[events.TrainingEvent]) -> None:
        for event in events:
            self.apply(event)

    def apply(self, event: events.TrainingEvent) -> bool:
        """Whether it was new."""
        if event.seq and event.seq <= self._last_seq:
            return False
        if event.seq > self._last_seq + 1:
            self.missing += event.seq - self._last_seq - 1
        self._last_seq = max(self._last_seq, event.seq)
        seconds = self._clock.at(event)
        for name, collect in self._collectors.items():
            if collect(self.kept[name], event):
                self.version += 1
        if isinstance(event, events.RunStarted):
            self.steps_per_epoch, self.epochs = event.steps_per_epoch, event.epochs
            if self.rate is not None:
                self._set_rate(self.rate, 0, 0)
            self.version += 1
            self._note_time(seconds)
        elif isinstance(event, events.Steps):
            self._add_steps(event)
            self._note_time(seconds)
        elif isinstance(event, events.EpochEnded):
            self._end_epoch(event)
            self._note_time(seconds)
        elif isinstance(event, events.LearningRateChanged):
            if len(self.rate_changes) < MOST_RATE_CHANGES:
                self.rate_changes.append((event.step, event.value))
            self._set_rate(event.value, event.step, self.epoch)
            self.version += 1
        elif isinstance(event, events.RunEnded | events.RunFailed):
            self.finished = True
            self.version += 1
        return True

    def names(self) -> list[str]:
        """Metric names in the order for showing: the loss, measures, losses of single outputs, the learning rate."""

        def rank(name: str) -> int:
            if name == "loss":
                return 0
            return 3 if name == LEARNING_RATE else 2 if name.endswith("_loss") else 1

        return sorted(self.metrics, key=rank)

    def _curves(self, name: str) -> MetricCurves:
        curves = self.metrics.get(name)
        if curves is None:
            curves = MetricCurves()
            if len(self.metrics) < MOST_METRICS or name == LEARNING_RATE:
                self.metrics[name] = curves
        return curves

    def _add_steps(self, event: events.Steps) -> None:
        if not event.values:
            return
        first = max(event.first_step, self.step)  # steps that are there already keep their values
        rows = event.values[first - event.first_step :]
        if not rows:
            return
        x = [float(step) for step in range(first + 1, first + 1 + len(rows))]
        for column, name in enumerate(event.names):
            self._curves(name).steps.raw.extend(x, [_number(row[column]) for row in rows])
        self.step = first + len(rows)
        if self.rate is not None:
            self._set_rate(self.rate, self.step, self.epoch)
        self.version += 1

    def _end_epoch(self, event: events.EpochEnded) -> None:
        done = event.epoch + 1
        if done <= self.epoch:
            return
        self.epoch = done
        step = float(max(self.step, self.steps_per_epoch * done if not self.step else self.step))
        logs = {name: value for name, value in event.logs.items() if name != LEARNING_RATE}
        for name, value in logs.items():
            if name.startswith(VALIDATION):
                curves = self._curves(name.removeprefix(VALIDATION))
                at_step, at_epoch = curves.validation_at_step, curves.validation_at_epoch
            else:
                curves = self._curves(name)
                at_step, at_epoch = curves.train_at_step, curves.train_at_epoch
            at_step.append(step, _number(value))
            at_epoch.append(float(done), _number(value))
        if not math.isnan(event.learning_rate):  # logs of other programs may not tell it
            if self.rate is None:  # nobody said what it was before, and nothing has changed it
                self._set_rate(event.learning_rate, 0, 0)
            self._set_rate(event.learning_rate, int(step), done)
        self.version += 1

    def _note_time(self, seconds: float) -> None:
        """For the steps done until now, or, where none is known, those that its epochs stand for."""
        steps = float(self.step or self.steps_per_epoch * self.epoch)
        if not len(self._times) or steps > self._times.x[-1]:
            self._times.append(steps, seconds)

    def _set_rate(self, value: float, step: int, epoch: int) -> None:
        """The learning rate from `step` on; a value stays until the next point."""
        self.rate = value
        rate = self._curves(LEARNING_RATE)
        for points, place in ((rate.train_at_step, step), (rate.train_at_epoch, epoch)):
            if not len(points) or place >= points.x[-1]:
                points.append(float(place), value)


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
