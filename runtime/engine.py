"""The engine: a worker that is kept warm, answers requests, and is started again when it dies."""

import itertools
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, get_args

import msgspec

from resources.text import Text
from runtime.client import WorkerProcess
from runtime.launchers.launcher import Launcher
from runtime.process_end import ProcessEnd
from runtime.protocol import (
    PROTOCOL_VERSION,
    Answer,
    Cancel,
    Cancelled,
    Failed,
    FromWorker,
    Ready,
    Request,
)

_RESTARTS: Final = 3  # within
_WINDOW: Final = 60.0  # seconds
_ANSWERS: Final = get_args(Answer)

Callback = Callable[[Answer], None]


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """`text` says what happened when the engine is dead or starting again; `detail` is its last output."""

    phase: Literal["off", "starting", "ready", "dead"]
    text: Text | None = None
    detail: str = ""
    ready: Ready | None = None


class Engine:
    """Answers requests through a worker.

    All callbacks come on threads of the engine, in order; they may call `request` and `cancel`, but not `stop`.
    """

    def __init__(
        self,
        launcher: Launcher,
        on_status: Callable[[EngineStatus], None] = lambda _: None,
        on_console: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._launcher = launcher
        self._on_status = on_status
        self._on_console = on_console
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._pending: dict[int, Callback] = {}
        self._process: WorkerProcess | None = None
        self._stopping = False
        self._deaths: deque[float] = deque(maxlen=_RESTARTS)
        self._refusal: Failed | None = None  # why the worker cannot serve at all
        self._status = EngineStatus("off")

    @property
    def status(self) -> EngineStatus:
        return self._status

    def start(self) -> None:
        """Returns at once. Does nothing while the engine runs; starts a dead one afresh."""
        with self._lock:
            if self._process is not None:
                return
            self._stopping = False
            self._refusal = None
            self._deaths.clear()
            process = self._process = self._new_process()
        self._tell(EngineStatus("starting"))
        process.start()

    def restart(self) -> None:
        """Ends the worker at once, whatever it is doing; pending requests fail, and a new one starts."""
        with self._lock:
            process = self._process
            self._deaths.clear()  # this one was wanted
        if process is not None:
            process.kill()

    def stop(self) -> None:
        """Ends the engine and waits until it is gone; pending requests get no answer."""
        with self._lock:
            self._stopping = True
            self._pending.clear()
            process = self._process
        if process is not None:
            process.stop(timeout=1.0)
        with self._lock:
            self._process = None
        self._status = EngineStatus("off")

    def request(self, message: Request, callback: Callback) -> int:
        """Sends `message` with an id of its own and returns the id. `callback` gets the one answer, or Failed.

        No answer comes after `cancel`, and none for an Infer that a newer one has overtaken.
        """
        number = next(self._ids)
        with self._lock:
            process = self._process
            if process is not None:
                self._pending[number] = callback
                process.send(msgspec.structs.replace(message, id=number))
                return number
        callback(Failed(number, Text("The engine is not running.")))
        return number

    def cancel(self, request_id: int) -> None:
        """The answer is no longer wanted; the callback will not be called."""
        with self._lock:
            if self._pending.pop(request_id, None) is not None and self._process is not None:
                self._process.send(Cancel(request_id))

    def ask(self, message: Request, timeout: float | None = None) -> Answer:
        """Asks and waits, for programs without a window. Raises TimeoutError."""
        answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        number = self.request(message, answers.put)
        try:
            return answers.get(timeout=timeout)
        except queue.Empty:
            self.cancel(number)
            raise TimeoutError(f"no answer within {timeout} s") from None

    # On the engine's threads

    def _new_process(self) -> WorkerProcess:
        return WorkerProcess(self._launcher, self._on_message, self._on_exit, self._on_console)

    def _on_message(self, message: FromWorker) -> None:
        if isinstance(message, Ready):
            if message.version == PROTOCOL_VERSION and not self._stopping:
                self._tell(EngineStatus("ready", ready=message))
        elif isinstance(message, Failed) and message.id == 0:
            self._refusal = message
        elif isinstance(message, _ANSWERS):
            with self._lock:
                callback = self._pending.pop(message.id, None)
            if callback is not None and not isinstance(message, Cancelled):
                callback(message)

    def _on_exit(self, end: ProcessEnd) -> None:
        with self._lock:
            self._process = None
            pending, self._pending = self._pending, {}
            stopping = self._stopping
            refusal = self._refusal
            again = not stopping and refusal is None and self._may_restart()
            process = self._process = self._new_process() if again else None
        if stopping:
            return
        reason, detail = (refusal.error, refusal.detail) if refusal else (end.text, end.last_output)
        self._tell(EngineStatus("starting" if again else "dead", reason, detail))
        text = Text("The engine ended before it answered. {reason}", {"reason": reason})
        for number, callback in pending.items():
            callback(Failed(number, text, detail))
        if process is not None:
            process.start()

    def _may_restart(self) -> bool:
        now = time.monotonic()
        full = len(self._deaths) == _RESTARTS and now - self._deaths[0] < _WINDOW
        self._deaths.append(now)
        return not full

    def _tell(self, status: EngineStatus) -> None:
        self._status = status
        self._on_status(status)
