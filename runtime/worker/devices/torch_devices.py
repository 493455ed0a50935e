"""Where PyTorch trains. It is imported only there: most machines have no PyTorch."""

from contextlib import AbstractContextManager
from typing import Any

from resources.text import Text
from runtime.worker.process.control import WorkerError


def place(device: str) -> AbstractContextManager[Any]:
    """A scope to build, compile and train in: "cpu", "gpu:0" ... Raises WorkerError when it is not there."""
    import keras
    import torch

    if device == "all":
        raise WorkerError(Text("Keras cannot train on several GPUs with PyTorch: choose one of them."))
    count = torch.cuda.device_count()
    if device != "cpu" and not device.startswith("gpu:"):
        raise WorkerError(Text("There is no device {device}.", {"device": device}))
    number = device.partition(":")[2]
    if device != "cpu" and (not number.isdigit() or int(number) >= count):
        raise WorkerError(
            Text.of("The device {device} is not there: PyTorch sees {count} GPUs.", device=device, count=count)
        )
    scope: AbstractContextManager[Any] = keras.device(device)
    return scope
