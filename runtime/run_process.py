"""Which process trains a run, and whether it is still there."""

import os
from pathlib import Path
from typing import Final, Literal

import msgspec

from resources import processes
from resources.atomic import write_atomically
from resources.text import Text
from runtime.run_files import DamagedError, read_checked

PROCESS_FILE: Final = "process.json"
_MOST_BYTES: Final = 64 << 10

ProcessState = Literal["none", "alive", "ended", "elsewhere"]


class ProcessFile(msgspec.Struct, frozen=True):
    """A process by its machine, boot, space of numbers, number and start (see resources/processes.py)."""

    pid: int
    start: int = 0
    boot: str = ""
    space: str = ""
    machine: str = ""


def write_process(folder: Path, pid: int | None = None) -> None:
    """Says that this process, or the one of this machine with that number, trains the run. Raises OSError."""
    number = os.getpid() if pid is None else pid
    start = processes.start_of(number) or 0
    process = ProcessFile(number, start, processes.boot(), processes.space(), processes.machine())
    write_atomically(folder / PROCESS_FILE, msgspec.json.format(msgspec.json.encode(process), indent=2) + b"\n")


def claim_process(folder: Path, pid: int) -> None:
    """Says who was started to train the run, unless it has said so itself by now. Raises OSError."""
    if not (folder / PROCESS_FILE).exists():
        write_process(folder, pid)


def process_state(folder: Path) -> ProcessState:
    """Return what is known of the run's process. Of one of another machine (or container) nobody here knows.

    Raises DamagedError.
    """
    process = read_checked(folder / PROCESS_FILE, ProcessFile, _MOST_BYTES)
    if process is None:
        return "none"
    if not 0 < process.pid <= processes.LARGEST_PID:
        raise DamagedError(
            Text.of("{file}: no process has the number {number}.", file=PROCESS_FILE, number=str(process.pid)[:40])
        )
    return _state(process)


def is_alive(folder: Path) -> bool:
    """Whether the process that trains the run is known to be there."""
    try:
        return process_state(folder) == "alive"
    except DamagedError:
        return False


def _state(process: ProcessFile) -> ProcessState:
    same_boot = process.boot == processes.boot()
    same_machine = same_boot if process.boot else process.machine == processes.machine()
    if same_machine and same_boot and process.space == processes.space():
        return "alive" if processes.is_running(process.pid, process.start) else "ended"
    if same_machine or process.machine not in ("", processes.machine()):
        return "elsewhere"  # a container beside this one, or another machine
    return "ended"  # before this machine was started anew, or by a Lamella that did not say more
