"""Which models are asked: the one that Evaluate talks about, and the runs that are ticked beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from app.panels.run_parts.run_choice import MOST_LISTED
from app.project.evaluating import RefusedError
from app.project.evaluation.trained_runs import Chosen, has_weights, usual_weights
from resources.text import Text, tr
from runtime.messages.trained import Trained
from runtime.store import RunInfo

if TYPE_CHECKING:
    from app.project.evaluating import Evaluations


@dataclass(frozen=True, slots=True)
class Asked:
    """A model of a card; `refusal` says why it cannot be asked."""

    title: str
    trained: Trained | None
    refusal: Text | None = None


def asked_models(evaluations: Evaluations, beside: Sequence[Path]) -> list[Asked]:
    """The chosen model first. Asks a person about own code where nobody has agreed to it yet."""
    chosen = evaluations.chosen
    if chosen is None:
        return []
    found = [_asked(title_of(chosen), lambda: evaluations.trained())]
    for run in runs_beside(evaluations):
        if run.folder in beside:
            which = usual_weights(run)
            found.append(
                _asked(title_of(Chosen(run, which)), lambda run=run, which=which: evaluations.trained_of(run, which))
            )
    return found


def _asked(title: str, trained: object) -> Asked:
    try:
        return Asked(title, trained())  # type: ignore[operator]
    except RefusedError as error:
        return Asked(title, None, error.text)


def runs_beside(evaluations: Evaluations) -> list[RunInfo]:
    """The newest of the runs that may be asked as well."""
    chosen = evaluations.chosen
    own = chosen.folder if chosen is not None else None
    found = (run for run in reversed(evaluations.runs) if has_weights(run) and run.folder != own)
    return list(islice(found, MOST_LISTED))


def title_of(chosen: Chosen) -> str:
    if chosen.run is None:
        return tr("the imported model")
    number = tr("run {number}", number=chosen.run.number)
    which = chosen.which
    weights = tr("best epoch") if which == "best" else tr("last epoch")
    weights = weights if isinstance(which, str) else tr("epoch {number}", number=which)
    return f"{number} · {weights}"
