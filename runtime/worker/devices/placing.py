"""Where a backend computes."""

from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import Any, Final

import keras

from resources.text import Text
from runtime.worker.process.control import WorkerError

_DEVICE_MODULES: Final = {"tensorflow", "jax", "torch"}


def place(device: str) -> AbstractContextManager[Any]:
    """The scope in which the backend computes on `device`. Raises WorkerError when it is not there."""
    backend = keras.backend.backend()
    if backend in _DEVICE_MODULES:
        scope: AbstractContextManager[Any] = import_module(f"runtime.worker.devices.{backend}_devices").place(device)
        return scope
    if device != "cpu":
        raise WorkerError(Text("The backend {backend} trains on the CPU only.", {"backend": backend}))
    return nullcontext()
