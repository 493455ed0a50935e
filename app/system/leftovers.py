"""What killed processes left half done is taken away: at the start, when a project is opened, before a verb runs.

Only what carries the mark of an ended process of this machine goes (see resources/temporaries.py).
"""

from __future__ import annotations

import contextlib
import re
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from app.system.places import config_dir, data_dir, state_dir
from resources.temporaries import sweep
from runtime.evaluation.folder import EVALUATIONS

_CLAIM_SECONDS: Final = 60.0
_MOST_RUNS: Final = 2000  # folders of runs that are looked into, for each project
_UNFINISHED_MODEL: Final = ".new-*.keras"  # how a trainer names a model that it is still writing


def sweep_own_places() -> int:
    """The folders of settings, state and data, and the system's folder for temporary things."""
    untitled = [path for path in _children(data_dir() / "untitled") if path.is_dir()]
    shared = {Path(tempfile.gettempdir()), Path("/tmp")}  # sockets of workers lie in the second when the first is long
    own = (config_dir(), state_dir(), state_dir() / "autosave", data_dir(), data_dir() / "blocks")
    return sweep([*own, *shared]) + sum(map(_sweep_runs, untitled))


def sweep_beside(files: Iterable[Path]) -> int:
    """The folders in which these files lie, and the folders of the runs beside those that are projects."""
    projects = [path.absolute() for path in files]
    runs = {path.with_name(f"{path.stem}.runs") for path in projects if path.suffix == ".lamella"}
    return sweep({path.parent for path in projects}) + sum(map(_sweep_runs, runs))


def _sweep_runs(folder: Path) -> int:
    found = [path for path in _children(folder) if path.name[:1].isdigit() and path.is_dir()]
    evaluations = [path / EVALUATIONS for path in found]  # an evaluator that was killed leaves a folder there
    return sweep([folder, *found, *evaluations]) + _sweep_claims(folder) + sum(_sweep_models(path) for path in found)


def _sweep_claims(folder: Path) -> int:
    """Empty folders that held a number for a run; they are needed for milliseconds."""
    count = 0
    for path in _children(folder):
        if not re.fullmatch(r"\.\d{4,}", path.name):
            continue
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _CLAIM_SECONDS:
                path.rmdir()  # refuses when there is something in it
                count += 1
    return count


def _sweep_models(run: Path) -> int:
    from runtime.run_process import is_alive

    left = list(run.glob(_UNFINISHED_MODEL))
    if not left or is_alive(run):
        return 0
    count = 0
    for path in left:
        with contextlib.suppress(OSError):  # the next start tries again
            path.unlink()
            count += 1
    return count


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())[:_MOST_RUNS]
    except OSError:
        return []
