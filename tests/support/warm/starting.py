"""Processes with Keras that begin with it imported (see `server.py`): workers, programs of the tests, verbs.

Where that cannot be - not on Linux, or with other settings of Keras than the tests' - a Python is started as always.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from tests.support.leaks import HELPERS
from tests.support.trees import ROOT
from tests.support.warm.server import LENGTH, Start

ADDRESS: Final = "LAMELLA_WARM_KERAS"  # a variable: where the server of this process or of one above it listens
# By Python, Keras and TensorFlow.
_READ_AT_IMPORT: Final = ("CUDA_", "HOME", "KERAS_", "LD_", "OMP_", "PYTHONHASHSEED", "TF_", "XLA_")


class WarmProcess:
    """Like subprocess.Popen, for a process that the server forks."""

    def __init__(self, address: str, start: Start, descriptors: Sequence[int]) -> None:
        """`descriptors`: its standard input, output and error."""
        self._lock = threading.Lock()
        self._status: int | None = None
        self.stdin: IO[bytes] | None = None
        self.stdout: IO[bytes] | None = None
        with socket.socket(socket.AF_UNIX) as asker:
            asker.connect(address)
            content = msgspec.json.encode(start)
            socket.send_fds(asker, [b"."], descriptors)
            asker.sendall(LENGTH.pack(len(content)) + content)
            self._told = asker.makefile("rb")
        self.pid = int(self._told.readline())

    def wait(self) -> int:
        with self._lock:
            if self._status is None:
                line = self._told.readline()
                self._told.close()
                assert line, "the server of warm processes has died"
                self._status = int(line)
            return self._status

    def kill(self) -> None:
        if self._status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


class WarmKeras:
    """The server, started when the first process is wanted."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="lamella-warm-"))
        self._path = self._folder / "server"
        self._server: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def address(self) -> str:
        """Where it listens. Waits for Keras the first time."""
        with self._lock:
            if self._server is None:
                self._server = self._started()
                os.environ[ADDRESS] = str(self._path)
        return str(self._path)

    def _started(self) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-P", "-m", "tests.support.warm.server", str(self._path)]
        server = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        HELPERS.add(server.pid)
        assert server.stdout is not None
        assert server.stdout.readline() == b"ready\n", "Keras could not be imported"
        return server

    def stop(self) -> None:
        if self._server is not None:
            os.environ.pop(ADDRESS, None)
            with self._server as server:
                assert server.stdin is not None
                server.stdin.close()
        shutil.rmtree(self._folder)


@cache
def warm_keras() -> WarmKeras:
    """The one of this process. The session of the tests stops it (tests/conftest.py)."""
    return WarmKeras()


def can_be_warm(environment: Mapping[str, str]) -> bool:
    """Whether what Keras read when the server imported it stands in an environment, too."""
    kept = (name for name in {*os.environ, *environment} if name.startswith(_READ_AT_IMPORT))
    return sys.platform.startswith("linux") and all(os.environ.get(name) == environment.get(name) for name in kept)


class WarmSubprocess:
    """Stands for `subprocess` in `runtime.launchers.local`, and starts workers with Keras in them."""

    PIPE, STDOUT = subprocess.PIPE, subprocess.STDOUT
    WORKER: Final = ["-P", "-m", "runtime.worker"]

    def Popen(self, command: Sequence[str], **options: Any) -> Any:  # noqa: N802 - the name that is called
        environment = options["env"]
        if list(command[1:]) != self.WORKER or not can_be_warm(environment):
            return subprocess.Popen(command, **options)
        address = os.environ.get(ADDRESS) or warm_keras().address()
        start = Start(list(command[1:]), environment, os.getcwd(), options["start_new_session"])  # noqa: PTH109
        given, giving = os.pipe()
        reading, said = os.pipe()
        try:
            process = WarmProcess(address, start, (given, said, said))
        finally:
            os.close(given)
            os.close(said)
        process.stdin, process.stdout = os.fdopen(giving, "wb", 0), os.fdopen(reading, "rb", 0)
        return process


def run_warm(arguments: Sequence[str], given: str, seconds: float) -> tuple[int, str, str]:
    """The exit status, the output and the errors of a Python with these arguments and Keras in it."""
    start = Start(list(arguments), {**os.environ, "PYTHONPATH": str(ROOT)}, str(ROOT))
    with tempfile.TemporaryFile() as put, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        put.write(given.encode())
        put.seek(0)
        process = WarmProcess(warm_keras().address(), start, [file.fileno() for file in (put, out, err)])
        too_long = threading.Timer(seconds, process.kill)
        too_long.start()
        try:
            status = process.wait()
        finally:
            too_long.cancel()
            too_long.join()
        out.seek(0)
        err.seek(0)
        return status, out.read().decode(), err.read().decode()
