"""A training run without a window: starts a trainer, passes its events on, stops it gracefully on Ctrl-C."""

import queue
import signal
from pathlib import Path
from types import FrameType

from app.cli.common.output import CommandError, say
from resources.text import Text, tr
from runtime.clients.client import WorkerProcess
from runtime.events import ReportEvent, RunEnded, RunFailed, TrainingEvent
from runtime.launchers.local import LocalLauncher
from runtime.messages.protocol import FromWorker
from runtime.messages.training import Stop, Train
from runtime.process_end import ProcessEnd
from runtime.spec import RunSpec
from runtime.store import CONSOLE_FILE


class _Interrupted:
    """Ctrl-C was pressed."""


_Incoming = queue.SimpleQueue[FromWorker | ProcessEnd | _Interrupted]


def train_headless(spec: RunSpec, folder: Path, report_event: ReportEvent) -> RunEnded:
    """Train to the end; the first Ctrl-C stops gracefully, the second at once. CommandError when the run fails."""
    incoming: _Incoming = queue.SimpleQueue()
    trainer = WorkerProcess(
        LocalLauncher(),
        incoming.put,
        incoming.put,
        role="trainer",
        console_file=folder / CONSOLE_FILE,
        run_folder=folder,
    )
    interrupts = 0

    def on_interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal interrupts
        interrupts += 1
        if interrupts == 1:
            incoming.put(_Interrupted())  # said by who prints: a signal may come in the midst of a line
            trainer.send(Stop())
        else:
            trainer.kill()

    before = {number: signal.signal(number, on_interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        trainer.start()
        trainer.send(Train(spec, str(folder)))
        return _follow(incoming, report_event)
    finally:
        trainer.stop(timeout=30.0)
        for number, handler in before.items():
            signal.signal(number, handler)


def _follow(incoming: "_Incoming", report_event: ReportEvent) -> RunEnded:
    while True:
        try:
            message = incoming.get(timeout=0.2)  # a wait without end would not let Ctrl-C through on Windows
        except queue.Empty:
            continue
        if isinstance(message, _Interrupted):
            say(tr("Stopping after this batch… (Ctrl-C again stops at once)"))
            continue
        if isinstance(message, ProcessEnd):
            raise CommandError(Text("Training died: {reason}", {"reason": message.text}), message.last_output)
        if not isinstance(message, TrainingEvent):
            continue
        report_event(message)
        if isinstance(message, RunFailed):
            raise CommandError(message.error, message.detail)
        if isinstance(message, RunEnded):
            return message
