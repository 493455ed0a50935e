"""Reads runs and their events off the GUI thread, and keeps the curves of those that were looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from app.panels.plots.run_curves import RunCurves
from runtime.events import EventReader
from runtime.store import RunInfo, RunStore

LONGEST_MEMORY = 24  # runs whose curves are kept


class RunCurvesReader:
    """The curves of one run and how far its events were read. Only one thread at a time may use it."""

    def __init__(self, folder: Path, title: str, rate: float | None = None) -> None:
        self.folder = folder
        self.curves = RunCurves(title, rate)
        self._reader = EventReader(folder)

    def read_first(self) -> RunCurvesReader:
        """Everything there is, into curves nobody draws yet."""
        self.curves.apply_all(self._reader.read())
        return self

    def read_more(self) -> Callable[[], None]:
        """Reads in a thread; what it returns belongs on the GUI thread and changes the curves."""
        events = self._reader.read()
        return lambda: self.curves.apply_all(events)


class CurvesMemory:
    """Curves by run folder; the ones looked at longest ago are forgotten first."""

    def __init__(self) -> None:
        self._readers: dict[Path, RunCurvesReader] = {}

    def get(self, folder: Path) -> RunCurvesReader | None:
        found = self._readers.pop(folder, None)
        if found is not None:
            self._readers[folder] = found
        return found

    def keep(self, readers: Sequence[RunCurvesReader]) -> None:
        for reader in readers:
            self._readers[reader.folder] = reader
        while len(self._readers) > LONGEST_MEMORY:
            self._readers.pop(next(iter(self._readers)))

    def forget(self, folder: Path) -> None:
        self._readers.pop(folder, None)

    def clear(self) -> None:
        self._readers.clear()


def read_runs(folder: Path) -> list[RunInfo]:
    return RunStore(folder).all_runs()


def read_curves(wanted: Sequence[tuple[Path, str, float | None]]) -> list[RunCurvesReader]:
    """Of folders with their titles and the learning rates they began with."""
    return [RunCurvesReader(folder, title, rate).read_first() for folder, title, rate in wanted]


def read_on(readers: Sequence[RunCurvesReader]) -> list[Callable[[], None]]:
    return [reader.read_more() for reader in readers]
