"""Freeing disk space: which files of runs may go so that the best weights of each stay, and taking them away.

Never of a run that is, or may be, going on, of one whose files cannot be read, or of one that has a star.
"""

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from resources.os_reasons import os_reason
from resources.text import Text
from runtime.run_process import is_alive
from runtime.store import BEST_FILE, MODEL_FILE, RunInfo, epoch_files, read_run
from runtime.tracking.run_index import bytes_in

Kind = Literal["weights", "archived"]
_GOING_ON: Final = ("running", "elsewhere", "damaged")


@dataclass(frozen=True, slots=True)
class Removal:
    """What of one run would go: its whole folder, or `files` in it. `size` in bytes."""

    folder: Path
    number: int
    name: str
    files: tuple[Path, ...]
    size: int
    whole: bool


def proposed(runs: Iterable[RunInfo], kinds: Sequence[Kind]) -> list[Removal]:
    """What cleaning up would remove of these runs; of one whose folder goes, nothing else is listed.

    "weights": all weights but the best ones; where no best ones were kept, all but the last. "archived": whole runs
    that were put away.
    """
    found = []
    for run in runs:
        if run.status in _GOING_ON or run.about.starred or run.about.problem is not None:
            continue
        if "archived" in kinds and run.about.archived:
            found.append(Removal(run.folder, run.number, run.name, (), bytes_in(run.folder), True))
        elif "weights" in kinds:
            files = tuple(_spare_weights(run.folder))
            if files:
                size = sum(_size(path) for path in files)
                found.append(Removal(run.folder, run.number, run.name, files, size, False))
    return found


def _spare_weights(folder: Path) -> Iterable[Path]:
    try:
        epochs = [path for _epoch, path in epoch_files(folder)]
    except OSError:
        return []
    last = [path for path in (folder / MODEL_FILE,) if path.is_file()]
    weights = [*last, *epochs]
    return weights if (folder / BEST_FILE).is_file() else weights[1:]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def remove(removals: Sequence[Removal], go_on: Callable[[int], bool] = lambda _done: True) -> tuple[int, list[Text]]:
    """Remove them for good. Return how many bytes that freed, and a sentence for each that stayed.

    A run that has begun to go on since, or got a star, stays. `go_on` gets how many are done.
    """
    freed, failures = 0, []
    for number, removal in enumerate(removals):
        if not go_on(number):
            break
        now = read_run(removal.folder)
        if now is None:
            continue
        if now.status in _GOING_ON or now.about.starred or is_alive(removal.folder):
            failures.append(Text("Run {number} is in use, and stays.", {"number": removal.number}))
            continue
        try:
            if removal.whole:
                shutil.rmtree(removal.folder)
            for path in removal.files:
                path.unlink(missing_ok=True)
            freed += removal.size
        except OSError as error:
            failures.append(
                Text.of("Run {number} was not removed: {reason}.", number=removal.number, reason=os_reason(error))
            )
    return freed, failures
