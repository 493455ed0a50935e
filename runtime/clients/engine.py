"""The engine, and evaluators: workers that are kept warm, answer requests, and are started again when they die."""

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
from runtime.clients.client import WorkerProcess
from runtime.clients.endless import Endless, can_be_sent_again, hanging, is_weighty, not_again
from runtime.launchers.launcher import Launcher
from runtime.messages.connection import Cancel, Cancelled, Failed, Ready, Role
from runtime.messages.describing import DataProgress
from runtime.messages.protocol import PROTOCOL_VERSION, Answer, FromWorker, Request
from runtime.process_end import ProcessEnd

_RESTARTS: Final = 3  # within
_WINDOW: Final = 60.0  # seconds
_ANSWERS: Final = get_args(Answer)

_NOT_SENT: Final = Text(
    "The project holds what cannot be handed to Keras: a number of more than 64 bits, or half of a character."
)

_WEIGHTY_WAIT: Final = 2.0  # seconds

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

    A worker that hangs in a file that nobody waits for any more (`runtime/clients/endless.py`) is ended, and what else
    was asked of data is asked of a new one; questions about that file fail from then on, until `read_again`.
    All callbacks come on threads of the engine, in order; they may call `request` and `cancel`, but not `stop`.
    """

    def __init__(
        self,
        launcher: Launcher,
        on_status: Callable[[EngineStatus], None] = lambda _: None,
        on_console: Callable[[str], None] = lambda _: None,
        on_progress: Callable[[DataProgress], None] = lambda _: None,
        role: Role = "engine",
    ) -> None:
        """`on_progress` is told how far requests are that somebody still waits for."""
        self._launcher = launcher
        self._on_status = on_status
        self._on_console = on_console
        self._on_progress = on_progress
        self._role: Role = role
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._pending: dict[int, tuple[Request, Callback]] = {}
        self._endless = Endless()
        self._hanging: Text | None = None  # why the worker is ended
        self._patience: threading.Timer | None = None
        self._process: WorkerProcess | None = None
        self._stopping = False
        self._wanted = False  # a person ends the worker
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
            self._wanted = True
        if process is not None:
            process.kill()

    def stop(self) -> None:
        """Ends the engine and waits until it is gone; pending requests get no answer."""
        with self._lock:
            self._stopping = True
            self._pending.clear()
            self._endless.begin_anew()
            self._watch()
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
            if process is None:
                refusal = Failed(number, Text("The engine is not running."))
            elif self._endless.refuses(message):
                refusal = Failed(number, not_again(message), unended=True)
            else:
                try:
                    process.send(msgspec.structs.replace(message, id=number))
                except (ValueError, OverflowError, RecursionError) as error:
                    refusal = Failed(number, _NOT_SENT, f"{type(error).__name__}: {error}")
                else:
                    self._pending[number] = (message, callback)
                    self._endless.asked(number, message)
                    return number
        callback(refusal)
        return number

    def read_again(self) -> None:
        """A person wants files to be tried once more whose reading did not come to an end."""
        with self._lock:
            self._endless.read_again()

    def cancel(self, request_id: int) -> None:
        """The answer is no longer wanted; the callback will not be called."""
        with self._lock:
            if self._pending.pop(request_id, None) is not None and self._process is not None:
                self._process.send(Cancel(request_id))
                self._endless.left(request_id, time.monotonic())
                self._watch()

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
        return WorkerProcess(self._launcher, self._on_message, self._on_exit, self._on_console, self._role)

    def _on_message(self, message: FromWorker) -> None:
        if isinstance(message, Ready):
            if message.version == PROTOCOL_VERSION and not self._stopping:
                with self._lock:
                    self._endless.ready(time.monotonic())
                    self._watch()
                self._tell(EngineStatus("ready", ready=message))
        elif isinstance(message, Failed) and message.id == 0:
            self._refusal = message
        elif isinstance(message, DataProgress):
            if message.id in self._pending:
                self._on_progress(message)
        elif isinstance(message, _ANSWERS):
            with self._lock:
                _, callback = self._pending.pop(message.id, (None, None))
                self._endless.answered(message.id, time.monotonic())
                self._watch()
            if callback is not None and not isinstance(message, Cancelled):
                callback(message)

    def _on_exit(self, end: ProcessEnd) -> None:
        with self._lock:
            self._process = None
            pending, self._pending = self._pending, {}
            stopping, hanging, self._hanging = self._stopping, self._hanging, None
            by_person, self._wanted = self._wanted, False
            refusal = self._refusal
            again = not stopping and refusal is None and (hanging is not None or self._may_restart())
            process = self._process = self._new_process() if again else None
            self._endless.begin_anew()
            self._watch()
            if process is not None and hanging is not None:
                self._send_again(pending, process)
        if stopping:
            return
        reason, detail = (refusal.error, refusal.detail) if refusal else (hanging or end.text, end.last_output)
        told = None if by_person and again else reason
        self._tell(EngineStatus("starting" if again else "dead", told, detail))
        text = Text("The engine ended before it answered. {reason}", {"reason": reason})
        for number, (message, callback) in pending.items():
            hung = hanging is not None and self._endless.refuses(message)
            callback(Failed(number, not_again(message), unended=True) if hung else Failed(number, text, detail))
        if process is not None:
            process.start()

    def _send_again(self, pending: dict[int, tuple[Request, Callback]], process: WorkerProcess) -> None:
        """Move the questions that another worker can answer from `pending` to it."""
        for number, (message, callback) in list(pending.items()):
            if can_be_sent_again(message) and not self._endless.refuses(message):
                process.send(msgspec.structs.replace(message, id=number))
                self._pending[number] = (message, callback)
                self._endless.asked(number, message)
                del pending[number]

    def _watch(self) -> None:
        """Look again when patience with some question is over. With the lock held."""
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        due = None if self._stopping else self._endless.due_in(time.monotonic())
        if due is not None:
            if any(is_weighty(message) for message, _ in self._pending.values()):
                due = max(due, _WEIGHTY_WAIT)
            self._patience = threading.Timer(max(due, 0.0), self._end_hanging)
            self._patience.name, self._patience.daemon = "engine-patience", True
            self._patience.start()

    def _end_hanging(self) -> None:
        with self._lock:
            found = self._endless.hangs(time.monotonic())
            if found is None or self._stopping or any(is_weighty(message) for message, _ in self._pending.values()):
                self._watch()
                return
            self._endless.refuse(found)
            self._endless.begin_anew()
            self._hanging = hanging(found)
            process = self._process
        if process is not None:
            process.kill()

    def _may_restart(self) -> bool:
        now = time.monotonic()
        full = len(self._deaths) == _RESTARTS and now - self._deaths[0] < _WINDOW
        self._deaths.append(now)
        return not full

    def _tell(self, status: EngineStatus) -> None:
        self._status = status
        self._on_status(status)
