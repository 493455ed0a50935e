"""Model files of strangers, read by a process of their own: the window never parses one. Knows no Qt."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from app.model_files.answers import MOST_BYTES, Answer, AnswerError, ReadModel, Refused, decoded
from graph_editor.document.files.file_format import FileError
from resources.os_reasons import os_reason
from resources.text import Facts, Text

if TYPE_CHECKING:
    import subprocess

VERB: Final = "read-model"  # not one that people are told of
SECONDS: Final = 60.0
RESIDENT_BYTES: Final = 3 * 2**30  # where the system cannot limit addresses
_TICK: Final = 0.05
_ROOT: Final = Path(__file__).resolve().parents[2]
_NO_ADDRESS_LIMIT: Final = not sys.platform.startswith("linux")
_log = logging.getLogger(__name__)


def reader_command(verb: str = VERB) -> list[str]:
    """The command line of the process: of this Python, or of the packaged application."""
    if getattr(sys, "frozen", False):
        return [sys.executable, verb]
    return [sys.executable, "-P", "-m", "app", verb]  # -P: never import from the current folder


def program_environment() -> dict[str, str]:
    """That of a process of this program."""
    environment = dict(os.environ) | {"PYTHONUTF8": "1"}
    if not getattr(sys, "frozen", False):
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_ROOT), environment.get("PYTHONPATH", "")]))
    return environment


class ModelReader:
    """A process for one file. `prepare` starts it while a person still chooses; `read` starts it if it must."""

    def __init__(
        self,
        command: Sequence[str] | None = None,
        seconds: float = SECONDS,
        resident: int | None = RESIDENT_BYTES if _NO_ADDRESS_LIMIT else None,
    ) -> None:
        """`resident`: the memory in use, in bytes, at which it is ended; None leaves that to the system's limit."""
        self._command = list(command or reader_command())
        self._seconds = seconds
        self._resident = resident
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = threading.Event()

    def prepare(self) -> None:
        """Start the process now: most of the time that a small file takes is its start. Raises nothing."""
        try:
            self._process = self._process or self._start()
        except OSError as error:
            _log.warning("The process that reads models did not start: %s", error)

    def cancel(self) -> None:
        """From another thread: end it; `read` raises CancelledError."""
        self._cancelled.set()

    def close(self) -> None:
        """End a process that was made ready and is not needed."""
        if self._process is not None:
            process, self._process = self._process, None
            _end(process)

    def read(self, path: Path) -> ReadModel:
        """Return what is in the file. Raises FileError with one sentence, and CancelledError."""
        return _taken(path, self.said_of(path))

    def said_of(self, path: Path) -> bytes:
        """Everything that the process says of the file, which it ended well after. Raises as `read`."""
        try:
            process, self._process = self._process or self._start(), None
        except OSError as error:
            raise _refusal(path, Text("the process that reads it did not start: {reason}.", _reason(error))) from error
        watch = _Watch(process, self._seconds, self._resident, self._cancelled)
        try:
            content = _ask(process, path)
        finally:
            watch.stop()
            _end(process)
        if self._cancelled.is_set():
            raise CancelledError
        if watch.ended_for is not None:
            raise _refusal(path, watch.ended_for)
        return _complete(path, content, process.returncode)

    def _start(self) -> subprocess.Popen[bytes]:
        import subprocess  # the window is painted before it is needed

        environment = program_environment() | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        return subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # a Ctrl-C in the terminal is the window's matter
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )


class _Watch:
    """Ends the process when its time is over, its memory too much, or nobody waits for it."""

    def __init__(
        self, process: subprocess.Popen[bytes], seconds: float, resident: int | None, cancelled: threading.Event
    ) -> None:
        self.ended_for: Text | None = None
        self._process = process
        self._until = time.monotonic() + seconds
        self._seconds = seconds
        self._resident = resident
        self._cancelled = cancelled
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="lamella-reader-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(_TICK):
            if time.monotonic() > self._until:
                self.ended_for = Text("reading it took more than {seconds} seconds.", {"seconds": f"{self._seconds:g}"})
            elif self._resident is not None and _in_use(self._process.pid) > self._resident:
                megabytes = self._resident // 2**20
                self.ended_for = Text("reading it needs more memory than {megabytes} MB.", {"megabytes": megabytes})
            elif not self._cancelled.is_set():
                continue
            self._process.kill()
            return


def _in_use(pid: int) -> int:
    import psutil  # slow to import, and needed on some systems only

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:  # it has just ended
        return 0


def _ask(process: subprocess.Popen[bytes], path: Path) -> bytes:
    """Everything it says, up to one byte more than is taken."""
    stdin, stdout = _pipe(process.stdin), _pipe(process.stdout)
    try:
        stdin.write(json.dumps({"path": str(path.absolute())}).encode() + b"\n")
        stdin.close()
    except OSError:  # it has ended already; what it said tells why
        _log.info("The process that reads models ended before it was asked")
    parts: list[bytes] = []
    left = MOST_BYTES + 1
    while left > 0 and (part := stdout.read(min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _pipe(stream: IO[Any] | None) -> IO[Any]:
    assert stream is not None
    return stream


def _end(process: subprocess.Popen[bytes]) -> None:
    """It has said what it had to say, or never will."""
    import subprocess

    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:
                _log.info("The pipe to the process that reads models broke")
    try:
        process.wait(0.5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _complete(path: Path, content: bytes, status: int) -> bytes:
    if len(content) > MOST_BYTES:
        megabytes = MOST_BYTES // 2**20
        raise _refusal(path, Text("what is in it takes more than {megabytes} MB.", {"megabytes": megabytes}))
    if not content or status != 0:
        _log.warning("The process that read %s ended with %s", path, status)
        raise _refusal(path, Text("the process that read it broke off. The file may be damaged."))
    return content


def _taken(path: Path, content: bytes) -> ReadModel:
    try:
        answer: Answer = decoded(content)
    except AnswerError as error:
        _log.warning("No answer about %s: %s", path, error)
        raise _refusal(path, Text("the process that read it gave no sensible answer.")) from error
    if isinstance(answer, Refused):
        if answer.detail:
            _log.warning("%s was not read: %s", path, answer.detail)
        raise FileError(answer.text)
    return answer


def _refusal(path: Path, reason: Text) -> FileError:
    return FileError(Text("{file} cannot be opened: {reason}", {"file": path.name, "reason": reason}))


def _reason(error: OSError) -> Facts:
    return {"reason": os_reason(error)}
