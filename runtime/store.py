"""The folder of a run: made before it starts, filled by its trainer, readable at any time without Keras.

`<project>.runs/0001-name/` holds run.json (what was asked for), project.lamella (the project as it was), process.json
(who trains), events.jsonl, result.json (once it has ended), console.log, model.keras, best.keras and tensorboard/.
"""

import contextlib
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Literal

import msgspec

from resources.atomic import sync_folder, write_atomically
from resources.temporaries import sweep, temporary_name
from resources.text import Text
from runtime.events import EventReader
from runtime.protocol import EpochEnded, Paused, Resumed, RunEnded, RunFailed, RunStarted, TrainingEvent
from runtime.spec import RunSpec

RUN_FILE: Final = "run.json"
PROCESS_FILE: Final = "process.json"
RESULT_FILE: Final = "result.json"
PROJECT_FILE: Final = "project.lamella"
MODEL_FILE: Final = "model.keras"
BEST_FILE: Final = "best.keras"
CONSOLE_FILE: Final = "console.log"

_STARTING_SECONDS: Final = 120.0  # a trainer that has not said who it is by then never will
_CLAIM_SECONDS: Final = 60.0
_CLOCK_SECONDS: Final = 5.0  # start times of one process may differ by this when the clock is set

Status = Literal["running", "completed", "stopped", "early_stopped", "failed", "interrupted"]


class StoreError(Exception):
    """A run folder that cannot be made or read."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.english())
        self.text = text


class RunFile(msgspec.Struct, frozen=True):
    name: str
    created: float  # seconds since 1970
    spec: RunSpec
    format_version: int = 1


class ProcessFile(msgspec.Struct, frozen=True):
    """`started` is the start time of the process: a number that is used again belongs to a process with another one."""

    pid: int
    started: float


class RunResult(msgspec.Struct, frozen=True):
    """How far a run came. `metrics` are those of its last epoch, `best` the best value of each."""

    status: Status
    epochs_done: int = 0
    metrics: dict[str, float | None] = {}
    best: dict[str, float | None] = {}
    seconds: float = 0.0
    error: Text | None = None
    device: str = ""
    parameters: int = 0


class RunInfo(msgspec.Struct, frozen=True):
    """A run in the list of runs. `model` and `best_model` are files that exist."""

    folder: Path
    number: int
    name: str
    created: float
    spec: RunSpec
    result: RunResult
    model: Path | None
    best_model: Path | None
    paused: bool = False  # a running one that waits to be resumed

    @property
    def status(self) -> Status:
        return self.result.status


class RunStore:
    """The runs of one project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def new_run(self, spec: RunSpec, project: bytes) -> Path:
        """A folder of its own, complete from the moment it has its name. Raises StoreError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            sweep([self.folder])
            staging = self.folder / temporary_name("run")
            staging.mkdir()
            try:
                write_atomically(staging / RUN_FILE, _pretty(RunFile(spec.name, time.time(), spec)))
                write_atomically(staging / PROJECT_FILE, project)
                final = self._give_number(staging, slug(spec.name))
            finally:
                shutil.rmtree(staging, ignore_errors=True)
            sync_folder(self.folder)
        except OSError as error:
            facts: dict[str, str | int | float | Text] = {
                "folder": str(self.folder),
                "reason": error.strerror or str(error),
            }
            raise StoreError(Text("No run can be stored in {folder}: {reason}", facts)) from error
        return final

    def _give_number(self, staging: Path, name: str) -> Path:
        """Rename the folder to the next free number. Others are kept from the number while that goes on."""
        number = max(self._numbers(), default=0)
        while True:
            number += 1
            claim = self.folder / f".{number:04d}"
            if not _claim(claim):
                continue
            try:
                if number in self._numbers():
                    continue  # somebody was faster and has already given it its name
                final = self.folder / f"{number:04d}-{name}"
                staging.rename(final)
                return final
            finally:
                claim.rmdir()

    def _numbers(self) -> set[int]:
        return {_number(path) for path in self._folders()}

    def _folders(self) -> Iterator[Path]:
        if self.folder.is_dir():
            yield from sorted(
                path for path in self.folder.iterdir() if re.match(r"\d{4,}-", path.name) and path.is_dir()
            )

    def runs(self) -> list[RunInfo]:
        """All runs, oldest first. Folders without a readable run.json are left out."""
        found = [read_run(folder) for folder in self._folders()]
        return sorted((run for run in found if run is not None), key=lambda run: run.number)

    def find(self, name: str) -> RunInfo | None:
        """A run by its number ("3", "0003") or its folder's name."""
        for run in self.runs():
            if name == run.folder.name or (name.isdigit() and int(name) == run.number):
                return run
        return None


def read_run(folder: Path) -> RunInfo | None:
    """What is known of a run; None when the folder is none. The events of a run without a result are read."""
    try:
        file = msgspec.json.decode((folder / RUN_FILE).read_bytes(), type=RunFile)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    result, paused = _read_result(folder), False
    if result is None:
        result, paused = _result_so_far(folder, file.created)
    model, best = folder / MODEL_FILE, folder / BEST_FILE
    return RunInfo(
        folder=folder,
        number=_number(folder),
        name=file.name,
        created=file.created,
        spec=file.spec,
        result=result,
        model=model if model.is_file() else None,
        best_model=best if best.is_file() else None,
        paused=paused,
    )


def write_process(folder: Path) -> None:
    """Says that this process trains the run. Raises OSError."""
    import psutil

    process = ProcessFile(os.getpid(), psutil.Process().create_time())
    write_atomically(folder / PROCESS_FILE, _pretty(process))


def write_result(folder: Path, result: RunResult) -> None:
    """Raises OSError."""
    write_atomically(folder / RESULT_FILE, _pretty(result))


def is_alive(folder: Path) -> bool:
    """Whether the process that trains the run is there (a process that took over its number does not count)."""
    import psutil

    try:
        process = msgspec.json.decode((folder / PROCESS_FILE).read_bytes(), type=ProcessFile)
    except (OSError, msgspec.MsgspecError):
        return False
    try:
        found = psutil.Process(process.pid)
        return abs(found.create_time() - process.started) < _CLOCK_SECONDS and found.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def result_of(events: list[TrainingEvent], status: Status) -> RunResult:
    """What events say of a run that has `status` unless they tell its end."""
    result = RunResult(status)
    for event in events:
        if isinstance(event, RunStarted):
            result = msgspec.structs.replace(result, device=event.device, parameters=event.parameters)
        elif isinstance(event, EpochEnded):
            metrics: dict[str, float | None] = dict(event.logs)
            seconds = result.seconds + event.seconds
            result = msgspec.structs.replace(result, epochs_done=event.epoch + 1, metrics=metrics, seconds=seconds)
        elif isinstance(event, RunEnded):
            best: dict[str, float | None] = dict(event.best)
            result = msgspec.structs.replace(result, status=event.status, best=best, seconds=event.seconds)
        elif isinstance(event, RunFailed):
            result = msgspec.structs.replace(result, status="failed", error=event.error)
    return result


def slug(name: str) -> str:
    """A name that every file system takes; letters of all scripts stay."""
    words = re.sub(r"[^\w]+", "-", name.lower().replace("_", "-")).strip("-")
    return words[:40].strip("-") or "run"


def _claim(folder: Path) -> bool:
    """Make the empty folder that holds a number; False when another process has it, and lives."""
    try:
        folder.mkdir()
        return True
    except FileExistsError:
        pass
    with contextlib.suppress(OSError):  # a claim is held for milliseconds: an old one is of a process that was killed
        if time.time() - folder.stat().st_mtime > _CLAIM_SECONDS:
            folder.rmdir()
            folder.mkdir()
            return True
    return False


def _read_result(folder: Path) -> RunResult | None:
    try:
        return msgspec.json.decode((folder / RESULT_FILE).read_bytes(), type=RunResult)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _result_so_far(folder: Path, created: float) -> tuple[RunResult, bool]:
    """What is known of a run that has not told its end, and whether it waits to be resumed."""
    starting = not (folder / PROCESS_FILE).exists() and time.time() - created < _STARTING_SECONDS
    alive = starting or is_alive(folder)  # asked before reading: a run that ends meanwhile has told so in its events
    events = EventReader(folder).read()
    result = result_of(events, "running" if alive else "interrupted")
    return result, result.status == "running" and is_paused(events)


def is_paused(events: Iterable[TrainingEvent]) -> bool:
    """Whether the last word of a run about a pause is that it waits."""
    paused = False
    for event in events:
        if isinstance(event, Paused | Resumed):
            paused = isinstance(event, Paused)
    return paused


def _number(folder: Path) -> int:
    found = re.match(r"\d+", folder.name)
    return int(found.group()) if found else 0


def _pretty(value: msgspec.Struct) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
