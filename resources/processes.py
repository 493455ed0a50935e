"""Who a process is, so that another one that got its number later is not taken for it.

A number alone is used again. So a process is known by the boot of the machine, the space of process numbers (a
container has its own), its number and when it was started, counted by the kernel and not by the clock on the wall.
"""

import contextlib
import hashlib
import os
import socket
import time
from functools import cache
from pathlib import Path
from typing import Final

LARGEST_PID: Final = 2**32 - 1  # of all systems

_CLOCK_SECONDS: Final = 5  # start times that the clock tells of one process may differ by this
_LONGEST_NAME: Final = 64


@cache
def machine() -> str:
    """The name of this machine, as people know it."""
    name = socket.gethostname().encode("ascii", "replace").decode("ascii")
    return name[:_LONGEST_NAME]


@cache
def space() -> str:
    """The space that this machine's process numbers belong to: on Linux a container has its own; "" elsewhere."""
    with contextlib.suppress(OSError):
        return _digest(str(Path("/proc/self/ns/pid").readlink()))
    return ""


@cache
def boot() -> str:
    """This start of the machine; "" where the system has no name for it: then start times tell."""
    try:
        return _digest(Path("/proc/sys/kernel/random/boot_id").read_text("ascii"))
    except OSError:
        return ""


def start_of(pid: int) -> int | None:
    """When a process started: clock ticks since the boot on Linux, else seconds since 1970; None when it has ended."""
    if not 0 < pid <= LARGEST_PID:
        return None
    if _has_ticks():
        try:
            fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            return None
        return None if fields[0] in (b"Z", b"X") else int(fields[19])
    import psutil  # slow to import

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else int(process.create_time())
    except psutil.AccessDenied:
        return int(time.time())  # it is there: rather keep its things
    except psutil.Error:
        return None


def own_start() -> int:
    return _own_start(os.getpid())  # asked anew after a fork


def is_running(pid: int, start: int) -> bool:
    """Whether the process of this machine and boot that started then is still there."""
    found = start_of(pid)
    return found is not None and abs(found - start) <= (0 if _has_ticks() else _CLOCK_SECONDS)


@cache
def _own_start(pid: int) -> int:
    return start_of(pid) or 0


@cache
def _has_ticks() -> bool:
    return Path("/proc/self/stat").is_file()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]
