"""Saves the model whenever a metric is better than ever before."""

import contextlib
from collections.abc import Mapping
from typing import Any

from resources.atomic import swap_in
from resources.python_code.parts import CallbackCode
from resources.python_code.pieces import TRUE, call, library, literal, quoted
from resources.text import Text
from runtime.callback_specs import FIRST_IS_BEST, CallbackParameter, CallbackSpec, monitor_parameters, verbose_parameter
from runtime.events import CheckpointSaved
from runtime.store import BEST_FILE
from runtime.worker.process.failures import system_reason, writing_reason
from runtime.worker.training.callback_run import CallbackRun, NumbersOnly


def _write(values: Mapping[str, Any]) -> CallbackCode:
    made = library("keras.callbacks.ModelCheckpoint")
    arguments = {name: literal(value) for name, value in values.items()}
    remark = FIRST_IS_BEST if values.get("initial_value_threshold") is None else ""
    return CallbackCode(call(made, quoted(BEST_FILE), **arguments, save_best_only=TRUE), remark=remark)


SPEC = CallbackSpec(
    "best_checkpoint",
    Text("Best checkpoint"),
    Text("Saves the model whenever a metric is better than ever before."),
    (
        *monitor_parameters(),
        CallbackParameter(
            "initial_value_threshold",
            "float",
            None,
            Text("Only a value that is better than this is saved."),
            quiet=True,
        ),
        verbose_parameter(),
    ),
    order=2,
    write=_write,
    fixed={"save_best_only": True, "save_weights_only": False, "save_freq": "epoch"},
)


def build(values: Mapping[str, Any], run: CallbackRun) -> Any:
    """A `keras.callbacks.ModelCheckpoint` that writes beside the file first.

    A full disk costs the checkpoint, not the run.
    """
    import keras

    from runtime.worker.keras_models.describing import written_whole

    final = run.folder / BEST_FILE
    beside = run.folder / f".new-{BEST_FILE}"

    class BestCheckpoint(NumbersOnly, keras.callbacks.ModelCheckpoint):  # type: ignore[misc,unused-ignore]
        # Nothing is to be done after each batch: with Keras' own hook, every step waited for its numbers.
        on_train_batch_end = keras.callbacks.Callback.on_train_batch_end

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

    pattern = str(beside).replace("{", "{{").replace("}", "}}")  # Keras takes the path for a format string
    callback = BestCheckpoint(pattern, **run.watched(values), save_best_only=True)
    callback.run = run
    return callback
