"""Writes a log that TensorBoard shows."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from resources.python_code.parts import CallbackCode
from resources.text import Text
from runtime.callback_specs import CallbackParameter, CallbackSpec, keras_callback
from runtime.worker.process.control import WorkerError
from runtime.worker.process.failures import system_reason
from runtime.worker.training.callback_run import CallbackRun

LOG_FOLDER: Final = "tensorboard"


def _write(values: Mapping[str, Any]) -> CallbackCode:
    return keras_callback("TensorBoard")({"log_dir": LOG_FOLDER, **values})


SPEC = CallbackSpec(
    "tensorboard",
    Text("TensorBoard log"),
    Text("Writes a log into the run's folder that TensorBoard shows."),
    (
        CallbackParameter("histogram_freq", "int", 0, Text("Epochs between histograms of the weights; 0 for none."), 0),
        CallbackParameter("write_graph", "bool", False, Text("Write the graph of the model, too.")),
        CallbackParameter("write_images", "bool", False, Text("Write the weights as pictures, too."), quiet=True),
        CallbackParameter(
            "write_steps_per_second", "bool", False, Text("Write how many steps are done in a second."), quiet=True
        ),
        CallbackParameter(
            "update_freq",
            "choice",
            "epoch",
            Text("When losses and metrics are written: after each epoch, or each batch as well."),
            choices=("epoch", "batch"),
            quiet=True,
        ),
        CallbackParameter("profile_batch", "int", 0, Text("The batch that is profiled; 0 for none."), 0, quiet=True),
        CallbackParameter(
            "embeddings_freq", "int", 0, Text("Epochs between pictures of embeddings; 0 for none."), 0, quiet=True
        ),
    ),
    order=4,
    write=_write,
)


_HOOKS: Final = (
    *("set_model", "on_train_begin", "on_train_end", "on_test_begin", "on_test_end", "on_epoch_begin"),
    *("on_epoch_end", "on_train_batch_begin", "on_train_batch_end", "on_test_batch_begin"),
)


def build(values: Mapping[str, Any], run: CallbackRun) -> Any:
    """A `keras.callbacks.TensorBoard`. Raises WorkerError where TensorFlow, which writes the log, is missing."""
    import keras

    class Log(keras.callbacks.TensorBoard):
        """Ends where the disk is full, or may not be written any more, and training goes on."""

        ended = False

    for name in _HOOKS:
        setattr(Log, name, _sparing(name, Log, run))
    try:
        return Log(log_dir=str(run.folder / LOG_FOLDER), **values)
    except ImportError as error:
        raise WorkerError(Text("The TensorBoard log needs TensorFlow, which is not installed."), str(error)) from error


def _sparing(name: str, kind: Any, run: CallbackRun) -> Callable[..., None]:
    """The hook `name` of Keras' callback, which does nothing once the system refused to write."""

    def hook(log: Any, *arguments: Any, **named: Any) -> None:
        if log.ended:
            return
        try:
            getattr(super(kind, log), name)(*arguments, **named)
        except Exception as error:
            reason = system_reason(error)
            if reason is None:
                raise
            log.ended = True
            run.note(Text.of("The TensorBoard log ends here: {reason}. Training goes on.", reason=reason))

    return hook
