"""Lowers the learning rate when a metric has stopped improving."""

from collections.abc import Mapping
from typing import Any

from resources.text import Text
from runtime.callback_specs import (
    CallbackParameter,
    CallbackSpec,
    keras_callback,
    monitor_parameters,
    verbose_parameter,
)
from runtime.worker.training.callback_run import CallbackRun, NumbersOnly

SPEC = CallbackSpec(
    "reduce_on_plateau",
    Text("Reduce learning rate on plateau"),
    Text("Lowers the learning rate when a metric has stopped improving."),
    (
        *monitor_parameters(),
        CallbackParameter("factor", "float", 0.5, Text("The learning rate is multiplied by it."), 0.0, below=1.0),
        CallbackParameter("patience", "int", 3, Text("Epochs without improvement before it is lowered."), 0),
        CallbackParameter("min_delta", "float", 0.0001, Text("A smaller change does not count as an improvement."), 0),
        CallbackParameter("cooldown", "int", 0, Text("Epochs to wait after it was lowered."), 0),
        CallbackParameter("min_lr", "float", 0.0, Text("It is never lowered below this."), 0),
        verbose_parameter(),
    ),
    order=3,
    write=keras_callback("ReduceLROnPlateau"),
)


def build(values: Mapping[str, Any], run: CallbackRun) -> Any:
    """A `keras.callbacks.ReduceLROnPlateau`; the run itself sees and tells that the learning rate has changed."""
    import keras

    class ReduceOnPlateau(NumbersOnly, keras.callbacks.ReduceLROnPlateau):  # type: ignore[misc,unused-ignore]
        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            if run.has(self.monitor, logs or {}):
                super().on_epoch_end(epoch, dict(logs or {}))  # Keras adds the learning rate to what it is given

    callback = ReduceOnPlateau(**run.watched(values))
    callback.run = run
    return callback
