"""Reads runs and their events off the GUI thread, and keeps the curves of those that were looked at."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from pathlib import Path

from app.panels.plots.run_curves import RunCurves
from graph_editor.background.task import Task
from runtime.event_file import EventReader
from runtime.events import TrainingEvent
from runtime.store import RunInfo

LONGEST_MEMORY = 24  # runs whose curves are kept
_AT_ONCE = 256 << 10  # bytes of events that are turned into curves on the GUI thread at once


class RunCurvesReader:
    """The curves of one run and how far its events were read. Only one thread at a time may use it.

    `created` tells the run from another one that has its folder's name later.
    """

    def __init__(self, folder: Path, title: str, rate: float | None = None, created: float = 0.0) -> None:
        self.folder = folder
        self.created = created
        self.curves = RunCurves(title, rate)
        self.complete = False  # read once more since it was known that nobody writes it any more
        self.at_end = True  # whether all that was there has been read
        self._reader = EventReader(folder)
        self._read: list[TrainingEvent] = []  # and not in the curves yet: what was returned may get lost

    @property
    def size(self) -> int:
        """Bytes to read; 0 when that cannot be said."""
        return self._reader.size

    def read_first(self, go_on: Callable[[int], bool] = lambda _read: True) -> RunCurvesReader:
        """Everything there is, into curves nobody draws yet, a few megabytes at a time.

        `go_on` gets how many bytes are read so far; what is left when it says no, `read_more` reads.
        """
        for events in self._reader.chunks():
            self.curves.apply_all(events)
            if not go_on(self._reader.offset):
                break
        return self

    def read_more(self) -> Callable[[], None]:
        """Reads in a thread; what it returns belongs on the GUI thread and changes the curves. Raises OSError.

        It reads so much that this is done in a moment; `at_end` says whether that was all.
        """
        if not self._read:
            self.at_end = True
            for events in self._reader.chunks(_AT_ONCE):
                self._read, self.at_end = events, self._reader.offset >= self._reader.size
                break
        return self._take_over

    def _take_over(self) -> None:
        events, self._read = self._read, []
        self.curves.apply_all(events)


class CurvesMemory:
    """Curves by run folder; the ones looked at longest ago are forgotten first."""

    def __init__(self) -> None:
        self._readers: dict[Path, RunCurvesReader] = {}

    def of(self, runs: Iterable[RunInfo]) -> dict[Path, RunCurvesReader]:
        """Those of the runs that are kept, by folder, in the order of the runs; this is no looking at them."""
        return {run.folder: self._readers[run.folder] for run in runs if run.folder in self._readers}

    def get(self, folder: Path) -> RunCurvesReader | None:
        """For somebody who looks at it."""
        reader = self._readers.pop(folder, None)
        if reader is not None:
            self._readers[folder] = reader
        return reader

    def keep(self, readers: Sequence[RunCurvesReader], shown: Collection[Path] = ()) -> None:
        """Those in the folders `shown` stay, however many they are."""
        for reader in readers:
            self._readers[reader.folder] = reader
        others = [folder for folder in self._readers if folder not in shown]
        for folder in others[: max(0, len(self._readers) - LONGEST_MEMORY)]:
            del self._readers[folder]

    def forget(self, folder: Path) -> None:
        self._readers.pop(folder, None)

    def forget_earlier(self, info: Callable[[Path], RunInfo | None]) -> None:
        """The curves of runs whose folders are those of other runs now, as `info` tells."""
        for folder, reader in list(self._readers.items()):
            run = info(folder)
            if run is not None and reader.created != run.created:
                del self._readers[folder]

    def clear(self) -> None:
        self._readers.clear()


def read_curves(readers: Sequence[RunCurvesReader], task: Task[list[RunCurvesReader]]) -> list[RunCurvesReader]:
    """All of them, as far as nobody has cancelled it."""
    whole, before = max(1, sum(reader.size for reader in readers)), 0
    for reader in readers:

        def go_on(read: int, before: int = before) -> bool:
            task.progress = min(1.0, (before + read) / whole)
            return not task.cancelled

        before += reader.read_first(go_on).size
        if task.cancelled:
            break
    return list(readers)


def read_on(readers: Sequence[tuple[RunCurvesReader, bool]]) -> list[Callable[[], None]]:
    """Of readers, each with whether its run has ended.

    One that cannot be read now holds up no other: it is tried again, and the list of runs says what is wrong with it.
    """
    updates: list[Callable[[], None]] = []
    for reader, ended in readers:
        with contextlib.suppress(OSError):
            updates.append(partial(_update, reader, reader.read_more(), ended))
    return updates


def _update(reader: RunCurvesReader, take_over: Callable[[], None], ended: bool) -> None:
    take_over()
    reader.complete = ended and reader.at_end
