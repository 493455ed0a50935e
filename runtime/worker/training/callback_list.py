"""The list of callbacks that `fit` calls in a run: it records, steers and passes on to the callbacks people chose."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras

from resources.text import Text
from runtime.events import CallbackNote, EpochEnded, EpochStarted, LearningRateChanged, ReportEvent
from runtime.worker.training.recorder import StepRecorder
from runtime.worker.training.steering import Steering, learning_rate


class RunCallbacks(keras.callbacks.CallbackList):
    """Passed to `fit` instead of a list, because Keras' own list reads the metrics of every step, one by one.

    `epochs` collects the logs of finished epochs. An epoch that was cut short by a stop is not passed on to anybody:
    its numbers are of a part of the data only.
    """

    def __init__(
        self,
        model: Any,
        callbacks: Sequence[Any],
        recorder: StepRecorder,
        steering: Steering,
        report_event: ReportEvent,
        *,
        epochs: int,
        steps: int,
        whole_epoch: Callable[[int], object] = lambda _: None,
    ) -> None:
        """`whole_epoch` is told the number of each epoch that was not cut short, counted from 1."""
        super().__init__(list(callbacks), add_history=True, model=model, epochs=epochs, steps=steps, verbose=0)
        self._async_train = self._async_test = self._async_predict = False
        self._with_batches = [callback for callback in self.callbacks if _has_batch_hooks(callback)]
        self._run_model = model
        self._recorder = recorder
        self._steering = steering
        self._report_event = report_event
        self._steps = steps
        self._whole_epoch = whole_epoch
        self._cut_short = False
        self._start = self._paused_before = 0.0
        self.epochs: list[dict[str, float]] = []

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        self._start, self._paused_before = time.monotonic(), self._steering.paused_seconds
        self._recorder.begin_epoch(epoch)
        self._report_event(EpochStarted(epoch))
        super().on_epoch_begin(epoch, logs)

    def on_train_batch_begin(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        self._before_batch()
        for callback in self._with_batches:
            callback.on_train_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        self._recorder.add(logs or {})
        if self._with_batches:
            numbers = {name: float(value) for name, value in (logs or {}).items()}
            for callback in self._with_batches:
                callback.on_train_batch_end(batch, numbers)
        if self._steering.stopped:
            self._run_model.stop_training = True
            self._cut_short = batch + 1 < self._steps

    def on_test_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        if self._cut_short:  # `fit` validates even after a stop
            self._run_model.stop_evaluating = True
        super().on_test_begin(logs)

    def on_test_batch_begin(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        if not self._cut_short:
            self._before_batch()
        for callback in self._with_batches:
            callback.on_test_batch_begin(batch, logs)

    def on_test_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        for callback in self._with_batches:
            callback.on_test_batch_end(batch, None)
        if self._steering.stopped:
            self._run_model.stop_training = self._run_model.stop_evaluating = True
            self._cut_short = True

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        self._recorder.flush()
        if self._cut_short:
            return
        numbers = {name: float(value) for name, value in (logs or {}).items()}
        self.epochs.append(numbers)
        seconds = time.monotonic() - self._start - (self._steering.paused_seconds - self._paused_before)
        before = learning_rate(self._run_model)
        self._report_event(EpochEnded(epoch, numbers, before, seconds))
        self._whole_epoch(epoch + 1)
        self._warn_of_nan(numbers)
        super().on_epoch_end(epoch, dict(numbers))
        after = learning_rate(self._run_model)
        if after != before:
            self._report_event(LearningRateChanged(self._recorder.step, after, "callback"))
        if self._steering.stopped:
            self._run_model.stop_training = True

    def _before_batch(self) -> None:
        steering = self._steering
        if steering.paused:
            self._recorder.flush()
            steering.wait()
        steering.steer_learning_rate(self._run_model)

    def _warn_of_nan(self, logs: Mapping[str, float]) -> None:
        lost = not math.isfinite(logs.get("loss", 0.0))
        if lost and all(math.isfinite(earlier.get("loss", 0.0)) for earlier in self.epochs[:-1]):
            self._report_event(CallbackNote(_lost(logs["loss"], first=len(self.epochs) == 1)))


def _lost(loss: float, *, first: bool) -> Text:
    """What to say of a loss that is no number; `first`: it never was one, so the steps may not be at fault."""
    if first and math.isnan(loss):
        return Text(
            "The loss is no number (NaN) from the first epoch on: very large values in the data, a logarithm of 0 or "
            "a division by 0 in the model, or too high a learning rate do that."
        )
    if first:
        return Text(
            "The loss is infinite from the first epoch on: very large values in the data or in the model, or too high "
            "a learning rate do that."
        )
    if math.isnan(loss):
        return Text("The loss is no number any more (NaN): a lower learning rate often helps.")
    return Text("The loss has become infinite: a lower learning rate often helps.")


def _has_batch_hooks(callback: Any) -> bool:
    base = keras.callbacks.Callback
    train = ("on_train_batch_begin", "on_train_batch_end", "on_batch_begin", "on_batch_end")
    test = ("on_test_batch_begin", "on_test_batch_end")
    return any(getattr(type(callback), name) is not getattr(base, name) for name in train + test)
