"""Engines for the tests: a real one for the whole session, and fake ones that are quick to start and to kill."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.clients.client import WorkerProcess
from runtime.clients.engine import Engine, EngineStatus
from runtime.launchers.local import LocalLauncher, LocalWorker
from runtime.messages.connection import Ready
from runtime.messages.protocol import FromWorker
from runtime.process_end import ProcessEnd
from tests.support.fresh_python import answer_of

FAKE_WORKER = Path(__file__).with_name("fake_worker.py")
SECONDS = 120.0


class RecordingLauncher(LocalLauncher):
    """Remembers the processes that it started."""

    def __init__(self, command: list[str] | None = None) -> None:
        super().__init__(command=command)
        self.workers: list[LocalWorker] = []

    def launch(self) -> LocalWorker:
        self.workers.append(super().launch())
        return self.workers[-1]


def fake_launcher(behaviour: str = "") -> RecordingLauncher:
    return RecordingLauncher([sys.executable, str(FAKE_WORKER), behaviour])


class Phases:
    """What an engine said about itself."""

    def __init__(self) -> None:
        self.all: list[EngineStatus] = []
        self._changed = threading.Condition()

    def add(self, status: EngineStatus) -> None:
        with self._changed:
            self.all.append(status)
            self._changed.notify_all()

    def wait_for(self, phase: str, count: int = 1, seconds: float = SECONDS) -> EngineStatus:
        def seen() -> bool:
            return sum(status.phase == phase for status in self.all) >= count

        with self._changed:
            assert self._changed.wait_for(seen, seconds), self.all
            return [status for status in self.all if status.phase == phase][count - 1]


class Worker:
    """One worker process with everything that it said."""

    def __init__(self, launcher: Any, **options: Any) -> None:
        self.messages: queue.SimpleQueue[FromWorker] = queue.SimpleQueue()
        self.ends: queue.SimpleQueue[ProcessEnd] = queue.SimpleQueue()
        self.printed: list[str] = []
        self.process = WorkerProcess(launcher, self.messages.put, self.ends.put, self.printed.append, **options)
        self.process.start()

    def next(self, kind: type[FromWorker] | None = None) -> Any:
        """The next message, or the next of a kind."""
        while True:
            message = self.messages.get(timeout=SECONDS)
            if kind is None or isinstance(message, kind):
                return message

    def end(self) -> ProcessEnd:
        return self.ends.get(timeout=SECONDS)


@pytest.fixture
def fake_engine() -> Iterator[Callable[..., tuple[Engine, Phases, RecordingLauncher]]]:
    """Makes engines on fake workers and stops them afterwards."""
    engines: list[Engine] = []

    def make(behaviour: str = "", **options: Any) -> tuple[Engine, Phases, RecordingLauncher]:
        phases, launcher = Phases(), fake_launcher(behaviour)
        engines.append(Engine(launcher, phases.add, **options))
        engines[-1].start()
        return engines[-1], phases, launcher

    yield make
    for engine in engines:
        engine.stop()


@pytest.fixture
def fake_worker() -> Iterator[Callable[..., Worker]]:
    """Makes fake workers that have said Ready, and stops them afterwards."""
    workers: list[Worker] = []

    def make(behaviour: str = "", ready: bool = True, **options: Any) -> Worker:
        workers.append(Worker(fake_launcher(behaviour), **options))
        if ready:
            assert isinstance(workers[-1].next(), Ready)
        return workers[-1]

    yield make
    for worker in workers:
        worker.process.stop()


@pytest.fixture(scope="session")
def real_launcher() -> RecordingLauncher:
    return RecordingLauncher()


@pytest.fixture(scope="session")
def engine(real_launcher: RecordingLauncher) -> Iterator[Engine]:
    """A warm engine with the real Keras."""
    phases = Phases()
    engine = Engine(real_launcher, phases.add)
    engine.start()
    phases.wait_for("ready", seconds=120)  # its threads and its process are there before the test looks for leaks
    yield engine
    engine.stop()


@pytest.fixture(scope="session")
def truth(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What plain Keras says (see keras_truth.py); "folder" holds a trained run."""
    folder = tmp_path_factory.mktemp("truth")
    return {**plain_keras(folder), "folder": folder}


def plain_keras(*arguments: Path) -> dict[str, Any]:
    return answer_of("-m", "tests.unit.runtime.keras_truth", *arguments)
