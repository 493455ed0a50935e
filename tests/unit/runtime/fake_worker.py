"""The worker program with pretended models and training: everything but Keras, and ready in a tenth of a second."""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from resources.text import Text
from runtime.events import EpochStarted, LearningRateChanged, Paused, Resumed, RunEnded
from runtime.messages.connection import Ready
from runtime.messages.control import ControlReader
from runtime.messages.devices import Device, Devices, ListDevices
from runtime.messages.exporting import Export
from runtime.messages.inference import CallResult, Infer, Inferred
from runtime.messages.protocol import PROTOCOL_VERSION
from runtime.worker.process.control import CancelledError, Control, WorkerError


class FakeModels:
    """Infer: the id of the first call says what happens. Export: the path does."""

    def ready(self) -> Ready:
        return Ready(PROTOCOL_VERSION, "0", "fake", "0")

    def warm_up(self) -> None:
        print("warmed up")

    def answer(self, request: Any, waits: Any) -> Any:
        match request:
            case ListDevices():
                return Devices(request.id, (Device("cpu", Text("CPU"), True),))
            case Infer():
                return self._infer(request, waits)
            case Export():
                raise WorkerError(Text("{path} cannot be written.", {"path": request.path}), "all of it")

    def _infer(self, request: Infer, waits: Any) -> Inferred:
        first = request.calls[0].id if request.calls else ""
        if first == "slow":
            while waits():
                time.sleep(0.001)
            raise CancelledError
        if first == "die":
            print("these are my last words", flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        if first == "fail":
            raise ValueError("out of ideas")
        if first == "hang":
            time.sleep(600)
        return Inferred(request.id, [CallResult(call.id) for call in request.calls], 0.0)


def fake_train(spec: Any, folder: Path, control: Control, report_event: Any) -> None:
    """Steps until it is stopped, and writes what it does into the folder."""
    requests = ControlReader(folder)
    report_event(EpochStarted(0))
    while not control.stopped:
        if control.paused:
            report_event(Paused())
            while not control.wait_while_paused(0.01):
                look(requests, control)
            report_event(Resumed())
        if (rate := control.take_learning_rate()) is not None:
            report_event(LearningRateChanged(0, rate, "asked"))
        print("step", flush=True)
        (folder / "alive").write_text(str(time.time()))
        if (folder / "stop").exists():
            control.stop()
        look(requests, control)
        time.sleep(0.01)
    report_event(RunEnded("stopped", 0, 0.0, "", {}))
    (folder / "ended").touch()


def look(requests: ControlReader, control: Control) -> None:
    for request in requests.read():
        control.steer(request)


def hang_in_files() -> None:
    """Reading a file called endless.* hangs as a native library does: it lets no other thread run."""
    from runtime.worker import loop

    answer = vars(loop)["_answer_data"]

    def hanging(request: Any, *rest: Any) -> Any:
        if "endless." in str(request):
            print("it hangs", flush=True)
            ctypes.PyDLL(None).sleep(600)
        return answer(request, *rest)

    vars(loop)["_answer_data"] = hanging


def main(behaviour: str) -> int:
    if behaviour == "crash":
        print("about to import")
        raise ImportError("no module named keras")
    models, train = ModuleType("runtime.worker.engine.models"), ModuleType("runtime.worker.training.train")
    if behaviour != "no keras":
        models.Models = FakeModels  # type: ignore[attr-defined]
    train.train = fake_train  # type: ignore[attr-defined]
    sys.modules |= {"runtime.worker.engine.models": models, "runtime.worker.training.train": train}
    from runtime.worker.__main__ import main as worker_main

    if behaviour == "endless":
        hang_in_files()
    if behaviour == "old":
        from runtime.worker import loop

        vars(loop)["PROTOCOL_VERSION"] = 0
    return worker_main()


if __name__ == "__main__":
    status = main(sys.argv[1] if len(sys.argv) > 1 else "")
    sys.stdout.flush()
    os._exit(status)
