"""Where the runs of a project lie: beside its file, or, until it has one, in a folder of its own in the user's data.

A folder of an untitled project can be claimed for the file that the project got, so that runs that could not come
along at once (one was still going on, say) are found whenever that file is opened.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import secrets
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from app.system.places import data_dir
from resources.atomic import copy_atomically, write_atomically
from resources.regular_files import read_regular
from resources.temporaries import temporary_name
from runtime.run_process import is_alive
from runtime.store import RunInfo, RunStore, read_run
from runtime.tracking.run_index import INDEX_FILE
from runtime.tracking.views import VIEWS_FILE

CLAIM_FILE: Final = "project.json"
_log = logging.getLogger(__name__)
_MOST_CLAIM: Final = 64 << 10  # bytes


class Claim(msgspec.Struct, frozen=True):
    """The file of the project that the runs belong to."""

    project: str


@dataclass
class Moved:
    """Which run folders lie where now; `error` is what kept the rest from coming along."""

    folders: dict[Path, Path] = field(default_factory=dict)
    error: OSError | None = None


@dataclass(frozen=True)
class UnsavedRuns:
    """The runs of a project that never got a file: `count` of them in `folder`, `latest` the last one started."""

    folder: Path
    latest: RunInfo
    count: int
    running: bool


def beside(project: Path) -> Path:
    """The runs folder of a project with a file."""
    return project.with_name(f"{project.stem}.runs")


def untitled(name: str = "") -> Path:
    """The runs folder of a project without a file; a new one when `name` does not say which."""
    name = Path(name).name or f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(4)}.runs"
    return _untitled_home() / name


def claim(folder: Path, project: Path) -> None:
    """Remember that the runs in `folder` belong to `project`. Raises OSError."""
    write_atomically(folder / CLAIM_FILE, msgspec.json.encode(Claim(str(project))))


def claimed(project: Path) -> list[Path]:
    """The folders of untitled projects whose runs belong to `project`, oldest first."""
    folders = []
    for path in sorted(_untitled_home().glob(f"*/{CLAIM_FILE}")):
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            if msgspec.json.decode(read_regular(path, _MOST_CLAIM), type=Claim).project == str(project):
                folders.append(path.parent)
    return folders


def unsaved(but: str = "") -> list[UnsavedRuns]:
    """The runs of all projects that have no file, the latest first; those in the folder called `but` are left out.

    Runs that were claimed for a file are listed again when that file is gone.
    """
    all_unsaved = []
    for folder in sorted(_untitled_home().glob("*.runs")):
        if folder.name == but or not folder.is_dir() or _has_file(folder):
            continue
        try:
            runs = RunStore(folder).all_runs()
        except OSError as error:  # one bad folder hides no others
            _log.warning("The runs in %s cannot be read: %s", folder, error)
            continue
        if runs:
            latest = max(runs, key=lambda run: (run.status != "damaged", run.number))
            running = any(run.status == "running" for run in runs)
            all_unsaved.append(UnsavedRuns(folder, latest, len(runs), running))
    return sorted(all_unsaved, key=lambda runs: runs.latest.created, reverse=True)


def _has_file(folder: Path) -> bool:
    try:
        return Path(msgspec.json.decode(read_regular(folder / CLAIM_FILE, _MOST_CLAIM), type=Claim).project).exists()
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, ValueError):
        return False


def is_written(run: Path) -> bool:
    """Whether a trainer writes into the run's folder, or will any moment."""
    info = read_run(run)
    return info is not None and (info.status == "running" or is_alive(run))


def run_folders(folder: Path) -> list[Path]:
    """The folders of the runs in `folder`."""
    return [info.folder for info in RunStore(folder).all_runs()]


def move(folder: Path, target: Path) -> Moved:
    """Put the runs of `folder` into `target`, after those that are there. What fails to come along stays whole."""
    result = Moved()
    try:
        target.mkdir(parents=True, exist_ok=True)
        for run in run_folders(folder):
            result.folders[run] = _move_run(run, target)
        if (folder / VIEWS_FILE).is_file() and not (target / VIEWS_FILE).exists():
            copy_atomically(folder / VIEWS_FILE, target / VIEWS_FILE)
        for name in (CLAIM_FILE, VIEWS_FILE, INDEX_FILE):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        result.error = error
    with contextlib.suppress(OSError):
        folder.rmdir()
    return result


def _move_run(run: Path, target: Path) -> Path:
    numbers = {info.number for info in RunStore(target).all_runs()}
    number, _, name = run.name.partition("-")
    free = int(number) if int(number) not in numbers else max(numbers) + 1
    final = target / f"{free:04d}-{name}"
    try:
        run.rename(final)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy_run(run, final)
    return final


def _copy_run(run: Path, final: Path) -> None:
    """To another file system: it has its name only when it is whole, and goes here only after that."""
    beside_it = final.with_name(temporary_name(final.name))
    try:
        shutil.copytree(run, beside_it)
        beside_it.rename(final)
    except OSError:
        shutil.rmtree(beside_it, ignore_errors=True)
        raise
    shutil.rmtree(run, ignore_errors=True)


def _untitled_home() -> Path:
    return data_dir() / "untitled"
