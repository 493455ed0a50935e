"""Ends training when a metric has stopped improving."""

from collections.abc import Mapping
from typing import Any

from resources.text import Text
from runtime.callback_specs import CallbackParameter, CallbackSpec, keras_callback, monitor_parameter
from runtime.worker.training.callback_run import CallbackRun

SPEC = CallbackSpec(
    "early_stopping",
    Text("Early stopping"),
    Text("Ends training when a metric has stopped improving."),
    (
        monitor_parameter(),
        CallbackParameter("patience", "int", 5, Text("Epochs without improvement before training ends."), 0),
        CallbackParameter("min_delta", "float", 0.0, Text("A smaller change does not count as an improvement."), 0),
        CallbackParameter("restore_best_weights", "bool", True, Text("Go back to the weights of the best epoch.")),
    ),
    order=1,
    write=keras_callback("EarlyStopping"),
)


def build(values: Mapping[str, Any], run: CallbackRun) -> Any:
    """A `keras.callbacks.EarlyStopping` that says when and why it ended the run."""
    import keras

    class EarlyStopping(keras.callbacks.EarlyStopping):
        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            if not run.has(self.monitor, logs or {}):
                return
            super().on_epoch_end(epoch, logs)
            if self.stopped_epoch == epoch and epoch > 0:
                run.ended_early = True
                text = Text.of(
                    "Early stopping after epoch {epoch}: {monitor} was best in epoch {best}.",
                    epoch=epoch + 1,
                    monitor=self.monitor,
                    best=self.best_epoch + 1,
                )
                run.note(text)

    monitor = run.monitor(values["monitor"])
    return EarlyStopping(
        monitor=monitor,
        mode=run.mode(monitor),
        patience=values["patience"],
        min_delta=values["min_delta"],
        restore_best_weights=values["restore_best_weights"],
    )
