"""The engine, the evaluators and the trainers of this machine, as the session's parts expect them."""

from __future__ import annotations

import logging
from pathlib import Path

from app.engine.engine_link import AnswerCallback, EngineLink, EngineState
from app.engine.run_controller import TrainerReports
from runtime.clients.client import WorkerProcess
from runtime.clients.engine import Engine, EngineStatus
from runtime.launchers.local import LocalLauncher
from runtime.messages.connection import Ready, Role
from runtime.messages.protocol import FromWorker, Request
from runtime.messages.training import Pause, Resume, SetLearningRate, Stop, Train
from runtime.process_end import ProcessEnd
from runtime.spec import RunSpec
from runtime.store import CONSOLE_FILE

BACKENDS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
_DETACH_SECONDS = 20.0  # a trainer whose Python has yet to start cannot hear it sooner
_log = logging.getLogger(__name__)


class LocalEngine:
    """Keras in a process of its own on this machine: the engine, or an evaluator."""

    def __init__(self, link: EngineLink, role: Role = "engine") -> None:
        self._link = link
        self._engine = Engine(LocalLauncher(), self._on_status, link.report_console, link.report_progress, role)

    def start(self) -> None:
        self._engine.start()

    def restart(self) -> None:
        self._engine.restart()

    def stop(self) -> None:
        self._engine.stop()

    def request(self, message: Request, callback: AnswerCallback) -> int:
        return self._engine.request(message, callback)

    def cancel(self, request_id: int) -> None:
        self._engine.cancel(request_id)

    def read_again(self) -> None:
        self._engine.read_again()

    def _on_status(self, status: EngineStatus) -> None:
        text = ready_text(status.ready) if status.ready else str(status.text or "")
        if status.phase == "dead":
            _log.warning("The engine stopped: %s\n%s", text, status.detail)
        self._link.report_state(EngineState(status.phase, text, status.detail))


class LocalTrainer:
    """One trainer on this machine; it writes to its run folder whether or not anybody listens."""

    def __init__(self, spec: RunSpec, folder: Path, reports: TrainerReports) -> None:
        self._spec = spec
        self._folder = folder
        self._reports = reports
        self._process = WorkerProcess(
            LocalLauncher(),
            _pass_over,
            self._on_exit,
            reports.report_console,
            "trainer",
            folder / CONSOLE_FILE,
            folder,
            reports.report_event,
        )

    def start(self) -> None:
        self._process.start()
        self._process.send(Train(self._spec, str(self._folder)))

    def send(self, message: Pause | Resume | Stop | SetLearningRate) -> None:
        self._process.send(message)

    def detach(self) -> None:
        self._process.detach(_DETACH_SECONDS)

    def kill(self) -> None:
        self._process.kill()

    def _on_exit(self, end: ProcessEnd) -> None:
        self._reports.report_exit(end.text, end.last_output)


def _pass_over(_message: FromWorker) -> None:
    """That Keras is ready, or was not found, which the exit tells."""


def ready_text(ready: Ready) -> str:
    """Such as "Keras 3.15.1 · TensorFlow 2.21.0"."""
    backend = BACKENDS.get(ready.backend, ready.backend)
    return f"Keras {ready.keras_version} · {backend} {ready.backend_version}"
