"""The runs that this window steers: that of the open project, and those of others that go on meanwhile."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.engine.run_controller import RunController, RunEnding, RunOwner


class ActiveRuns(QObject):
    """A run stays known under its owner's name until it has ended and another project is shown."""

    changed = Signal()  # which runs there are, or what one of them does
    progressed = Signal()  # one of them has begun another epoch
    ended = Signal(object)  # RunController

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs: list[RunController] = []

    @property
    def known(self) -> tuple[RunController, ...]:
        """All, ended ones too as long as they are shown."""
        return tuple(self._runs)

    @property
    def active(self) -> tuple[RunController, ...]:
        return tuple(run for run in self._runs if run.active)

    def of(self, owner: RunOwner) -> RunController | None:
        """The latest run of a project."""
        return next((run for run in reversed(self._runs) if run.owner.is_same_project(owner)), None)

    def others(self, owner: RunOwner) -> tuple[RunController, ...]:
        """Return what other projects train."""
        return tuple(run for run in self.active if not run.owner.is_same_project(owner))

    def at(self, folder: Path) -> RunController | None:
        """The run that writes into `folder`."""
        return next((run for run in self._runs if run.folder == folder), None)

    def add(self, run: RunController, owner: RunOwner) -> None:
        run.owner = owner
        self._runs.append(run)
        run.phase_changed.connect(self._on_changed)
        run.epoch_changed.connect(self._on_progressed)
        run.ended.connect(self._on_ended)
        self.changed.emit()

    def rename(self, before: RunOwner, after: RunOwner) -> None:
        """The project `before` is called `after` now."""
        for run in self._runs:
            if run.owner.is_same_project(before):
                run.owner = after
        self.changed.emit()

    def forget_ended(self, shown: RunController | None) -> None:
        """Let go of ended runs that nobody looks at: their folders tell the rest."""
        for run in [run for run in self._runs if not run.active and run is not shown]:
            self._runs.remove(run)
            run.setParent(None)  # it goes when nobody shows it any more
        self.changed.emit()

    def _on_ended(self, ending: RunEnding) -> None:
        self.ended.emit(next(run for run in self._runs if run.ending is ending))

    def _on_changed(self, _what: object) -> None:
        self.changed.emit()

    def _on_progressed(self, _epoch: int) -> None:
        self.progressed.emit()
