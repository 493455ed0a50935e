"""Saves the model whenever a metric is better than ever before."""

import contextlib
from collections.abc import Mapping
from typing import Any

from resources.atomic import swap_in
from resources.python_code.parts import CallbackCode
from resources.python_code.pieces import TRUE, call, library, literal, quoted
from resources.text import Text
from runtime.callback_specs import CallbackSpec, monitor_parameter
from runtime.events import CheckpointSaved
from runtime.store import BEST_FILE
from runtime.worker.process.failures import system_reason, writing_reason
from runtime.worker.training.callback_run import CallbackRun


def _write(values: Mapping[str, Any]) -> CallbackCode:
    made = library("keras.callbacks.ModelCheckpoint")
    return CallbackCode(call(made, quoted(BEST_FILE), monitor=literal(values["monitor"]), save_best_only=TRUE))


SPEC = CallbackSpec(
    "best_checkpoint",
    Text("Best checkpoint"),
    Text("Saves the model whenever a metric is better than ever before."),
    (monitor_parameter(),),
    order=2,
    write=_write,
)


def build(values: Mapping[str, Any], run: CallbackRun) -> Any:
    """A `keras.callbacks.ModelCheckpoint` that writes beside the file first.

    A full disk costs the checkpoint, not the run.
    """
    import keras

    from runtime.worker.keras_models.describing import written_whole

    final = run.folder / BEST_FILE
    beside = run.folder / f".new-{BEST_FILE}"

    class BestCheckpoint(keras.callbacks.ModelCheckpoint):
        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            if not run.has(self.monitor, logs or {}):
                return
            try:
                with written_whole():
                    super().on_epoch_end(epoch, logs)
                if not beside.exists():
                    return
                swap_in(beside, final)
            except Exception as error:
                with contextlib.suppress(OSError):  # the first error is the one to tell; a later start sweeps
                    beside.unlink(missing_ok=True)
                if not isinstance(error, OSError) and system_reason(error) is None:
                    raise
                run.note_once(
                    Text.of(
                        "The best model could not be saved: {reason}. Training goes on.", reason=writing_reason(error)
                    )
                )
                return
            run.report_event(CheckpointSaved(epoch, self.monitor, float(self.best), str(final)))

    monitor = run.monitor(values["monitor"])
    pattern = str(beside).replace("{", "{{").replace("}", "}}")  # Keras takes the path for a format string
    return BestCheckpoint(pattern, monitor=monitor, mode=run.mode(monitor), save_best_only=True)
