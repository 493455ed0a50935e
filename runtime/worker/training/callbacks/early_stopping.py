"""Ends training when a metric has stopped improving."""

from collections.abc import Mapping
from typing import Any

from resources.text import Text
from runtime.callback_specs import (
    FIRST_IS_BEST,
    CallbackParameter,
    CallbackSpec,
    keras_callback,
    monitor_parameters,
    verbose_parameter,
)
from runtime.worker.training.callback_run import CallbackRun, NumbersOnly

SPEC = CallbackSpec(
    "early_stopping",
    Text("Early stopping"),
    Text("Ends training when a metric has stopped improving."),
    (
        *monitor_parameters(),
        CallbackParameter("patience", "int", 5, Text("Epochs without improvement before training ends."), 0),
        CallbackParameter("min_delta", "float", 0.0, Text("A smaller change does not count as an improvement."), 0),
        CallbackParameter("restore_best_weights", "bool", True, Text("Go back to the weights of the best epoch.")),
        CallbackParameter(
            "baseline", "float", None, Text("It also has to get better than this, or training ends."), quiet=True
        ),
        CallbackParameter(
            "start_from_epoch", "int", 0, Text("So many epochs at the beginning are not looked at."), 0, quiet=True
        ),
        verbose_parameter(),
    ),
    order=1,
    write=keras_callback("EarlyStopping", FIRST_IS_BEST),
)


def build(values: Mapping[str, Any], run: CallbackRun) -> Any:
    """A `keras.callbacks.EarlyStopping` that says when and why it ended the run."""
    import keras

    class EarlyStopping(NumbersOnly, keras.callbacks.EarlyStopping):  # type: ignore[misc,unused-ignore]
        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            if not run.has(self.monitor, logs or {}):
                return
            super().on_epoch_end(epoch, logs)
            if self.stopped_epoch == epoch and epoch > 0:
                run.ended_early = True
                run.note(self._reason(epoch))

        def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
            if not self.had_number:
                self.best_weights = None  # Keras kept those of the first epoch
            super().on_train_end(logs)

        def _reason(self, epoch: int) -> Text:
            if self.never_a_number:
                return Text.of(
                    "Early stopping after epoch {epoch}: {monitor} is no number (NaN or infinite).",
                    epoch=epoch + 1,
                    monitor=self.monitor,
                )
            return Text.of(
                "Early stopping after epoch {epoch}: {monitor} was best in epoch {best}.",
                epoch=epoch + 1,
                monitor=self.monitor,
                best=self.best_epoch + 1,
            )

    callback = EarlyStopping(**run.watched(values))
    callback.run = run
    return callback
