"""Answers the questions that need Keras. Importing this module imports Keras."""

import gc
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

import keras

from runtime.messages.connection import Ready
from runtime.messages.custom_code import CodeLoaded, LoadCode
from runtime.messages.devices import Devices, ListDevices
from runtime.messages.exporting import CheckSource, Export
from runtime.messages.inference import CallSpec, Infer, OperationJson
from runtime.messages.protocol import PROTOCOL_VERSION, Answer
from runtime.worker.custom.loading import load_code
from runtime.worker.devices.listing import hide_gpus, list_devices
from runtime.worker.engine.export import export
from runtime.worker.engine.infer import Inference
from runtime.worker.engine.source import check_source
from runtime.worker.process.control import CancelledError


class Models:
    def __init__(self) -> None:
        self._inference = Inference()

    def ready(self) -> Ready:
        backend = keras.backend.backend()
        return Ready(PROTOCOL_VERSION, keras.__version__, backend, _version(backend))

    def warm_up(self) -> None:
        """Makes every edit quick, from the first on. The GPUs are left to the trainers, memory and all."""
        hide_gpus()
        shape = {"batch_shape": [None, 8, 8, 1], "dtype": "float32", "name": "input"}
        source = [{"$tensor": ["input", 0]}]
        self._inference.infer(
            [
                CallSpec("input", OperationJson("InputLayer", shape)),
                CallSpec("conv", OperationJson("Conv2D", {"filters": 2, "kernel_size": 3, "name": "conv"}), source),
                CallSpec("add", OperationJson("Add", {"name": "add"}), [[*source, *source]]),
            ]
        )
        gc.collect()
        gc.freeze()  # else the collector goes through all of TensorFlow every now and then: 130 ms in mid-edit

    def answer(
        self, request: Infer | ListDevices | Export | CheckSource | LoadCode, waits: Callable[[], bool]
    ) -> Answer:
        """Raises WorkerError, and CancelledError as soon as `waits` says that nobody waits any more."""
        match request:
            case Infer():
                return self._inference.answer(request, waits)
            case ListDevices():
                return Devices(request.id, list_devices())
            case Export():
                if not waits():
                    raise CancelledError
                return export(request)
            case CheckSource():
                if not waits():
                    raise CancelledError
                return check_source(request)
            case LoadCode():
                loaded = load_code(request.files)
                self._inference = Inference()  # what it knows may be of classes that are others now
                return CodeLoaded(request.id, loaded.objects, loaded.problems)


def _version(backend: str) -> str:
    try:
        return version(backend)
    except PackageNotFoundError:  # another build of it, such as tensorflow-cpu
        return str(getattr(__import__(backend), "__version__", ""))
