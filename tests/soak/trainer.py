"""A trainer that trains nothing and says at once what a real one says in minutes; its run folder is a real one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer

from app.engine.run_controller import TrainerReports
from resources.text import Text
from resources.training.settings.epochs import SETTING as EPOCHS
from runtime.events import Paused, Resumed, RunEnded, RunFailed, TrainingEvent
from runtime.messages.training import Pause, Resume, SetLearningRate, Stop
from runtime.run_process import write_process
from runtime.spec import RunSpec
from runtime.store import BEST_FILE, MODEL_FILE, result_of, write_result
from runtime.worker.training.event_log import EventWriter
from tests.gui.training.fakes import ended, run_events

_TICK_MS = 15


class QuickTrainer:
    """A few epochs in a fraction of a second; now and then one that fails or dies, unless it is `calm`."""

    def __init__(
        self, spec: RunSpec, folder: Path, reports: TrainerReports, rng: random.Random, calm: bool = False
    ) -> None:
        self._epochs, self._folder, self._reports = spec.training[EPOCHS], folder, reports
        self._left = self._plan(rng, calm)
        self._kept: list[TrainingEvent] = []
        self._paused = False
        self._timer = QTimer()
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._writer: EventWriter | None = None
        self._dies = rng.random() < 0.05 and not calm

    def _plan(self, rng: random.Random, calm: bool) -> Iterator[Any]:
        epochs = rng.randint(1, 4)
        yield from run_events(epochs, max(epochs, self._epochs), steps=6, seed=rng.randrange(1000))
        if rng.random() < 0.1 and not calm:
            yield RunFailed(Text("There was not enough memory: a smaller batch size needs less."), "Traceback")
        else:
            yield ended(epoch=epochs)

    def start(self) -> None:
        write_process(self._folder)
        self._writer = EventWriter(self._folder, lambda _error: None)
        self._timer.start()

    def send(self, message: Pause | Resume | Stop | SetLearningRate) -> None:
        match message:
            case Pause() if not self._paused and self._timer.isActive():
                self._paused = True
                self._tell(Paused())
            case Resume() if self._paused:
                self._paused = False
                self._tell(Resumed())
            case Stop():
                self._paused = False
                self._left = iter([ended("stopped", 1)])
            case _:
                pass

    def detach(self) -> None:
        self._end()

    def kill(self) -> None:
        self._end()

    def _tick(self) -> None:
        if self._paused:
            return
        if self._dies and len(self._kept) == 3:
            self._end()
            self._reports.report_exit(Text("The trainer was ended by SIGKILL."), "Killed")
            return
        event = next(self._left, None)
        if isinstance(event, RunEnded) and self._folder.is_dir():
            for name in (BEST_FILE, MODEL_FILE):  # nobody reads what is in them
                (self._folder / name).write_bytes(b"weights")
        if event is not None:
            self._tell(event)
        if event is None or isinstance(event, RunEnded | RunFailed):
            self._end()

    def _tell(self, event: TrainingEvent) -> None:
        if self._writer is not None:
            stamped = self._writer.write(event)
            self._kept.append(stamped)
            self._reports.report_event(stamped)
            self._reports.report_console(f"epoch {getattr(event, 'epoch', 0)}\n")

    def _end(self) -> None:
        self._timer.stop()
        if self._writer is None:
            return
        self._writer.close()
        self._writer = None
        if self._folder.is_dir():
            write_result(self._folder, result_of(self._kept, "failed"))
