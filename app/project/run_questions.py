"""What a person is asked about runs before a window closes or shows another project. The words; no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from resources.text import tr


@dataclass(frozen=True, slots=True)
class RunInQuestion:
    """A run that goes on. `titled`: its project has a file beside which it is found. `open`: the window shows it."""

    name: str
    paused: bool = False
    titled: bool = True
    open: bool = True


def closing_words(runs: Sequence[RunInQuestion]) -> tuple[str, str]:
    """The question to a person who closes the window while models train: a sentence, and what follows from it."""
    title = _one(runs[0]) if len(runs) == 1 else tr("{count} models are still training.", count=len(runs))
    lines = [_line(run) for run in runs] if len(runs) > 1 else []
    goes_on = (
        tr("In the background it goes on to the end.")
        if len(runs) == 1 and runs[0].paused
        else tr("In the background it trains to the end.")
        if len(runs) == 1
        else tr("In the background all of them train to the end.")
    )
    lines.append(goes_on)
    if any(run.titled for run in runs):
        lines.append(tr("You find it under Runs when you open the project again."))
    if any(not run.titled for run in runs):
        lines.append(tr("Runs of a project without a file are listed when Lamella starts, until you save it."))
    return title, "\n".join(lines)


def saving_words(name: str, has_changes: bool, training: bool) -> tuple[str, str]:
    """The question before a project goes: `has_changes` since it was saved, `training` without a file."""
    title = tr("Save the changes to {name}?", name=name) if has_changes else tr("Save {name}?", name=name)
    lines = [tr("They are lost otherwise.")] if has_changes else []
    if training:
        lines.append(
            tr(
                "Its model is still training. Once saved, the project keeps its runs; otherwise Lamella lists them when"
                " it starts."
            )
        )
    return title, "\n".join(lines)


def paused_words(name: str) -> tuple[str, str]:
    """The question before another project is shown while this one's training waits."""
    return (
        tr("Training of {name} is paused.", name=name),
        tr("It can go on while you look at something else. The line at the bottom shows it, and steers it."),
    )


def _one(run: RunInQuestion) -> str:
    if run.open:
        return tr("Training is paused.") if run.paused else tr("The model is still training.")
    if run.paused:
        return tr("Training of {name} is paused.", name=run.name)
    return tr("{name} is still training.", name=run.name)


def _line(run: RunInQuestion) -> str:
    return f"• {tr('{name} (paused)', name=run.name) if run.paused else run.name}"
