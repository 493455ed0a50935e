"""Training events as lines: for people on stderr, for machines on stdout."""

import math
import sys
import time

import msgspec

from app.cli.common.output import say, say_moving
from resources.text import tr
from runtime.events import (
    CallbackNote,
    CheckpointSaved,
    EpochEnded,
    LearningRateChanged,
    RunEnded,
    RunStarted,
    Steps,
    TrainingEvent,
)


def event_line(event: TrainingEvent) -> str:
    """The event as one line of JSON; numbers that are not finite are null."""
    return msgspec.json.encode(event).decode()


class Progress:
    """One line an epoch, and on a terminal a line that moves in between."""

    def __init__(self) -> None:
        self._epochs = self._steps = 0
        self._live = sys.stderr.isatty()
        self._shown = 0.0

    def show(self, event: TrainingEvent) -> None:
        match event:
            case RunStarted():
                self._epochs, self._steps = event.epochs, event.steps_per_epoch
                facts = {"device": event.device, "samples": f"{event.samples:,}"}
                held = f"{event.validation_samples:,}"
                say(tr("Training on {device}: {samples} samples, {held} for validation", **facts, held=held))
            case Steps() if self._live and time.monotonic() - self._shown > 0.1:
                self._shown = time.monotonic()
                done = event.first_step + len(event.values) - event.epoch * self._steps
                say_moving(f"  {event.epoch + 1}/{self._epochs}  {done}/{self._steps} ")
            case EpochEnded():
                logs = "  ".join(f"{name} {_number(value)}" for name, value in event.logs.items())
                self._line(f"  {event.epoch + 1}/{self._epochs}  {event.seconds:.1f} s  {logs}")
            case CallbackNote():
                self._line(f"  {event.text}")
            case CheckpointSaved():
                best = _number(event.value)
                self._line("  " + tr("saved the best model so far: {name} {value}", name=event.monitor, value=best))
            case LearningRateChanged():
                self._line("  " + tr("learning rate {value}: {reason}", value=event.value, reason=event.reason))
            case RunEnded():
                seconds = f"{event.seconds:.1f}"
                if event.epoch == 1:
                    self._line(tr("Ended after 1 epoch, {seconds} s.", seconds=seconds))
                else:
                    self._line(tr("Ended after {count} epochs, {seconds} s.", count=event.epoch, seconds=seconds))
            case _:
                pass

    def _line(self, text: str) -> None:
        say(text, over=self._live)


def _number(value: float) -> str:
    return f"{value:.4f}" if math.isfinite(value) else str(value)
