"""Lets the operating system fail once: the n-th call that touches the disk below a folder."""

from __future__ import annotations

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)
POINTS = ("open", "write", "fsync", "rename", "chmod", "close", "mkdir", "utime")


class Fault:
    """Counts the calls, and fails at number `at` (from 1; 0: never) with `number`; None: a write takes a half."""

    def __init__(self, at: int = 0, number: int | None = errno.EIO) -> None:
        self.at, self.number = at, number
        self.calls: list[str] = []

    @property
    def happened(self) -> bool:
        return 0 < self.at <= len(self.calls)

    def due(self, name: str) -> bool:
        self.calls.append(name)
        return len(self.calls) == self.at

    def error(self, path: object = None) -> OSError:
        number = self.number or errno.ENOSPC
        return OSError(number, os.strerror(number), *([str(path)] if path is not None else []))


class _Stream(io.FileIO):
    """A raw file whose writes and close may fail."""

    def __init__(self, handle: int, mode: str, fault: Fault) -> None:
        super().__init__(handle, mode)
        self._fault = fault

    def write(self, data: Any) -> int:
        if self._fault.due("write"):
            half = memoryview(data).cast("B")[: len(data) // 2]
            super().write(half)  # a full disk takes a part before it refuses
            if self._fault.number is not None:
                raise self._fault.error()
            return len(half)
        return super().write(data)

    def close(self) -> None:
        if self.closed:
            return
        due = self._fault.due("close") and self._fault.number is not None
        super().close()
        if due:
            raise self._fault.error()


@contextmanager
def failing(fault: Fault, folder: Path) -> Iterator[Fault]:
    """While this lasts, what touches `folder` and is written may fail as `fault` says."""
    handles: dict[int, str] = {}
    real = {name: getattr(os, name) for name in ("open", "fsync", "rename", "replace", "chmod", "mkdir", "fdopen")}
    real_open = builtins.open

    def ours(path: object) -> bool:
        return isinstance(path, str | Path) and os.path.realpath(path).startswith(os.path.realpath(folder))

    def opened(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        writes = flags & (os.O_WRONLY | os.O_RDWR)
        if ours(path) and writes and fault.due("open"):
            raise fault.error(path)
        handle: int = real["open"](path, flags, *rest, **more)
        if ours(path):
            handles[handle] = str(path)
        return handle

    def streamed(handle: int, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if handle in handles and "w" in mode:
            handles.pop(handle)
            return io.BufferedWriter(_Stream(handle, "wb", fault))
        return real["fdopen"](handle, mode, *rest, **more)

    def synced(handle: int) -> None:
        if fault.due("fsync"):
            raise fault.error()
        real["fsync"](handle)

    def on_path(name: str) -> Callable[..., Any]:
        def call(path: Any, *rest: Any, **more: Any) -> Any:
            if ours(path) and fault.due("rename" if name == "replace" else name):
                raise fault.error(path)
            return real[name](path, *rest, **more)

        return call

    def open_file(path: Any, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if not ours(path) or not set(mode) & set("wxa+"):
            return real_open(path, mode, *rest, **more)
        if fault.due("open"):
            raise fault.error(path)
        raw = _Stream(real["open"](path, _flags(mode), 0o666), "wb", fault)
        buffered = raw if rest[:1] == (0,) or more.get("buffering") == 0 else io.BufferedWriter(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, encoding=more.get("encoding") or "utf-8")

    patches: list[Any] = [
        mock.patch.object(os, "open", opened),
        mock.patch.object(os, "fdopen", streamed),
        mock.patch.object(os, "fsync", synced),
        *(mock.patch.object(os, name, on_path(name)) for name in ("rename", "replace", "chmod", "mkdir")),
        mock.patch.object(builtins, "open", open_file),
        mock.patch.object(io, "open", open_file),
    ]
    try:
        for patch in patches:
            patch.start()
        yield fault
    finally:
        for patch in reversed(patches):
            patch.stop()


def _flags(mode: str) -> int:
    if "r" in mode:
        return os.O_RDWR
    flags = (os.O_RDWR if "+" in mode else os.O_WRONLY) | os.O_CREAT
    return flags | (os.O_EXCL if "x" in mode else os.O_APPEND if "a" in mode else os.O_TRUNC)
