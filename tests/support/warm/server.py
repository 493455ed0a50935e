"""A process that has imported Keras, and runs nothing of it: what it forks has Keras at once, not after 3 seconds.

    python -P -m tests.support.warm.server SOCKET

A forked process cannot use TensorFlow once TensorFlow's threads have started: they are not in it. So nothing here runs
an operation, which is looked at before the first fork. Nothing of Lamella's is imported either: some programs show
that a model of Lamella's needs nothing of it. The server ends with its standard input.

Somebody connects, sends a byte with three file descriptors (standard input, output and error of the new process) and
a `Start`; gets a line with the number of the process, and when that ends another one with its exit status.
"""

from __future__ import annotations

import atexit
import gc
import os
import runpy
import selectors
import signal
import socket
import struct
import sys
import tempfile
import traceback
import warnings
from pathlib import Path
from types import ModuleType
from typing import Final, NoReturn

import msgspec

LENGTH: Final = struct.Struct("!I")


class Start(msgspec.Struct, frozen=True):
    """What is started: the arguments of a Python, its environment and folder, and whether in a session of its own."""

    arguments: list[str]
    environment: dict[str, str]
    folder: str
    new_session: bool = False


class _Server:
    def __init__(self, path: str) -> None:
        self._children: dict[int, socket.socket] = {}
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(path)
        self._listening.listen(32)
        self._woken, waking = os.pipe()
        for end in (self._woken, waking):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._selector = selectors.DefaultSelector()
        for event in (self._listening, self._woken, 0):
            self._selector.register(event, selectors.EVENT_READ)

    def serve(self) -> None:
        """Until standard input ends."""
        while True:
            ready = {key.fileobj for key, _ in self._selector.select()}
            if 0 in ready:
                return
            if self._woken in ready:
                os.read(self._woken, 4096)
                self._tell_ends()
            if self._listening in ready:
                self._start(self._listening.accept()[0])

    def _tell_ends(self) -> None:
        while self._children:
            number, status = os.waitpid(-1, os.WNOHANG)
            if not number:
                return
            with self._children.pop(number) as asker:
                _tell(asker, os.waitstatus_to_exitcode(status))

    def _start(self, asker: socket.socket) -> None:
        start, descriptors = _received(asker)
        ready, getting_ready = os.pipe()
        number = os.fork()
        if number == 0:
            os.close(ready)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._selector.close()
            for mine in (asker, self._listening, *self._children.values()):
                mine.close()
            _become(start, descriptors, getting_ready)
        for descriptor in (*descriptors, getting_ready):
            os.close(descriptor)
        os.read(ready, 1)  # ends when the process is what was asked for, as subprocess.Popen does
        os.close(ready)
        self._children[number] = asker
        _tell(asker, number)


def _received(asker: socket.socket) -> tuple[Start, list[int]]:
    _, descriptors, _, _ = socket.recv_fds(asker, 1, 3)
    with asker.makefile("rb") as stream:
        (length,) = LENGTH.unpack(stream.read(LENGTH.size))
        return msgspec.json.decode(stream.read(length), type=Start), descriptors


def _tell(asker: socket.socket, number: int) -> None:
    try:
        asker.sendall(b"%d\n" % number)
    except OSError:  # whoever asked has gone; what was started may live on, as a trainer does
        return


def _become(start: Start, descriptors: list[int], getting_ready: int) -> NoReturn:
    """What is left of the server after a fork becomes the process that was asked for."""
    for target, descriptor in enumerate(descriptors):
        os.dup2(descriptor, target)
        os.close(descriptor)
    if start.new_session:
        os.setsid()
    os.chdir(start.folder)
    os.environ.clear()
    os.environ.update(start.environment)
    os.close(getting_ready)
    _forget()
    status = 1
    try:
        _run(start.arguments)
        status = 0
    except SystemExit as end:
        status = _status(end)
    except BaseException:
        traceback.print_exc()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _forget() -> None:
    """What the server has learnt at its start, and what would be the same in all that it forks."""
    import numpy as np

    tempfile.tempdir = None
    np.random.seed()  # Python's own `random` does that by itself
    added = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:0] = [place for place in dict.fromkeys(added) if place and place not in sys.path]


def _status(end: SystemExit) -> int:
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    print(end.code, file=sys.stderr)
    return 1


def _run(arguments: list[str]) -> None:
    """As Python runs its arguments: `-W`, `-P`, then `-m MODULE`, `-c TEXT`, or a file."""
    rest = list(arguments)
    safe = False
    while rest[0] in ("-P", "-W"):
        if rest.pop(0) == "-P":
            safe = True
        else:
            warnings.simplefilter(rest.pop(0))  # type: ignore[arg-type]
    how = rest.pop(0)
    if how == "-m":
        sys.path[:0] = [] if safe else [os.getcwd()]  # noqa: PTH109 - as Python does
        sys.argv = rest
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    elif how == "-c":
        sys.path[:0] = [] if safe else [""]
        sys.argv = ["-c", *rest[1:]]
        main = sys.modules["__main__"] = ModuleType("__main__")
        exec(compile(rest[0], "<string>", "exec"), main.__dict__)
    else:
        sys.path[:0] = [] if safe else [str(Path(how).resolve().parent)]
        sys.argv = [how, *rest]
        runpy.run_path(how, run_name="__main__")


def _warm_up() -> None:
    import keras  # noqa: F401
    from tensorflow.python.eager import context

    assert not (context._context and context._context._initialized), "an operation has run: no fork may use TensorFlow"
    gc.collect()
    gc.freeze()  # what is never looked at is never copied


def main() -> None:
    _warm_up()
    # From Python 3.12 on it is said of each fork with threads; those that wait here belong to NumPy, which forks well.
    warnings.filterwarnings("ignore", message=".*multi-threaded.*fork", category=DeprecationWarning)
    server = _Server(sys.argv[1])
    print("ready", flush=True)
    server.serve()


if __name__ == "__main__":
    main()
