"""Where JAX trains. It is imported only there: most machines have no JAX."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from resources.text import Text
from runtime.worker.process.control import WorkerError


def place(device: str) -> AbstractContextManager[Any]:
    """A scope to build, compile and train in: "cpu", "gpu:0" ... or "all". Raises WorkerError when it is not there."""
    import jax
    import keras

    kind = "cpu" if device == "cpu" else "gpu"
    try:
        devices = jax.devices(kind)
    except RuntimeError as error:  # JAX has no backend of this kind
        raise WorkerError(Text("There is no GPU that JAX can use: choose the CPU."), str(error)) from error
    if device == "all":
        names = [f"{kind}:{index}" for index in range(len(devices))]
        keras.distribution.set_distribution(keras.distribution.DataParallel(devices=names))
        return nullcontext()
    number = device.partition(":")[2] or "0"
    if not number.isdigit() or int(number) >= len(devices):
        raise WorkerError(
            Text.of("The device {device} is not there: JAX sees {count}.", device=device, count=len(devices))
        )
    scope: AbstractContextManager[Any] = jax.default_device(devices[int(number)])
    return scope
