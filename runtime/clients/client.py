"""Starts a worker and talks to it. Knows no Qt: callbacks come on threads of its own."""

import codecs
import contextlib
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from resources.os_reasons import os_reason
from resources.text import Text
from runtime.console_log import ConsoleLog
from runtime.events import Event, ReportEvent
from runtime.launchers.launcher import Channel, Launched, Launcher
from runtime.messages.connection import Detach, Hello, Role, Shutdown
from runtime.messages.protocol import PROTOCOL_VERSION, FromWorker, ProtocolError, ToWorker, decode_from_worker, encode
from runtime.process_end import ProcessEnd, describe_end, memory_kills
from runtime.run_process import claim_process

_TAIL: Final = 8_000  # characters of the last output that are kept for the report
_GRACE: Final = 2.0  # seconds between the end of the connection and a kill


class WorkerProcess:
    """One worker from start to end.

    `on_message` and `on_exit` come on one thread, `on_console` on another; `on_exit` comes last and once, unless
    the worker is detached. A callback may call `send`, `kill` and `detach`, but not `stop`, which waits.
    """

    def __init__(
        self,
        launcher: Launcher,
        on_message: Callable[[FromWorker], None],
        on_exit: Callable[[ProcessEnd], None],
        on_console: Callable[[str], None] = lambda _: None,
        role: Role = "engine",
        console_file: Path | None = None,
        run_folder: Path | None = None,
        report_event: ReportEvent | None = None,
    ) -> None:
        """`console_file` gets everything that the worker prints, as long as this process runs.

        Of a trainer, `run_folder` is told at once who was started: it may end before it can say so itself. What it
        reports goes to `report_event`, or to `on_message` without one.
        """
        self._launcher = launcher
        self._on_message = on_message
        self._on_exit = on_exit
        self._console = _Console(on_console, console_file)
        self._run_folder = run_folder
        self._report_event = report_event or on_message
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._outgoing.put(encode(Hello(PROTOCOL_VERSION, role)))
        self._lock = threading.Lock()
        self._launched: Launched | None = None
        self._started = self._killed = self._detached = False
        self._problem: Text | None = None
        self._ended = threading.Event()
        self._kills_before = memory_kills()
        self._thread = threading.Thread(target=self._run, name="worker-messages", daemon=True)

    def start(self) -> None:
        """Returns at once; what is sent before the worker has connected waits for it."""
        with self._lock:
            if self._killed:
                return
            self._started = True
            self._thread.start()

    def send(self, message: ToWorker) -> None:
        """Returns at once. What the worker cannot get any more is dropped: `on_exit` tells that it is gone."""
        self._outgoing.put(encode(message))

    def kill(self) -> None:
        """Ends the worker now; `on_exit` follows if it was started."""
        with self._lock:
            self._killed = True
            if self._launched is not None:
                self._launched.kill()

    def detach(self, timeout: float = _GRACE) -> bool:
        """Lets go of a trainer, which trains on; no callback follows. False: it did not confirm in time."""
        self._detached = True
        self.send(Detach())
        return self._ended.wait(timeout)

    def stop(self, timeout: float = _GRACE) -> None:
        """Asks the worker to end, waits, and kills it if it does not; `on_exit` has returned when this returns."""
        self.send(Shutdown())
        if not self._started or not self._ended.wait(timeout):
            self.kill()
        if self._started:
            self._thread.join()

    def join(self, timeout: float | None = None) -> bool:
        """Waits for the end (or the detachment) without asking for it. False: it did not come in time."""
        return self._ended.wait(timeout)

    # On the messages thread

    def _run(self) -> None:
        try:
            launched = self._launcher.launch()
        except OSError as error:
            reason = os_reason(error)
            self._report(None, Text("Keras' process cannot be started: {reason}.", {"reason": reason}))
            return
        if self._run_folder is not None and launched.pid is not None:
            with contextlib.suppress(OSError):  # the trainer will say so itself, or what is in its way
                claim_process(self._run_folder, launched.pid)
        codes: list[int] = []
        console = _daemon("worker-console", self._console.read, launched.console)
        waiter = _daemon("worker-end", _await_end, launched, codes)
        with self._lock:
            self._launched = launched
            if self._killed:
                launched.kill()
        try:
            self._talk(launched)
        finally:
            self._finish(launched, console, waiter, codes)

    def _finish(
        self, launched: Launched, console: threading.Thread, waiter: threading.Thread, codes: list[int]
    ) -> None:
        launched.close()
        if self._detached:  # console and waiter go on until the trainer or this process ends
            self._ended.set()
            return
        waiter.join(_GRACE)
        if waiter.is_alive():
            launched.kill()
            waiter.join()
        console.join(_GRACE)  # a grandchild may hold the pipe open
        self._report(codes[0], self._problem)

    def _talk(self, launched: Launched) -> None:
        """Messages in both directions, until the connection ends."""
        try:
            channel = launched.accept()
        except ConnectionError:
            return
        sender = _daemon("worker-sender", self._send_all, channel)
        try:
            while True:
                message = decode_from_worker(channel.recv_bytes())
                if self._detached:
                    continue
                if isinstance(message, Event):
                    self._report_event(message)
                else:
                    self._on_message(message)
        except (OSError, EOFError):
            return  # the exit status tells more
        except ProtocolError as error:
            self._problem = Text("Keras' process speaks another language: {reason}.", {"reason": str(error)})
            launched.kill()
        finally:
            self._outgoing.put(None)
            sender.join()
            channel.close()

    def _send_all(self, channel: Channel) -> None:
        while (data := self._outgoing.get()) is not None:
            try:
                channel.send_bytes(data)
            except OSError:
                return

    def _report(self, code: int | None, problem: Text | None) -> None:
        end = describe_end(code, self._console.tail(), problem, self._kills_before)
        try:
            self._on_exit(end)
        finally:
            self._ended.set()


class _Console:
    """What a worker prints: passed on, written to a file, and the last of it kept."""

    def __init__(self, on_console: Callable[[str], None], path: Path | None) -> None:
        self._on_console = on_console
        self._path = path
        self._tail = ""
        self._lock = threading.Lock()

    def read(self, stream: IO[bytes]) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        with stream, contextlib.ExitStack() as stack:
            file = self._open()
            if file is not None:
                stack.callback(file.close)
            while data := stream.read(65536):
                if file is not None:
                    with contextlib.suppress(OSError):  # a full disk must not stop the reading
                        file.write(data)
                if text := decoder.decode(data).replace("\r\n", "\n"):
                    with self._lock:
                        self._tail = (self._tail + text)[-_TAIL:]
                    self._on_console(text)

    def tail(self) -> str:
        with self._lock:
            return self._tail

    def _open(self) -> ConsoleLog | None:
        if self._path is None:
            return None
        try:
            return ConsoleLog(self._path)
        except OSError as error:
            self._on_console(f"{self._path}: {os_reason(error)}\n")
            return None


def _daemon(name: str, target: Callable[..., None], *args: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=args, name=name, daemon=True)
    thread.start()
    return thread


def _await_end(launched: Launched, codes: list[int]) -> None:
    codes.append(launched.wait())
    launched.abandon()
