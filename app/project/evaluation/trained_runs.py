"""Which weights there are to ask about: those that runs keep, and those of imported models. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from resources.plain import shown_name
from resources.text import tr
from runtime.spec import CodeFile, RunSpec
from runtime.store import RunInfo, epoch_files

Which = Literal["best", "last"] | int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A run and which of its weights; without a run, the open project with the weights that it starts from."""

    run: RunInfo | None
    which: Which

    @property
    def folder(self) -> Path | None:
        return self.run.folder if self.run is not None else None


@dataclass(frozen=True, slots=True)
class KeptWeights:
    """One file of weights of a run. `which` is "best", "last" or the number of an epoch."""

    which: Which
    file: Path

    @property
    def title(self) -> str:
        if self.which == "best":
            return tr("best epoch")
        return tr("last epoch") if self.which == "last" else tr("epoch {number}", number=self.which)


def kept_weights(run: RunInfo) -> tuple[KeptWeights, ...]:
    """All weights of a run that are there, the best first. Reads the folder of a run without its final model."""
    found: list[KeptWeights] = []
    if run.best_model is not None:
        found.append(KeptWeights("best", run.best_model))
    if run.model is not None and run.model_epoch is None:
        found.append(KeptWeights("last", run.model))
    else:
        try:
            found += [KeptWeights(epoch, path) for epoch, path in epoch_files(run.folder)]
        except OSError:  # a folder that is gone holds none; the list of runs says so
            return tuple(found)
    return tuple(found)


def titled(run: RunInfo) -> str:
    """What a run is called where one is chosen."""
    return f"{tr('run {number}', number=run.number)} · {shown_name(run.name)}"


def has_weights(run: RunInfo) -> bool:
    return run.best_model is not None or run.model is not None


def usual_weights(run: RunInfo) -> Which:
    """The best where there are such, else the last ones."""
    if run.best_model is not None:
        return "best"
    return run.model_epoch if run.model_epoch is not None else "last"


def weights_file(run: RunInfo, which: Which) -> Path | None:
    """Where these weights lie; None when the run has none such."""
    return next((kept.file for kept in kept_weights(run) if kept.which == which), None)


def which_of(run: RunInfo, name: str) -> Which | None:
    """The weights that lie in the run's file of this name; None when it has no such file any more."""
    return next((kept.which for kept in kept_weights(run) if kept.file.name == name), None)


def newest(runs: Sequence[RunInfo]) -> RunInfo | None:
    """The latest run that has weights."""
    return next((run for run in reversed(runs) if has_weights(run)), None)


def named_files(spec: RunSpec) -> tuple[str, ...]:
    """The files that the data of a run is read from."""
    return tuple(dict.fromkeys(source.path for source in spec.data.sources if source.path))


def agreed_of(files: Sequence[CodeFile], agreed: Iterable[CodeFile]) -> tuple[CodeFile, ...] | None:
    """The files of own code that a model needs, when a person has agreed to all of them as they are; else None."""
    known = set(agreed)
    return tuple(files) if all(file in known for file in files) else None
