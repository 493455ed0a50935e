"""Where TensorFlow trains. To be asked before TensorFlow has computed anything: afterwards its devices are fixed."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import tensorflow as tf

from resources.text import Text
from runtime.worker.process.control import WorkerError


def place(device: str) -> AbstractContextManager[Any]:
    """A scope to build, compile and train in: "cpu", "gpu:0" ... or "all". Raises WorkerError when it is not there."""
    gpus = tf.config.list_physical_devices("GPU")
    if device == "cpu":
        _show([])
        return nullcontext()
    if device == "all":
        if not gpus:
            raise WorkerError(Text("There is no GPU that TensorFlow can use: choose the CPU."))
        _show(gpus)
        return mirrored([f"GPU:{index}" for index in range(len(gpus))])
    number = int(device.removeprefix("gpu:")) if device.removeprefix("gpu:").isdigit() else -1
    if not device.startswith("gpu:") or not 0 <= number < len(gpus):
        raise WorkerError(
            Text.of("The device {device} is not there: TensorFlow sees {count} GPUs.", device=device, count=len(gpus))
        )
    _show([gpus[number]])
    return nullcontext()


def mirrored(devices: Sequence[str]) -> AbstractContextManager[Any]:
    """The scope of a strategy that trains one copy of the model on each device."""
    scope: AbstractContextManager[Any] = tf.distribute.MirroredStrategy(list(devices)).scope()
    return scope


def _show(gpus: Sequence[Any]) -> None:
    try:
        tf.config.set_visible_devices(list(gpus), "GPU")
        for gpu in gpus:  # take memory as it is needed: the engine and other runs may be on the same GPU
            tf.config.experimental.set_memory_growth(gpu, True)
    except RuntimeError as error:
        text = Text("The device cannot be chosen any more, because TensorFlow has already started on another one.")
        raise WorkerError(text, str(error)) from error
