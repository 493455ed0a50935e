"""Pause, stop and learning rate of a run, between its batches."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import keras

from resources.text import Text
from runtime.events import CallbackNote, LearningRateChanged, Paused, ReportEvent, Resumed
from runtime.messages.control import ControlReader
from runtime.worker.process.control import Control

LOOK_SECONDS: Final = 0.5


class Steering:
    """Asked before every batch; `step` gives the number of steps so far. `paused_seconds` adds up."""

    def __init__(self, control: Control, folder: Path, report_event: ReportEvent, step: Callable[[], int]) -> None:
        self._control = control
        self._requests = ControlReader(folder)
        self._report_event = report_event
        self._step = step
        self._next_look = 0.0
        self.paused_seconds = 0.0

    @property
    def stopped(self) -> bool:
        return self._control.stopped

    @property
    def paused(self) -> bool:
        return self._control.paused

    def look_into_folder(self) -> None:
        """Does what was asked for in the run's folder. Cheap to call often: looks twice a second."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + LOOK_SECONDS
        with contextlib.suppress(OSError):  # a folder that cannot be read now asks for nothing; training goes on
            for request in self._requests.read():
                self._control.steer(request)
        with contextlib.suppress(OSError):
            if self._requests.stop_requested():
                self._control.stop()

    def wait(self) -> None:
        """Blocks while the run is paused."""
        start = time.monotonic()
        self._report_event(Paused())
        while not self._control.wait_while_paused(LOOK_SECONDS):  # wakes up for signals, which Windows needs
            pass
        self.paused_seconds += time.monotonic() - start
        if not self.stopped:
            self._report_event(Resumed())

    def steer_learning_rate(self, model: Any) -> None:
        """Sets the learning rate that was asked for, if any."""
        rate = self._control.take_learning_rate()
        if rate is None:
            return
        _sync(model)
        if follows_schedule(model.optimizer):
            text = Text("The learning rate follows a schedule and was not changed.")
            self._report_event(CallbackNote(text))
            return
        model.optimizer.learning_rate = rate
        self._report_event(LearningRateChanged(self._step(), learning_rate(model), "manual"))


def learning_rate(model: Any) -> float:
    _sync(model)
    return float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))


def _sync(model: Any) -> None:
    if hasattr(model, "jax_state_sync"):  # JAX keeps the optimizer's state outside the model during an epoch
        model.jax_state_sync()


def follows_schedule(optimizer: Any) -> bool:
    return isinstance(getattr(optimizer, "_learning_rate", None), keras.optimizers.schedules.LearningRateSchedule)
