"""The list of runs with the strip above it: what is shown, in which columns and order, and what is said of runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.run_parts.run_columns import RunColumn
from app.panels.run_parts.sizes import size_text
from app.panels.runs.list.about_dialog import AboutRunDialog
from app.panels.runs.list.clean_up_dialog import CleanUpDialog
from app.panels.runs.list.filter_bar import FilterBar
from app.panels.runs.list.model import RunsModel
from app.panels.runs.list.name_dialog import ask_view_name
from app.panels.runs.list.run_list import RunList
from app.panels.runs.list.table import RunsTable
from app.project.session import Session
from graph_editor.background.background import Background, Latest
from graph_editor.background.task import Task
from graph_editor.words.letting_go import let_go
from graph_editor.words.literal import on_button
from resources.text import Text, tr
from runtime.spec import RunSpec
from runtime.store import RunInfo, read_run
from runtime.tracking.views import LONGEST_NAME, ViewColumn

_MOST_MODELS: Final = 24  # of selected runs that are read whole
AskName = Callable[[QWidget], str]


class RunsArea(QWidget):
    """`chosen` carries the folders of the selected runs; `read` comes when the runs were read, `rearranged` after it
    and whenever rows changed; `models_read` when those of selected runs are known."""

    chosen = Signal(object)  # tuple[Path, ...]
    read = Signal()
    rearranged = Signal()
    models_read = Signal()

    def __init__(self, session: Session, look: ThemeSource, background: Background, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("runs_area")
        self._session, self._background = session, background
        self.runs = RunList(session.catalog, background, self)
        self._reading_models = Latest(background, self)
        self._specs: dict[Path, tuple[float, RunSpec]] = {}
        self.selected: tuple[Path, ...] = ()
        self.prefer: Callable[[], Path | None] = lambda: None  # what is selected when nothing that was is there
        self.model = RunsModel(look, self)
        self.table = RunsTable(self.model)
        self.bar = FilterBar(self._fill_marks)
        self.ask_view_name: AskName = ask_view_name
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.bar)
        rows.addWidget(self.table, 1)
        self._connect()

    def _connect(self) -> None:
        self.runs.read.connect(self._on_read)
        self.runs.rearranged.connect(self._on_rearranged)
        self.runs.views_changed.connect(self._on_views)
        self.runs.failed.connect(lambda text: self._session.notify(text, "error"))
        bar, table, runs = self.bar, self.table, self.runs
        bar.filter_changed.connect(lambda text: runs.change(filter=text))
        bar.group_chosen.connect(lambda key: runs.change(group=key))
        bar.archived_asked.connect(lambda on: runs.change(archived=on))
        bar.columns_chosen.connect(runs.choose_columns)
        bar.view_chosen.connect(lambda name: runs.show_view(name) if name else runs.show_usual())
        bar.view_save_asked.connect(self._on_save_view)
        bar.view_deleted.connect(runs.delete_view)
        bar.all_turned.connect(runs.turn_all)
        bar.clean_up_asked.connect(self.clean_up)
        bar.field.list_key_pressed.connect(lambda _key: table.setFocus())
        table.sort_asked.connect(lambda key, falling: runs.change(sort=key, descending=falling))
        table.columns_changed.connect(runs.change_columns)
        table.heading_turned.connect(self._on_heading)
        table.menu_asked.connect(self._on_menu)
        table.mark_asked.connect(lambda what: self.edit() if what == "edit" else self.turn("starred"))
        table.chosen.connect(self._on_chosen)

    # what is known

    @property
    def infos(self) -> list[RunInfo]:
        """All runs, the newest first, also those that the table does not show."""
        return self.runs.listed.infos

    @property
    def folders(self) -> tuple[str, ...]:
        """Of all runs."""
        return self.runs.listed.folders

    def info(self, folder: Path) -> RunInfo | None:
        """What is known of a run, with its model where that was read."""
        run = self.runs.listed.by_folder.get(folder)
        known = self._specs.get(folder)
        if run is None or known is None or known[0] != run.created:
            return run
        return msgspec.structs.replace(run, spec=known[1])

    def whole(self, run: RunInfo) -> RunInfo:
        """The run with its model and all that feeds it, read now if need be."""
        if run.folder not in self.runs.listed.lightened or run.folder in self._specs:
            return run
        return read_run(run.folder) or run

    def of(self, folders: Iterable[Path]) -> list[RunInfo]:
        """Of these runs what is known, the newest first."""
        found = [run for folder in folders if (run := self.info(folder)) is not None]
        return sorted(found, key=lambda run: run.number, reverse=True)

    def refresh(self, infos: Mapping[Path, RunInfo]) -> None:
        """Other facts of runs that go on."""
        self.runs.refresh(infos)
        self.model.refresh(infos)

    def open(self, folder: Path) -> None:
        """Nothing is shown of the runs before."""
        self.runs.open(folder)
        self._specs.clear()
        self.selected = ()
        self.model.show_rows(self.runs.arranged, ())

    # reading and showing

    def _on_read(self) -> None:
        there = self.runs.listed.by_folder
        self._specs = {folder: spec for folder, spec in self._specs.items() if folder in there}
        self.bar.show_columns(self.runs.columns, [column.key for column in self.runs.shown_columns])
        self.read.emit()

    def _on_rearranged(self) -> None:
        arranged, columns = self.runs.arranged, self.runs.shown_columns
        self.bar.show_columns(self.runs.columns, [column.key for column in columns])
        self.bar.show_arranged(arranged, len(self.runs.runs))
        other = self.model.show_rows(arranged, columns)
        self.table.show_view(self.runs.view, fit=other)
        if other:
            self.select(self.selected)
        else:
            self._prefer_started()
        self.rearranged.emit()

    def select(self, folders: Sequence[Path]) -> None:
        """Select those that are shown, or else one that is preferred, or the first."""
        preferred = self.prefer()
        there = [folder for folder in folders if self.model.row_of(folder) is not None]
        if preferred is not None and self.model.row_of(preferred) is not None:
            there = [preferred]
        if not there:
            newest = max(self.model.shown_runs, key=lambda run: run.number, default=None)
            there = [newest.folder] if newest is not None else []
        self.table.choose(there)
        if not there:
            self._on_chosen(())

    def _prefer_started(self) -> None:
        preferred = self.prefer()
        if preferred is not None and self.model.row_of(preferred) is not None:
            self.table.choose((preferred,))

    def _on_chosen(self, folders: tuple[Path, ...]) -> None:
        self.selected = folders
        self.chosen.emit(folders)
        self._ask_models()

    def _ask_models(self) -> None:
        lightened = self.runs.listed.lightened
        missing = [f for f in self.selected[:_MOST_MODELS] if f in lightened and f not in self._specs]
        if missing:
            self._reading_models.run(lambda: [read_run(folder) for folder in missing], self._on_models)

    def _on_models(self, task: Task[list[RunInfo | None]]) -> None:
        found = [run for run in task.result() if run is not None and run.status != "damaged"]
        kept = {folder: spec for folder, spec in self._specs.items() if folder in self.selected}
        self._specs = kept | {run.folder: (run.created, run.spec) for run in found}
        self.models_read.emit()

    def _on_views(self) -> None:
        self.bar.show_views(self.runs.views)

    def _on_heading(self, title: str) -> None:
        self.runs.turn(title)

    # what is said of runs

    def _selected_infos(self) -> list[RunInfo]:
        return [run for run in self.of(self.selected) if run.status != "damaged"]

    def _fill_marks(self, menu: QMenu) -> None:
        runs = self._selected_infos()
        all_starred = bool(runs) and all(run.about.starred for run in runs)
        all_archived = bool(runs) and all(run.about.archived for run in runs)
        for text, do in (
            (tr("Name, tags, group, note…"), self.edit),
            (tr("Take the star away") if all_starred else tr("Give a star"), lambda: self.turn("starred")),
            (tr("Bring back from the archive") if all_archived else tr("Archive"), lambda: self.turn("archived")),
        ):
            action = menu.addAction(on_button(text))
            action.setEnabled(bool(runs))
            action.triggered.connect(lambda _checked=False, do=do: do())

    def edit(self) -> AboutRunDialog | None:
        runs = self._selected_infos()
        if not runs:
            return None
        folders = [run.folder for run in runs]
        dialog = AboutRunDialog(runs, lambda changes: self.mark(folders, changes), self)
        dialog.open()
        return dialog

    def turn(self, key: str) -> None:
        """Give all selected runs a star, or put them away; where all have it, take it back."""
        runs = self._selected_infos()
        on = not all(getattr(run.about, key) for run in runs)
        self.mark([run.folder for run in runs], {key: on})

    def mark(self, folders: Iterable[Path], changes: Mapping[str, Any]) -> None:
        work = dict.fromkeys(folders, changes)
        if work:
            self.runs.mark(work, lambda: self.runs.reload(self._session.project_runs.folder))

    def clean_up(self) -> CleanUpDialog:
        runs = [run.info for run in self.runs.arranged.matching]
        filtered = bool(self.runs.view.filter) and self.runs.arranged.error is None
        dialog = CleanUpDialog(runs, filtered, self._background, self._on_cleaned, self)
        dialog.open()
        return dialog

    def _on_cleaned(self, freed: int, failures: Sequence[Text]) -> None:
        if freed:
            self._session.notify(tr("{size} freed.", size=size_text(freed)), "ok")
        if failures:
            self._session.notify(" ".join(str(failure) for failure in failures[:3]), "error")
        self.runs.reload(self._session.project_runs.folder)

    # menus

    def _on_menu(self, place: QPoint, key: str) -> None:
        menu = QMenu(self)
        menu.setObjectName("runs_context_menu")
        menu.aboutToHide.connect(lambda: let_go(menu))
        current = self.table.currentIndex()
        if not key:
            self._fill_marks(menu)
            menu.addSeparator()
            number = current.column() if current.isValid() else 0
            columns = self.model.columns
            if columns:
                self.fill_column_menu(menu.addMenu(tr("Column")), columns[min(number, len(columns) - 1)])
        elif (column := self.runs.columns.get(key)) is not None:
            self.fill_column_menu(menu, column)
        menu.popup(place)

    def fill_column_menu(self, menu: QMenu, column: RunColumn) -> None:
        shown = list(self.table.view_columns())
        place = next((number for number, one in enumerate(shown) if one.key == column.key), 0)

        def moved(to: int) -> None:
            order = [one for one in shown if one.key != column.key]
            order.insert(to, shown[place])
            self.runs.change_columns(order)

        def hidden() -> None:
            self.runs.change_columns([one for one in shown if one.key != column.key])

        def usual_width() -> None:
            self.runs.change_columns([ViewColumn(one.key, 0 if one.key == column.key else one.width) for one in shown])

        runs = self.runs
        for text, possible, do in (
            (tr("Smallest first"), True, lambda: runs.change(sort=column.key, descending=False)),
            (tr("Largest first"), True, lambda: runs.change(sort=column.key, descending=True)),
            (tr("Group by this"), True, lambda: runs.change(group=column.key)),
            (tr("Move left"), place > 0, lambda: moved(place - 1)),
            (tr("Move right"), place < len(shown) - 1, lambda: moved(place + 1)),
            (tr("Usual width"), bool(shown) and shown[place].width > 0, usual_width),
            (tr("Hide"), len(shown) > 1, hidden),
        ):
            action = menu.addAction(on_button(text))
            action.setEnabled(possible)
            action.triggered.connect(lambda _checked=False, do=do: do())

    def _on_save_view(self) -> None:
        name = " ".join(self.ask_view_name(self).split())[:LONGEST_NAME]
        if name:
            self.runs.save_view(name)
