"""The folder of a run: made before it starts, filled by its trainer, readable at any time without Keras.

`<project>.runs/0001-name/` holds run.json (what was asked for), project.lamella (the project as it was), process.json
(who trains), events.jsonl, result.json (once it has ended), console.log, model.keras, best.keras and tensorboard/.
epoch-0007.keras is the model after the last whole epoch of a run that did not come to its end. about.json is what
people say of the run (runtime/run_about.py).
"""

import contextlib
import os
import re
import shutil
import stat
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from resources.atomic import sync_folder, write_atomically
from resources.os_reasons import os_reason
from resources.temporaries import sweep, temporary_name
from resources.text import Text
from resources.training.metric_logs import LOSS, VALIDATION, Direction, best_values
from runtime.event_file import EVENTS_FILE, MOST_BYTES, read_milestones
from runtime.events import DirectionsKnown, EpochEnded, Paused, Resumed, RunEnded, RunFailed, RunStarted, TrainingEvent
from runtime.model_configs import keras_json
from runtime.run_about import NOTHING_SAID, About, read_about
from runtime.run_files import DamagedError, check_size, read_checked
from runtime.run_process import PROCESS_FILE, ProcessState, process_state
from runtime.spec import DataSpec, RunSpec, TrainingSettings

RUN_FORMAT: Final = 2  # 1: with one source of data
RUN_FILE: Final = "run.json"
RESULT_FILE: Final = "result.json"
PROJECT_FILE: Final = "project.lamella"
MODEL_FILE: Final = "model.keras"
BEST_FILE: Final = "best.keras"
CONSOLE_FILE: Final = "console.log"

_STARTING_SECONDS: Final = 15.0  # the launcher says at once whom it has started
_CLAIM_SECONDS: Final = 60.0
_MOST_SPEC: Final = 64 << 20  # bytes
_MOST_RESULT: Final = 8 << 20
_LAST_DATE: Final = 253_000_000_000.0  # in the year 9987: later ones are no dates for Python
_MOST_SECONDS: Final = 1e10
IMPORTED: Final = "imported"  # curves of another program: no model, no settings, no data
_ENDED: Final = ("completed", "stopped", "early_stopped", "failed", IMPORTED)
_LAST_NUMBER: Final = 10**11
_TRACES: Final = (EVENTS_FILE, PROCESS_FILE, RESULT_FILE, MODEL_FILE, BEST_FILE)
_NO_SPEC: Final = RunSpec("", {}, DataSpec(()), (), TrainingSettings(epochs=0))
_EPOCH_FILE: Final = re.compile(r"epoch-([0-9]{4,9})\.keras", re.ASCII)
_RUN_FOLDER: Final = re.compile(r"([0-9]{4,12})-", re.ASCII)

# "elsewhere": a process of another machine or container trains it, or did. "damaged": its files cannot be read.
Status = Literal[
    "running", "completed", "stopped", "early_stopped", "failed", "interrupted", "elsewhere", "damaged", "imported"
]


class StoreError(Exception):
    """A run folder that cannot be made or read."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.english())
        self.text = text


class RunFile(msgspec.Struct, frozen=True):
    name: str
    created: float  # seconds since 1970
    spec: RunSpec
    format_version: int = RUN_FORMAT


class RunResult(msgspec.Struct, frozen=True):
    """How far a run came. `metrics` are those of its last epoch, `best` the best value of each that has one.

    `directions` says by the names of training whether the lowest or the highest value is the best.
    """

    status: Status
    epochs_done: int = 0
    metrics: dict[str, float | None] = {}
    best: dict[str, float | None] = {}
    seconds: float = 0.0
    error: Text | None = None
    device: str = ""
    parameters: int = 0
    directions: dict[str, Direction] = {}


class RunInfo(msgspec.Struct, frozen=True):
    """A run in the list of runs. `model` and `best_model` are files that exist.

    Of a damaged one only folder, number and name are true, and `result.error` is the reason.
    """

    folder: Path
    number: int
    name: str
    created: float
    spec: RunSpec
    result: RunResult
    model: Path | None
    best_model: Path | None
    paused: bool = False  # a running one that waits to be resumed
    model_epoch: int | None = None  # after which epoch `model` was kept, of a run that did not come to its end
    about: About = NOTHING_SAID

    @property
    def status(self) -> Status:
        return self.result.status


class RunStore:
    """The runs of one project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def new_run(
        self, spec: RunSpec, project: bytes, created: float | None = None, files: Mapping[str, bytes] = {}
    ) -> Path:
        """A folder of its own, complete from the moment it has its name. Raises StoreError.

        `created` is in seconds since 1970, where it is not now. `files` are more of its files, by name.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            sweep([self.folder])
            staging = self.folder / temporary_name("run")
            staging.mkdir()
            try:
                file = RunFile(spec.name, time.time() if created is None else created, spec)
                for name, content in {RUN_FILE: keras_json.encode(file), PROJECT_FILE: project, **files}.items():
                    write_atomically(staging / name, content)
                final = self._give_number(staging, slug(spec.name))
            finally:
                shutil.rmtree(staging, ignore_errors=True)
            sync_folder(self.folder)
        except OSError as error:
            raise StoreError(
                Text.of(
                    "No run can be stored in {folder}: {reason}",
                    folder=str(self.folder),
                    reason=os_reason(error),
                )
            ) from error
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
        """Those of runs; a number with which the next one would be too long for a name is no such."""
        return {number for path in self._folders() if (number := _number(path)) < _LAST_NUMBER}

    def _folders(self) -> list[Path]:
        try:
            return sorted(path for path in self.folder.iterdir() if _RUN_FOLDER.match(path.name))
        except (FileNotFoundError, NotADirectoryError):
            return []

    def runs(self) -> list[RunInfo]:
        """All runs that can be read, oldest first. Raises OSError for a folder that cannot be read."""
        return [run for run in self.all_runs() if run.status != "damaged"]

    def folders(self) -> list[Path]:
        """The folders that have the name of a run. Raises OSError."""
        return self._folders()

    def all_runs(self) -> list[RunInfo]:
        """All runs, damaged ones too, oldest first. Folders that are no runs at all are left out. Raises OSError."""
        found = [read_run(folder) for folder in self._folders()]
        return sorted((run for run in found if run is not None), key=lambda run: run.number)

    def find(self, name: str) -> RunInfo | None:
        """A run, perhaps a damaged one, by its number ("3", "0003") or its folder's name. Raises OSError."""
        number = int(name) if re.fullmatch(r"[0-9]{1,12}", name, re.ASCII) else None
        for run in self.all_runs():
            if name == run.folder.name or number == run.number:
                return run
        return None


def read_run(folder: Path) -> RunInfo | None:
    """Return what is known of a run; None when the folder is none. The events of a run without a result are read."""
    try:
        return _read_run(folder)
    except DamagedError as error:
        return _damaged(folder, error.text)
    except OSError as error:
        return _damaged(folder, Text("It cannot be read: {reason}.", {"reason": os_reason(error)}))


def _read_run(folder: Path) -> RunInfo | None:
    if not os.path.lexists(folder):
        return None
    if not stat.S_ISDIR(folder.stat().st_mode):
        raise DamagedError(Text("It is no folder."))
    file = read_checked(folder / RUN_FILE, RunFile, _MOST_SPEC, _with_sources)
    if file is None:
        if any((folder / name).exists() for name in _TRACES):
            raise DamagedError(Text("{file} is missing.", {"file": RUN_FILE}))
        return None
    if not 0.0 <= file.created <= _LAST_DATE:
        raise DamagedError(Text("{file} has a date that is none.", {"file": RUN_FILE}))
    result, paused = _read_result(folder), False
    process = process_state(folder)
    check_size(folder / EVENTS_FILE, MOST_BYTES)
    if result is None:
        result, paused = _result_so_far(folder, process, file.created)
    left = None if result.status in ("running", "elsewhere") else trained_model(folder)
    model, epoch = left or (None, None)
    about = read_about(folder)
    return RunInfo(
        folder=folder,
        number=_number(folder),
        name=about.name or file.name,
        created=file.created,
        spec=file.spec,
        result=result,
        model=model,
        best_model=_existing(folder / BEST_FILE),
        paused=paused,
        model_epoch=epoch,
        about=about,
    )


def _with_sources(file: Any) -> Any:
    """A run file of format 1 as one of today."""
    spec = file.get("spec") if isinstance(file, dict) else None
    if not isinstance(spec, dict) or file.get("format_version", 1) != 1:
        return file
    return {**file, "spec": {**spec, "data": {"sources": [spec.get("data")]}}}


def _damaged(folder: Path, reason: Text) -> RunInfo:
    name = folder.name.partition("-")[2]
    result = RunResult("damaged", error=reason)
    return RunInfo(folder, _number(folder), name, 0.0, _NO_SPEC, result, None, None)


def _existing(path: Path) -> Path | None:
    return path if path.is_file() else None


def write_result(folder: Path, result: RunResult) -> None:
    """Raises OSError."""
    write_atomically(folder / RESULT_FILE, result_bytes(result))


def result_bytes(result: RunResult) -> bytes:
    """As it stands in the file."""
    return msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n"


def epoch_file(folder: Path, epoch: int) -> Path:
    """The model of a run after its `epoch`, counted from 1."""
    return folder / f"epoch-{epoch:04d}.keras"


def epoch_files(folder: Path) -> list[tuple[int, Path]]:
    """The models that a run left of single epochs, the last epoch first. A run that has its model has none."""
    found = [(int(match[1]), path) for path in folder.iterdir() if (match := _EPOCH_FILE.fullmatch(path.name))]
    return sorted(((epoch, path) for epoch, path in found if path.is_file()), reverse=True)


def trained_model(folder: Path) -> tuple[Path, int | None] | None:
    """The trained model of a run, or that of its last whole epoch, with its number, when it did not come to its end."""
    if (folder / MODEL_FILE).is_file():
        return folder / MODEL_FILE, None
    left = epoch_files(folder)
    return (left[0][1], left[0][0]) if left else None


def result_of(events: list[TrainingEvent], status: Status) -> RunResult:
    """Return what events say of a run that has `status` unless they tell its end."""
    result = RunResult(status)
    epochs: list[Mapping[str, float]] = []
    ended_best: dict[str, float] | None = None
    for event in events:
        if isinstance(event, RunStarted):
            result = msgspec.structs.replace(result, device=event.device, parameters=event.parameters)
        elif isinstance(event, DirectionsKnown):
            result = msgspec.structs.replace(result, directions=event.directions)
        elif isinstance(event, EpochEnded):
            metrics: dict[str, float | None] = dict(event.logs)
            epochs.append(event.logs)
            seconds = result.seconds + event.seconds
            result = msgspec.structs.replace(result, epochs_done=event.epoch + 1, metrics=metrics, seconds=seconds)
        elif isinstance(event, RunEnded):
            ended_best = event.best
            result = msgspec.structs.replace(result, status=event.status, seconds=event.seconds)
        elif isinstance(event, RunFailed):
            result = msgspec.structs.replace(result, status="failed", error=event.error)
    best: dict[str, float | None] = dict(best_values(epochs, result.directions) if ended_best is None else ended_best)
    return _without_guesses(msgspec.structs.replace(result, best=best))


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
    """Raises DamagedError."""
    result = read_checked(folder / RESULT_FILE, RunResult, _MOST_RESULT)
    if result is not None and (result.status not in _ENDED or not _is_possible(result)):
        raise DamagedError(Text("{file} has numbers that no run has.", {"file": RESULT_FILE}))
    return _without_guesses(result) if result is not None else None


def _without_guesses(result: RunResult) -> RunResult:
    """Return what holds of a run of an earlier version, which guessed what is better from names."""
    if result.directions:
        return result
    best = {name: value for name, value in result.best.items() if name.removeprefix(VALIDATION) == LOSS}
    return msgspec.structs.replace(result, best=best, directions={LOSS: "min"})


def is_possible(result: RunResult, created: float) -> bool:
    """Whether a run can have these numbers."""
    return _is_possible(result) and 0.0 <= created <= _LAST_DATE


def _is_possible(result: RunResult) -> bool:
    counts = (result.epochs_done, result.parameters)
    return 0.0 <= result.seconds <= _MOST_SECONDS and all(0 <= count < 1 << 60 for count in counts)


def _result_so_far(folder: Path, process: ProcessState, created: float) -> tuple[RunResult, bool]:
    """Return what is known of a run that has not told its end, and whether it waits to be resumed.

    `process` was asked before: a run that has ended meanwhile has told so in its events.
    """
    starting = process == "none" and abs(time.time() - created) < _STARTING_SECONDS
    status: Status = "running" if process == "alive" or starting else "interrupted"
    events = list(read_milestones(folder))
    result = result_of(events, "elsewhere" if process == "elsewhere" else status)
    if not _is_possible(result):
        raise DamagedError(Text("{file} has numbers that no run has.", {"file": EVENTS_FILE}))
    return result, result.status in ("running", "elsewhere") and is_paused(events)


def is_paused(events: Iterable[TrainingEvent]) -> bool:
    """Whether the last word of a run about a pause is that it waits."""
    paused = False
    for event in events:
        if isinstance(event, Paused | Resumed):
            paused = isinstance(event, Paused)
    return paused


def _number(folder: Path) -> int:
    found = _RUN_FOLDER.match(folder.name)
    return int(found.group(1)) if found else 0
