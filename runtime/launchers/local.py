"""Workers as processes of this machine.

The worker connects back over a socket in a private folder (a named pipe on Windows). Address and key travel through its
standard input: unlike arguments and environment, nobody else can read that.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import IO, Final

from resources.temporaries import folder_prefix

_ROOT: Final = Path(__file__).resolve().parents[2]
_LONGEST_SOCKET_PATH: Final = 100  # the kernels allow 104 to 108 bytes


class LocalLauncher:
    """Starts `python -m runtime.worker`, in a session of its own: a Ctrl-C in the terminal is the desktop's matter."""

    def __init__(self, environment: Mapping[str, str] | None = None, command: Sequence[str] | None = None) -> None:
        """`environment` is added to this process' own. `command` replaces the worker program (for tests)."""
        self._environment = dict(environment or {})
        self._command = list(command) if command else worker_command()

    def launch(self) -> "LocalWorker":
        return LocalWorker(self._command, _environment(self._environment))


def worker_command() -> list[str]:
    """The command line of a worker: of this Python, or of the packaged application."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "worker"]
    return [sys.executable, "-P", "-m", "runtime.worker"]  # -P: never import from the current folder


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    environment = dict(os.environ)
    environment.setdefault("KERAS_BACKEND", "tensorflow")
    environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    environment |= {"PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
    if not getattr(sys, "frozen", False):
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_ROOT), environment.get("PYTHONPATH", "")]))
    return environment | dict(extra)


class LocalWorker:
    """One worker process and the place where it connects."""

    console: IO[bytes]

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        key = secrets.token_bytes(32)
        self._folder = _private_folder()
        self._abandoned = False
        try:
            self._listener = Listener(self._address(), backlog=4, authkey=key)
            self._listening_at = self._listener.address
            self._process = self._start(command, environment, key)
        except BaseException:
            self._remove_address()
            raise
        assert self._process.stdout is not None
        self.console = self._process.stdout

    def _address(self) -> str | None:
        return str(self._folder / "worker") if self._folder else None  # None: a random named pipe

    def _start(self, command: Sequence[str], environment: Mapping[str, str], key: bytes) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            env=dict(environment),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        assert process.stdin is not None
        hand_over = {"address": self._listening_at, "authkey": key.hex()}
        try:
            process.stdin.write(json.dumps(hand_over).encode() + b"\n")
            process.stdin.close()
        except BrokenPipeError:  # it ended already; `wait` and `console` tell why
            process.stdin.close()
        return process

    def accept(self) -> "Connection[bytes, bytes]":
        while not self._abandoned:
            try:
                connection = self._listener.accept()
            except (AuthenticationError, OSError, EOFError):
                time.sleep(0.01)  # somebody without the key, somebody who hung up, or `abandon`
                continue
            self._remove_address()
            return connection
        raise ConnectionAbortedError("the worker did not connect")

    def abandon(self) -> None:
        self._abandoned = True
        try:
            Client(self._listening_at).close()  # wakes `accept`
        except OSError:
            return  # nobody listens any more: it has returned

    def wait(self) -> int:
        return self._process.wait()

    def kill(self) -> None:
        self._process.kill()

    @property
    def pid(self) -> int:
        return self._process.pid

    def close(self) -> None:
        self._remove_address()

    def _remove_address(self) -> None:
        listener = getattr(self, "_listener", None)
        if listener is not None:
            listener.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def _private_folder() -> Path | None:
    """A folder for the socket that only this user can enter; none on Windows, whose pipes have no folder."""
    if sys.platform == "win32":
        return None
    folder = tempfile.mkdtemp(prefix=folder_prefix())  # made with mode 0700
    if len(os.fsencode(folder)) > _LONGEST_SOCKET_PATH - len("/worker"):
        Path(folder).rmdir()
        folder = tempfile.mkdtemp(prefix=folder_prefix(), dir="/tmp")
    return Path(folder)
