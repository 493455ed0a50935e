"""All runs of the project and how they are looked at: read and put in order off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from app.panels.run_parts.arranging import Arranged, arranged
from app.panels.run_parts.run_columns import DEFAULT, RunColumn, RunColumns
from graph_editor.background.background import Background, Latest
from graph_editor.background.task import Task
from graph_editor.catalog.catalog import Catalog
from resources.os_reasons import os_reason
from resources.text import tr
from runtime.run_about import change_about
from runtime.store import RunInfo
from runtime.tracking.run_index import RunIndex, TrackedRun
from runtime.tracking.views import View, ViewColumn, Views, read_views, with_view, without_view, write_views

_WRITE_MS = 400  # after the last change of a view


@dataclass(frozen=True)
class Listed:
    """The runs, oldest first, and what a window wants to know of all of them, made off its thread.

    `infos` has the newest first, `places` where in `runs` each is, `lightened` those without their models.
    """

    runs: list[TrackedRun]
    infos: list[RunInfo]
    by_folder: dict[Path, RunInfo]
    places: dict[Path, int]
    lightened: frozenset[Path]
    folders: tuple[str, ...]


def listed(runs: Sequence[TrackedRun]) -> Listed:
    return Listed(
        list(runs),
        [run.info for run in reversed(runs)],
        {run.folder: run.info for run in runs},
        {run.folder: place for place, run in enumerate(runs)},
        frozenset(run.folder for run in runs if run.lightened),
        tuple(str(run.folder) for run in runs),
    )


@dataclass(frozen=True)
class _Read:
    listed: Listed
    columns: RunColumns
    views: Views
    arranged: Arranged


class RunList(QObject):
    """`arranged` tells that the rows are others; `read` that the runs were read, before it; `failed` has a sentence."""

    read = Signal()
    rearranged = Signal()
    views_changed = Signal()
    failed = Signal(str)

    def __init__(self, catalog: Catalog, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalog, self._background = catalog, background
        self.listing = Latest(background, self, in_turn=True)
        self._arranging = Latest(background, self)
        self._index: RunIndex | None = None
        self._views: Views | None = None  # None until those of the folder are read
        self._unread_problem = False
        self.listed = listed(())
        self.columns = RunColumns((), catalog)
        self.arranged = Arranged((), 0, 0, 0)
        self.collapsed: frozenset[str] = frozenset()
        self._writing = QTimer(self)
        self._writing.setSingleShot(True)
        self._writing.setInterval(_WRITE_MS)
        self._writing.timeout.connect(self.write_views)

    # reading

    def open(self, folder: Path) -> None:
        """The runs of another folder from now on; nothing is shown of those before."""
        self.write_views()
        self._index = RunIndex(folder)
        self._views = None
        self.listed, self.columns = listed(()), RunColumns((), self._catalog)
        self.arranged, self.collapsed = Arranged((), 0, 0, 0), frozenset()

    def reload(self, folder: Path) -> None:
        if self._index is None or self._index.folder != folder:
            self.open(folder)
        index, views, collapsed = self._index, self._views, self.collapsed
        assert index is not None
        task: Task[_Read] = Task()

        def job() -> _Read:
            def go_on(done: int, count: int) -> bool:
                task.progress = done / max(1, count)
                return not task.cancelled

            runs = index.read(go_on)
            columns = RunColumns(runs, self._catalog)
            known = read_views(folder) if views is None else views
            return _Read(listed(runs), columns, known, arranged(runs, columns, known.current, collapsed))

        self.listing.run(job, self._on_read, task)

    def _on_read(self, task: Task[_Read]) -> None:
        if task.error is not None:
            self.failed.emit(tr("The runs cannot be read: {reason}", reason=str(task.error)))
            return
        found = task.result()
        self.listed, self.columns, self.arranged = found.listed, found.columns, found.arranged
        if self._views is None:
            self._views = found.views
            if found.views.problem is not None:
                self.failed.emit(tr("The saved views are not shown. {reason}", reason=found.views.problem))
            self.views_changed.emit()
        elif self.view != found.views.current:
            self._arrange()  # it was changed while they were read
        self.read.emit()
        self.rearranged.emit()

    @property
    def runs(self) -> list[TrackedRun]:
        """All of them, the oldest first, also those that are not shown."""
        return self.listed.runs

    def refresh(self, infos: Mapping[Path, RunInfo]) -> None:
        """Other facts of single runs, until they are read the next time."""
        known = self.listed
        for folder, info in infos.items():
            place = known.places.get(folder)
            if place is not None:
                run = known.runs[place]
                known.runs[place] = TrackedRun(info, run.size, run.lightened)
                known.infos[-1 - place] = known.by_folder[folder] = info

    # the view

    @property
    def views(self) -> Views:
        return self._views or Views()

    @property
    def view(self) -> View:
        return self.views.current

    @property
    def shown_columns(self) -> list[RunColumn]:
        """Those of the view that the runs have something for, or the usual ones."""
        keys = [column.key for column in self.view.columns] or list(DEFAULT)
        return [column for key in keys if (column := self.columns.get(key)) is not None]

    def change(self, **what: Any) -> None:
        """Change fields of the view. It is written a moment later."""
        view = msgspec.structs.replace(self.view, name="", **what)
        if view == self.view or self._views is None:
            return
        self._views = msgspec.structs.replace(self._views, current=view)
        self._writing.start()
        if what.keys() - {"columns"}:
            self._arrange()
        else:
            self.rearranged.emit()
        self.views_changed.emit()

    def change_columns(self, columns: Iterable[ViewColumn]) -> None:
        """Those that were seen; what the view names and no run has now stays at its end."""
        seen = list(columns)
        unseen = [c for c in self.view.columns if self.columns.get(c.key) is None]
        self.change(columns=(*seen, *unseen))

    def choose_columns(self, keys: Sequence[str]) -> None:
        """Show these: those that were there in their places, new ones behind them."""
        now = [c for c in self.view.columns or tuple(ViewColumn(k) for k in DEFAULT) if c.key in keys]
        there = {column.key for column in now}
        self.change(columns=(*now, *(ViewColumn(key) for key in keys if key not in there)))

    def turn(self, title: str) -> None:
        """Open or close a group."""
        self.collapsed = self.collapsed ^ {title}
        self._arrange()

    def turn_all(self, closed: bool) -> None:
        column = self.columns.get(self.view.group)
        if column is not None:
            titles = {column.text_of(run) if column.value_of(run) else "" for run in self.runs}
            self.collapsed = frozenset(titles) if closed else frozenset()
            self._arrange()

    def _arrange(self) -> None:
        runs, columns, view, collapsed = self.runs, self.columns, self.view, self.collapsed
        self._arranging.run(lambda: arranged(runs, columns, view, collapsed), self._on_arranged)

    def _on_arranged(self, task: Task[Arranged]) -> None:
        self.arranged = task.result()
        self.rearranged.emit()

    def save_view(self, name: str) -> None:
        view = msgspec.structs.replace(self.view, name=name)
        self._keep(with_view(self.views, view))

    def show_view(self, name: str) -> None:
        view = self.views.find(name)
        if view is not None:
            self._keep(msgspec.structs.replace(self.views, current=view))
            self._arrange()

    def show_usual(self) -> None:
        self._keep(msgspec.structs.replace(self.views, current=View()))
        self._arrange()

    def delete_view(self, name: str) -> None:
        self._keep(without_view(self.views, name))

    def _keep(self, views: Views) -> None:
        self._views = views
        self._writing.start()
        self.views_changed.emit()

    def write_views(self) -> None:
        """What was changed and is not written yet."""
        if not self._writing.isActive() and self.sender() is not self._writing:
            return
        self._writing.stop()
        index, views = self._index, self._views
        if index is None or views is None or not index.folder.is_dir():
            return
        try:
            write_views(index.folder, views)
        except OSError as error:
            self.failed.emit(tr("The view was not saved: {reason}.", reason=os_reason(error)))
            return
        self._views = msgspec.structs.replace(views, problem=None)

    # what people say of runs

    def mark(self, changes: Mapping[Path, Mapping[str, Any]], done: Callable[[], None]) -> None:
        """Write what people say of the runs in these folders, then read them again; `done` comes when it is written."""
        work = dict(changes)

        def job() -> list[str]:
            failures = []
            for folder, change in work.items():
                try:
                    change_about(folder, change)
                except OSError as error:
                    failures.append(f"{folder.name}: {os_reason(error)}")
            return failures

        def finished(task: Task[list[str]]) -> None:
            failures = task.result()
            if failures:
                self.failed.emit(tr("Not written: {reason}.", reason="; ".join(failures[:3])))
            done()

        self._background.run(self, job, finished)
