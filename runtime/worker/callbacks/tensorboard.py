"""Writes a log that TensorBoard shows."""

from collections.abc import Mapping
from typing import Any, Final

from resources.text import Text
from runtime.callback_specs import CallbackParameter, CallbackSpec
from runtime.worker.callback_run import CallbackRun
from runtime.worker.control import WorkerError

LOG_FOLDER: Final = "tensorboard"

SPEC = CallbackSpec(
    "tensorboard",
    Text("TensorBoard log"),
    Text("Writes a log into the run's folder that TensorBoard shows."),
    (
        CallbackParameter("histogram_freq", "int", 0, Text("Epochs between histograms of the weights; 0 for none."), 0),
        CallbackParameter("write_graph", "bool", False, Text("Write the graph of the model, too.")),
    ),
    order=4,
)


def build(values: Mapping[str, Any], run: CallbackRun) -> Any:
    """A `keras.callbacks.TensorBoard`. Raises WorkerError where TensorFlow, which writes the log, is missing."""
    import keras

    try:
        return keras.callbacks.TensorBoard(
            log_dir=str(run.folder / LOG_FOLDER),
            histogram_freq=values["histogram_freq"],
            write_graph=values["write_graph"],
        )
    except ImportError as error:
        raise WorkerError(Text("The TensorBoard log needs TensorFlow, which is not installed."), str(error)) from error
