"""What the readers of other programs' logs give: the events that a trainer of Lamella would have written."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from resources.text import Text
from runtime import events

MOST_RUNS: Final = 200  # of one folder
MOST_POINTS: Final = 4_000_000  # of one file
MOST_NAMES: Final = 256
LONGEST_NAME: Final = 200
_MANY_STEPS: Final = 5_000  # with fewer, each has an event and a time of its own
_BUNDLE: Final = 50
_MOST_STEP: Final = 1 << 47


class LogError(Exception):
    """A log that cannot be taken; `text` says why in one sentence."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.english())
        self.text = text


class ReadRun(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A run of another program. `started` is in seconds since 1970."""

    name: str
    started: float
    epochs: int
    events: list[events.TrainingEvent]


class ReadRuns(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """`kind` is the key of the reader; `left_out` counts runs beyond `MOST_RUNS` and files that could not be read."""

    kind: str
    runs: list[ReadRun]
    left_out: int = 0


class LogRefused(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """Why nothing is taken; `detail` is for the log."""

    text: Text
    detail: str = ""


Answer = ReadRuns | LogRefused


@dataclass(slots=True)
class Scalars:
    """Numbers by what they belong to, in any order: of steps (counted from 1) and of epochs (counted from 0)."""

    steps: dict[int, dict[str, float]] = field(default_factory=dict)
    epochs: dict[int, dict[str, float]] = field(default_factory=dict)
    rates: dict[int, float] = field(default_factory=dict)
    step_times: dict[int, float] = field(default_factory=dict)
    epoch_times: dict[int, float] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def takes(self, name: str) -> bool:
        """Whether there is room for numbers of this name."""
        if name in self.names:
            return True
        if not name.strip() or len(name) > LONGEST_NAME or len(self.names) >= MOST_NAMES or not name.isprintable():
            return False
        self.names.add(name)
        return True

    def add_step(self, step: int, name: str, value: float, time: float) -> None:
        if 0 < step < _MOST_STEP and self.takes(name):
            self.steps.setdefault(step, {})[name] = value
            self.step_times[step] = max(time, self.step_times.get(step, 0.0))

    def add_epoch(self, epoch: int, name: str, value: float, time: float) -> None:
        if 0 <= epoch < _MOST_STEP and self.takes(name):
            self.epochs.setdefault(epoch, {})[name] = value
            self.epoch_times[epoch] = max(time, self.epoch_times.get(epoch, 0.0))

    @property
    def empty(self) -> bool:
        return not self.steps and not self.epochs


def as_run(name: str, scalars: Scalars, started: float) -> ReadRun:
    """The events in their order. Where epochs tell a time, they stand among the steps by it, else behind them."""
    times = [time for time in (*scalars.step_times.values(), *scalars.epoch_times.values()) if time > 0]
    start = min(times, default=started)
    steps = [(scalars.step_times[step], 0, step) for step in scalars.steps]
    epochs = [(scalars.epoch_times[epoch] or math.inf, 1, epoch) for epoch in scalars.epochs]
    ordered = _in_order(sorted(steps, key=lambda entry: entry[2]), sorted(epochs, key=lambda entry: entry[2]))
    count = max(scalars.epochs, default=-1) + 1
    per_epoch = max(1, round(max(scalars.steps, default=0) / count)) if count else max(scalars.steps, default=1)
    reported: list[events.TrainingEvent] = [
        events.RunStarted(
            device="", steps_per_epoch=per_epoch, epochs=max(1, count), samples=0, validation_samples=0, parameters=0,
            trainable=0, seq=1, time=start if times else 0.0,
        )
    ]  # fmt: skip
    epoch, before = 0, start
    for _time, is_epoch, number in ordered:
        seq = len(reported) + 1
        if is_epoch:
            time = scalars.epoch_times[number]
            seconds = max(0.0, time - before) if time else 0.0
            before = time or before
            rate = scalars.rates.get(number, math.nan)
            reported.append(events.EpochEnded(number, scalars.epochs[number], rate, seconds, seq=seq, time=time))
            epoch = number + 1
        else:
            values = scalars.steps[number]
            time = scalars.step_times[number]
            if len(scalars.steps) > _MANY_STEPS and _goes_on(reported[-1], epoch, number - 1, tuple(values)):
                reported[-1] = _longer(reported[-1], list(values.values()), time)
                continue
            reported.append(events.Steps(epoch, number - 1, tuple(values), [list(values.values())], seq=seq, time=time))
    return ReadRun(name, start, count, reported)


def _goes_on(event: events.TrainingEvent, epoch: int, first_step: int, names: tuple[str, ...]) -> bool:
    """Whether a step fits behind those of the event: a trainer tells many at once, and a long log would be huge."""
    return (
        isinstance(event, events.Steps)
        and len(event.values) < _BUNDLE
        and (event.epoch, event.first_step + len(event.values), event.names) == (epoch, first_step, names)
    )


def _longer(event: events.TrainingEvent, row: list[float], time: float) -> events.Steps:
    assert isinstance(event, events.Steps)
    event.values.append(row)
    return msgspec.structs.replace(event, time=max(time, event.time))


def _in_order(
    steps: list[tuple[float, int, int]], epochs: list[tuple[float, int, int]]
) -> Iterable[tuple[float, int, int]]:
    """Each kind in its own order, and merged by time."""
    place = 0
    for entry in steps:
        while place < len(epochs) and epochs[place][0] < entry[0]:
            yield epochs[place]
            place += 1
        yield entry
    yield from epochs[place:]


def finite_or_nan(value: float) -> float:
    """A log may hold any bits."""
    return float(value) if math.isfinite(value) else math.nan


def mentioned(run: ReadRun) -> Mapping[str, float]:
    """The last value of each metric."""
    found: dict[str, float] = {}
    for event in run.events:
        if isinstance(event, events.Steps) and event.values:
            found |= dict(zip(event.names, event.values[-1], strict=True))
        elif isinstance(event, events.EpochEnded):
            found |= event.logs
    return found
