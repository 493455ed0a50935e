"""How a project was trained the last time, read from its run folders. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.panels.plots.run_curves import RunCurves
from app.panels.run_parts.progress import ProgressMeter
from app.panels.run_parts.run_facts import optimizer_rate
from graph_editor.catalog.catalog import Catalog
from resources.text import tr
from runtime.event_file import EventReader
from runtime.events import RunEnded
from runtime.store import IMPORTED, RunInfo, RunStore


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run of an earlier day or another window. `ended` is what it said last, None if it never said so."""

    info: RunInfo
    curves: RunCurves
    meter: ProgressMeter
    ended: RunEnded | None


def run_title(folder: Path) -> str:
    """ "run 12" for 0012-digits."""
    number = folder.name.split("-")[0].lstrip("0")
    return tr("run {number}", number=number or folder.name)


def last_run(runs: Path, catalog: Catalog) -> PastRun | None:
    """The latest run in the folder `runs` that has any curves."""
    for info in reversed(_own(runs)):
        past = _read(info, catalog)
        if past.curves.metrics:
            return past
    return None


def earlier_runs(folder: Path, catalog: Catalog) -> list[RunCurves]:
    """The curves of the run before the one in `folder` that has any."""
    before = [info for info in _own(folder.parent) if info.folder.name < folder.name]
    for info in reversed(before):
        curves = _read(info, catalog).curves
        if curves.metrics:
            return [curves]
    return []


def _own(runs: Path) -> list[RunInfo]:
    """Those that were trained here: curves of other programs are there to compare with."""
    return [info for info in RunStore(runs).runs() if info.status != IMPORTED]


def read_events_into(folder: Path, curves: RunCurves, meter: ProgressMeter) -> RunEnded | None:
    """Fill both with all that the run in `folder` has reported; its end, if it has told it. Raises OSError."""
    ended = None
    for events in EventReader(folder).chunks():
        for event in events:
            if curves.apply(event):
                meter.apply(event)
            ended = event if isinstance(event, RunEnded) else ended
    return ended


def _read(info: RunInfo, catalog: Catalog) -> PastRun:
    curves = RunCurves(run_title(info.folder), optimizer_rate(info.spec.training.optimizer, catalog))
    meter = ProgressMeter()
    return PastRun(info, curves, meter, read_events_into(info.folder, curves, meter))
