"""Taking curves and tables of runs to other programs, and their logs among the runs; all of it off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.model_files.log_reader import LogFileReader, import_log
from app.panels.runs.comparing.facts import facts_of, table_of
from app.project.choosers import Chooser
from app.project.saving import ask_where
from app.project.session import Session
from graph_editor.background.background import Background, Latest
from graph_editor.background.task import Task
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.files.file_format import FileError
from resources.os_reasons import os_reason
from resources.text import Text, tr
from runtime.store import RunInfo, StoreError
from runtime.tracking.format import TrackingFormat, tracking_formats
from runtime.tracking.writing import export_curves, export_table

T = TypeVar("T")


class Transfer(QObject):
    """One thing at a time: `busy_changed` says whether something is going on, `imported` which folders have come."""

    busy_changed = Signal(bool)
    imported = Signal(object)  # tuple[Path, ...]

    def __init__(self, session: Session, chooser: Chooser, background: Background, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._chooser, self._parent = session, chooser, parent
        self._work = Latest(background, self)
        self._reader: LogFileReader | None = None

    @property
    def busy(self) -> bool:
        return self._work.busy

    @property
    def progress(self) -> float:
        """From 0 to 1."""
        return self._work.progress

    def cancel(self) -> None:
        """Nothing is left of what was half written."""
        if self._reader is not None:
            self._reader.cancel()
        self._work.cancel()
        self.busy_changed.emit(False)

    def export_curves(self, form: TrackingFormat, runs: Sequence[RunInfo]) -> None:
        path = self._where(form, tr("curves")) if self._free(runs) else None
        if path is None:
            return
        task: Task[Path] = Task()

        def go_on(share: float) -> bool:
            task.progress = share
            return not task.cancelled

        def write() -> Path:
            export_curves(form, runs, path, go_on)
            return path

        self._begin(write, self._on_written, task)

    def export_table(self, form: TrackingFormat, runs: Sequence[RunInfo]) -> None:
        path = self._where(form, tr("table")) if self._free(runs) else None
        if path is None:
            return
        catalog: Catalog = self._session.catalog

        def write() -> Path:
            export_table(form, table_of([facts_of(run, catalog) for run in runs]), path)
            return path

        self._begin(write, self._on_written)

    def import_folder(self) -> None:
        """Ask for the folder of a TensorBoard log."""
        folder = self._session.usual_folder
        self._import(self._chooser.folder_to_open(self._parent, tr("Import a TensorBoard log"), folder))

    def import_file(self) -> None:
        """Ask for a file of Keras' CSVLogger."""
        title, kinds = tr("Import a file of Keras' CSVLogger"), "CSV (*.csv *.tsv *.log *.txt)"
        self._import(self._chooser.file_to_open(self._parent, title, kinds, self._session.usual_folder))

    def _import(self, path: Path | None) -> None:
        if path is None or self.busy:
            return
        self._session.visited(path)
        reader, runs = LogFileReader(), self._session.project_runs.folder
        self._reader = reader
        self._begin(lambda: import_log(reader, path, runs), self._on_imported)

    def _free(self, runs: Sequence[RunInfo]) -> bool:
        return bool(runs) and not self.busy

    def _where(self, form: TrackingFormat, what: str) -> Path | None:
        session = self._session
        stem = f"{session.document.shown_name}-{what}"
        if form.suffix:
            proposal, kinds = session.usual_folder / f"{stem}{form.suffix}", f"{form.suffix} (*{form.suffix})"
            title, refuse = tr("Export"), session.refuse_to_replace
            path = ask_where(self._chooser, self._parent, title, kinds, proposal, form.suffix, refuse)
        else:
            home = self._chooser.folder_to_open(self._parent, tr("Export into the folder"), session.usual_folder)
            path = None if home is None else _free_name(home, f"{session.document.name}-tensorboard")
        if path is not None:
            session.visited(path)
        return path

    def _begin(self, job: Callable[[], T], callback: Callable[[Task[T]], None], task: Task[T] | None = None) -> None:
        self._work.run(job, callback, task)
        self.busy_changed.emit(True)

    def _on_written(self, task: Task[Path]) -> None:
        self.busy_changed.emit(False)
        if task.error is None:
            self._session.notify(tr("Wrote {file}.", file=task.result().name), "ok", str(task.result()))
        else:
            self._tell(task.error)

    def _on_imported(self, task: Task[tuple[list[Path], int]]) -> None:
        self._reader = None
        self.busy_changed.emit(False)
        if task.error is not None:
            self._tell(task.error)
            return
        folders, left_out = task.result()
        count = len(folders)
        text = tr("1 run was imported.") if count == 1 else tr("{count} runs were imported.", count=count)
        if left_out:
            text = f"{text} {tr('{count} files or runs were left out.', count=left_out)}"
        self._session.notify(text, "ok")
        self.imported.emit(tuple(folders))

    def _tell(self, error: BaseException) -> None:
        if isinstance(error, CancelledError):
            return
        if isinstance(error, FileError | StoreError):
            self._session.notify(str(error.text), "error")
        elif isinstance(error, OSError):
            self._session.notify(tr("It was not saved: {reason}", reason=os_reason(error)), "error")
        else:
            raise error


def _free_name(folder: Path, name: str) -> Path:
    """A name in the folder that nothing has yet."""
    path, number = folder / name, 2
    while path.exists() or path.is_symlink():
        path, number = folder / f"{name}-{number}", number + 1
    return path


def export_menu(parent: QWidget, transfer: Transfer, runs: Callable[[], Sequence[RunInfo]]) -> QMenu:
    """All formats, for curves and for the table."""
    menu = QMenu(parent)
    menu.setObjectName("export_runs_menu")
    for title, kind in ((Text("Curves"), "curves"), (Text("Table"), "table")):
        heading = menu.addAction(str(title))
        heading.setEnabled(False)
        for form in tracking_formats():
            if kind == "table" and form.write_table is None:
                continue
            action = menu.addAction(str(form.title))
            action.setObjectName(f"export_{kind}.{form.key}")
            write = transfer.export_curves if kind == "curves" else transfer.export_table
            action.triggered.connect(lambda _checked=False, write=write, form=form: write(form, runs()))
    return menu


def import_menu(parent: QWidget, transfer: Transfer) -> QMenu:
    menu = QMenu(parent)
    menu.setObjectName("import_runs_menu")
    for name, title, ask in (
        ("tensorboard", tr("TensorBoard log…"), transfer.import_folder),
        ("csv_logger", tr("File of Keras' CSVLogger…"), transfer.import_file),
    ):
        action = menu.addAction(title)
        action.setObjectName(f"import_runs.{name}")
        action.triggered.connect(lambda _checked=False, ask=ask: ask())
    return menu
