"""Evaluations that lie in the folders of runs, read without Keras and off the GUI thread."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.panels.plots.formats import count_text
from app.panels.run_parts.run_facts import started_text
from app.project.evaluation.trained_runs import KeptWeights, kept_weights
from resources.plain import shown_name
from resources.text import Text, tr
from runtime.evaluation.folder import Stored, evaluations_of
from runtime.evaluation.kept_data import read_kept
from runtime.messages.evaluating import EvaluationFile
from runtime.messages.trained import On
from runtime.run_files import DamagedError
from runtime.spec import ColumnKind
from runtime.store import BEST_FILE, MODEL_FILE, RunInfo

PARTS = {
    "validation": Text("validation"),
    "test": Text("test"),
    "training": Text("training"),
    "all": Text("all samples"),
}
_COMPARED: tuple[ColumnKind, ...] = ("number", "category", "text", "date")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An evaluation in its folder."""

    folder: Path
    file: EvaluationFile


@dataclass(frozen=True, slots=True)
class RunContents:
    """What a run's folder holds for those who evaluate: the newest evaluation first.

    `parts` counts the samples of each part, as far as the run has kept that; `columns` are those that conditions may be
    about.
    """

    weights: tuple[KeptWeights, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    damaged: int = 0  # evaluations that cannot be read
    parts: dict[str, int] | None = None
    columns: tuple[str, ...] = ()


def read_contents(run: RunInfo) -> RunContents:
    """What cannot be read is counted, and left out: it can be made again."""
    try:
        kept = read_kept(run.folder)
    except DamagedError:
        kept = None
    stored = list(evaluations_of(run.folder))
    return RunContents(
        kept_weights(run),
        _sound(stored),
        sum(one.file is None for one in stored),
        kept.parts if kept is not None else None,
        tuple(name for name, facts in kept.columns.items() if facts.kind in _COMPARED) if kept is not None else (),
    )


def read_evaluations(run: Path) -> tuple[Evaluation, ...]:
    """Those of one run that can be read, the newest first."""
    return _sound(evaluations_of(run))


def _sound(stored: Iterable[Stored]) -> tuple[Evaluation, ...]:
    found = [Evaluation(one.folder, one.file) for one in stored if one.file is not None]
    return tuple(sorted(found, key=lambda entry: entry.file.created, reverse=True))


def read_all(runs: Sequence[RunInfo]) -> tuple[tuple[RunInfo, Evaluation], ...]:
    """The evaluations of all runs, the newest run first."""
    return tuple((run, entry) for run in reversed(runs) for entry in read_evaluations(run.folder))


def on_text(on: On) -> str:
    """What was evaluated: a part, or the name of another file."""
    if on.other is not None:
        return ", ".join(shown_name(Path(source.path).name or source.kind) for source in on.other.sources)
    return str(PARTS[on.part])


def evaluation_text(file: EvaluationFile) -> str:
    """Such as "validation part · 360 samples · 12:05"."""
    samples = tr("{count} samples", count=count_text(file.samples))
    return f"{on_text(file.on)} · {samples} · {started_text(file.created)}"


def weights_text(name: str) -> str:
    """What the weights in a file of a run are called."""
    if name == BEST_FILE:
        return KeptWeights("best", Path(name)).title
    if name == MODEL_FILE:
        return KeptWeights("last", Path(name)).title
    found = re.fullmatch(r"epoch-0*([0-9]+)\.keras", name)
    return KeptWeights(int(found[1]), Path(name)).title if found else shown_name(name)
