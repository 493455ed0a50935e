"""All numbers that a run has told, one after the other, as other programs want them. Nothing is thinned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, NamedTuple

from resources.training.metric_logs import VALIDATION
from runtime import events
from runtime.event_file import EventReader
from runtime.store import RunInfo
from runtime.tracking.clock import Clock

Part = Literal["step", "training", "validation"]
COLUMNS: Final = ("run", "name", "metric", "part", "step", "epoch", "seconds", "value")


class Point(NamedTuple):
    """One number. `part` is "step" for the running mean that Keras tells of a step, else it is of a whole epoch.

    `step` and `epoch` count what was done when it was measured, `seconds` those of training until then. `time` is in
    seconds since 1970, 0 where nobody noted it.
    """

    metric: str
    part: Part
    step: int
    epoch: int
    seconds: float
    time: float
    value: float


def points_of(folder: Path) -> Iterator[Point]:
    """Every point of a run, in the order in which they were told. Raises OSError."""
    clock, step, last = Clock(), 0, (0.0, 0.0)
    for chunk in EventReader(folder).chunks():
        for event in chunk:
            seconds = clock.at(event)
            if isinstance(event, events.Steps):
                yield from _of_steps(event, last, (seconds, event.time))
                step = max(step, event.first_step + len(event.values))
            elif isinstance(event, events.EpochEnded):
                yield from _of_epoch(event, step, seconds)
            last = (seconds, event.time or last[1])


def _of_steps(event: events.Steps, before: tuple[float, float], now: tuple[float, float]) -> Iterator[Point]:
    """A bundle has one time, that of its last step: those of the others lie evenly since what was told before it."""
    count = len(event.values)
    for number, row in enumerate(event.values, 1):
        share = number / count
        seconds = before[0] + (now[0] - before[0]) * share
        time = before[1] + (now[1] - before[1]) * share if before[1] else now[1]
        for name, value in zip(event.names, row, strict=True):
            yield Point(name, "step", event.first_step + number, event.epoch + 1, seconds, time, float(value))


def _of_epoch(event: events.EpochEnded, step: int, seconds: float) -> Iterator[Point]:
    done = event.epoch + 1
    for name, value in event.logs.items():
        part: Part = "validation" if name.startswith(VALIDATION) else "training"
        metric = name.removeprefix(VALIDATION)
        yield Point(metric, part, step or done, done, seconds, event.time, float(value))


def rows_of(run: RunInfo) -> Iterator[tuple[int, str, str, str, int, int, float, float]]:
    """The same as rows of `COLUMNS`. Raises OSError."""
    for point in points_of(run.folder):
        yield (
            run.number, run.name, point.metric, point.part, point.step, point.epoch, round(point.seconds, 6),
            point.value,
        )  # fmt: skip
