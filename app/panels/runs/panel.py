"""The Runs workspace: earlier runs with their settings, curves and models, side by side where several are selected."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.outside_files.asking import may_be_read
from app.outside_files.finding import written_name
from app.panels.plots.board import PlotBoard
from app.panels.plots.run_curves import RunCurves
from app.panels.run_parts.export_run import RunExporter
from app.panels.run_parts.restoring import restored_data, restored_training
from app.panels.run_parts.run_facts import optimizer_rate
from app.panels.runs.comparing.curve_bar import CurveBar
from app.panels.runs.comparing.pages import ComparePages
from app.panels.runs.comparing.transfer import Transfer
from app.panels.runs.list.area import RunsArea
from app.panels.runs.nothing_yet import nothing_yet
from app.panels.runs.runs_actions import RunsActions
from app.panels.runs.runs_detail import RunsDetail
from app.panels.runs.runs_reader import CurvesMemory, RunCurvesReader, read_curves, read_on
from app.panels.widgets.fields import hint
from app.panels.widgets.questions import Confirm, confirm
from app.project.choosers import Chooser
from app.project.saving import ask_where
from app.project.session import Session
from app.system.throwing_away import throw_away
from graph_editor.background.background import Background, Latest
from graph_editor.background.task import Task
from graph_editor.document.changes.commands import set_data, set_training
from graph_editor.document.ends import output_names
from graph_editor.document.files.file_format import MAX_BYTES
from graph_editor.words.attaching import attached
from graph_editor.words.spoken import set_spoken_name
from resources.atomic import write_atomically
from resources.os_reasons import os_reason
from resources.regular_files import read_regular
from resources.text import Text, tr
from runtime.messages.control import request_stop
from runtime.store import IMPORTED, PROJECT_FILE, RunInfo

POLL_MS = 500
MOST_DRAWN = 100  # runs whose curves are drawn together
_UNREAD = ("damaged", "elsewhere", IMPORTED)  # nothing is read on of these
FULL_READ_TICKS = 10  # reading a running run from its beginning costs the more the longer it is


class RunsPanel(QWidget):
    """Reads the run folders when it is shown, when a run starts or ends, and twice a second while one is running."""

    def __init__(
        self,
        session: Session,
        look: ThemeSource,
        chooser: Chooser,
        background: Background,
        parent: QWidget | None = None,
        ask: Confirm = confirm,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("runs_panel")
        self._session = session
        self._chooser = chooser
        self._ask = ask
        self._reading, self._reading_on = Latest(background, self), Latest(background, self)
        self._memory = CurvesMemory()
        self._stopping: set[Path] = set()
        self._ticks = 0
        self._latest: Path | None = None  # a run that was started after the last choice
        self.actions_bar = RunsActions(look)
        self.area = RunsArea(session, look, background, self)
        self.area.prefer = self._started
        self.model, self.table, self._listing = self.area.model, self.area.table, self.area.runs.listing
        self.detail = RunsDetail(session.catalog)
        self.board = PlotBoard(look)
        self.reading_label = hint("")
        self.reading_label.setObjectName("runs_reading")
        self._exporter = RunExporter(session, self._chooser, self)
        self.transfer = Transfer(session, chooser, background, self)
        self.curve_bar = CurveBar()
        self._stack = QStackedWidget()
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._lay_out(look, background)
        self._connect()

    @property
    def chosen(self) -> list[RunInfo]:
        """The selected runs, the newest first."""
        return self.area.of(self.area.selected)

    @property
    def _sound(self) -> list[RunInfo]:
        """Those of the selected runs whose files can be read."""
        return [run for run in self.chosen if run.status != "damaged"]

    @property
    def _drawn(self) -> list[RunInfo]:
        """Those of them whose curves are drawn: with more nobody could tell one from another."""
        return self._sound[:MOST_DRAWN]

    def reload(self) -> None:
        """Read the list of runs again; the table follows when it is read."""
        self.area.runs.reload(self._session.project_runs.folder)

    def _lay_out(self, look: ThemeSource, background: Background) -> None:
        curves = QWidget()
        row = QHBoxLayout(curves)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.detail)
        plots = attached(row, QVBoxLayout(), 1)
        plots.setSpacing(0)
        plots.addWidget(self.curve_bar)
        self.reading_label.setContentsMargins(14, 14, 14, 0)
        self.reading_label.hide()
        plots.addWidget(self.reading_label)
        plots.addWidget(self.board, 1)
        self.pages = ComparePages(curves, self.transfer, self._session.catalog, look, background)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setObjectName("runs_splitter")
        splitter.addWidget(self.area)
        splitter.addWidget(self.pages)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([240, 450])
        splitter.setChildrenCollapsible(False)
        self._nothing = nothing_yet(lambda: self._session.navigation.show_workspace("train"), self.transfer)
        self._listed = splitter
        # nothing is said until it is known whether there are runs
        for page in (_keyboard_holder(), self._nothing, self._listed):
            self._stack.addWidget(page)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.actions_bar)
        rows.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._timer.timeout.connect(self._on_tick)
        self.area.chosen.connect(self._on_chosen)
        self.area.read.connect(self._on_runs_read)
        self.area.runs.failed.connect(self._on_unread)
        self.area.rearranged.connect(self._on_rearranged)
        self.area.models_read.connect(self._show_chosen)
        self._session.training.started.connect(self._on_run_started)
        self._session.training.shown.connect(self._on_run_shown)
        self._session.training.ended.connect(self._on_run_ended)
        self._session.document_replaced.connect(self._on_document_replaced)
        self._session.project_runs.moved.connect(self._on_document_replaced)
        self.pages.chosen.connect(self._on_chosen_below)
        self.curve_bar.changed.connect(self.board.set_view)
        self.transfer.imported.connect(self._on_imported)
        bar = self.actions_bar
        bar.export_requested.connect(self._on_export)
        bar.restore_requested.connect(self._on_restore)
        bar.project_requested.connect(self._on_project)
        bar.folder_requested.connect(self._on_folder)
        bar.stop_requested.connect(self._on_stop)
        bar.delete_requested.connect(self._on_delete)

    # reading

    def _on_runs_read(self) -> None:
        """Before the table follows."""
        runs, info = self.area.infos, self.area.info
        self._memory.forget_earlier(info)
        self._stack.setCurrentWidget(self._listed if runs else self._nothing)
        self._stopping &= {folder for folder in self._stopping if (run := info(folder)) and run.status == "running"}

    def _on_unread(self, _why: str) -> None:
        """A notice says why."""
        if not self.area.infos:
            self._stack.setCurrentWidget(self._nothing)

    def _on_rearranged(self) -> None:
        self._show_chosen()
        self._ask_missing()
        self._read_on()

    def _started(self) -> Path | None:
        """The run that was just started, once, when it is listed."""
        if self._latest is None or self.area.info(self._latest) is None:
            return None
        newest, self._latest = self._latest, None
        return newest

    def _on_chosen(self, _folders: tuple[Path, ...]) -> None:
        self._show_chosen()
        self._ask_curves()

    def _show_chosen(self) -> None:
        chosen = self.chosen
        stopping = any(run.folder in self._stopping for run in chosen)
        self.actions_bar.show_state(len(self.area.infos), chosen, stopping)
        self.pages.show_runs(chosen, self.area.infos, self.area.folders)
        self._show_detail()

    def _on_chosen_below(self, folder: Path) -> None:
        """Somebody wants to see the one run that a page pointed at."""
        self.pages.show_page("curves")
        self.table.choose((folder,))
        self.table.setFocus()

    def _on_imported(self, folders: tuple[Path, ...]) -> None:
        self.area.selected = (*self.area.selected, *folders)  # beside those: they are there to be compared
        self.reload()

    def _show_detail(self) -> None:
        runs = self.chosen
        readers = self._memory.of(runs)
        self.detail.show_runs(runs, {folder: reader.curves.rate_changes for folder, reader in readers.items()})

    def _ask_curves(self) -> None:
        missing = [self._reader(run) for run in self._drawn if self._memory.get(run.folder) is None]
        self._reading.cancel()  # it may take minutes, and something else is asked for now
        if missing:
            task: Task[list[RunCurvesReader]] = Task()
            self._reading.run(lambda: read_curves(missing, task), self._on_curves_read, task)
        else:
            self._show_curves()
            self._show_reading()

    def _reader(self, run: RunInfo) -> RunCurvesReader:
        known = run.status != IMPORTED  # of others only what their log tells
        rate = optimizer_rate(run.spec.training.optimizer, self._session.catalog) if known else None
        return RunCurvesReader(run.folder, tr("run {number}", number=run.number), rate, run.created)

    def _ask_missing(self) -> None:
        """Of a selected run that could not be read when it was selected, or is another one now under the same name."""
        if len(self._memory.of(self._drawn)) < len(self._drawn) and not self._reading.busy:
            self._ask_curves()

    def _on_curves_read(self, task: Task[list[RunCurvesReader]]) -> None:
        self._show_reading()
        if task.error is not None:
            self._session.notify(tr("The curves cannot be read: {reason}", reason=str(task.error)), "error")
            return
        self._memory.keep(task.result(), self.area.selected)
        self._show_curves()
        self._ask_missing()
        self._read_on()  # the run may have ended while its beginning was read

    def _show_curves(self) -> None:
        runs = self._drawn
        curves = [reader.curves for reader in self._memory.of(runs).values()]
        outputs = {name: title for run in runs for name, title in run.spec.output_titles().items()}
        self.curve_bar.show_runs(curves)
        self._show_detail()
        if len(curves) == 1:
            self.board.follow(curves[0], (), outputs)
        else:
            self.board.compare(curves, outputs)

    def _show_reading(self) -> None:
        """Show how far the curves are read, which takes a while when a run is long; then what is missing of them."""
        busy = self._reading.busy
        missing = sum(reader.curves.missing for reader in self._memory.of(self._drawn).values())
        sentences = []
        if busy:
            self._show_curves()  # of the others; not those of what was selected before
            share = f"{100 * self._reading.progress:.0f}"
            sentences.append(tr("Reading the curves: {percent} %", percent=share))
        elif missing:
            sentences.append(
                tr("Missing of what was told while it trained: {count} events that were not written.", count=missing)
            )
        if len(self._sound) > MOST_DRAWN:
            sentences.append(tr("Only the curves of the newest {count} of these runs are drawn.", count=MOST_DRAWN))
        self.reading_label.setText(" ".join(sentences))
        self.reading_label.setVisible(bool(sentences))

    def _on_tick(self) -> None:
        """Twice a second while shown: what running runs have written since they were read last."""
        if self._listing.busy and not self.area.infos:  # thousands of runs, for the first time
            share = f"{100 * self._listing.progress:.0f}"
            self.actions_bar.count.setText(tr("Reading the runs: {percent} %", percent=share))
        self._show_reading()
        if any(run.status == "running" for run in self.area.infos):
            self._ticks += 1
            if self._ticks % FULL_READ_TICKS == 0 and not self._listing.busy:
                self.reload()
        self._read_on()

    def _read_on(self) -> None:
        """Read what runs have written since they were read last; of one that has ended, once more."""
        known = self._memory.of(self.area.infos)
        readers = [
            (known[run.folder], run.status != "running")
            for run in self.area.infos
            if run.folder in known
            and (run.status == "running" or (run.status not in _UNREAD and not known[run.folder].complete))
        ]
        if readers and not self._reading_on.busy:  # else the next tick does it
            self._reading_on.run(lambda: read_on(readers), self._on_more_read)

    def _on_more_read(self, task: Task[list[Callable[[], None]]]) -> None:
        if task.error is not None:
            return  # the next full reading says what is wrong
        for update in task.result():
            update()
        runs = [run for run in self.area.infos if run.status == "running"]
        curves_of = {folder: reader.curves for folder, reader in self._memory.of(runs).items()}
        self.area.refresh({run.folder: run_so_far(run, curves_of.get(run.folder)) for run in runs})
        self._show_curves()
        if any(curves.finished for curves in curves_of.values()):
            self.reload()
        elif not all(reader.at_end for reader in self._memory.of(self.area.infos).values()):
            self._read_on()

    def _on_run_started(self, run: Any) -> None:
        self._latest = run.folder
        self.reload()

    def _on_run_shown(self, run: object) -> None:
        if run is not None:
            self.reload()

    def _on_run_ended(self, _run: object) -> None:
        self.reload()

    def _on_document_replaced(self) -> None:
        self._reading.cancel()
        self._memory.clear()
        self.board.compare((), {})
        # those of another project are not shown under this one's name, not for a moment
        self.area.open(self._session.project_runs.folder)
        self._stack.setCurrentIndex(0)
        self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    # what can be done

    def _only(self) -> RunInfo | None:
        chosen = self.chosen
        return self.area.whole(chosen[0]) if len(chosen) == 1 else None

    def _on_export(self, kind: str, best: bool) -> None:
        run = self._only()
        if run is not None:
            self._exporter.export(kind, run.spec, run.folder, best)

    def _on_restore(self) -> None:
        run = self._only()
        if run is None:
            return
        document, settings = self._session.document, run.spec.training
        data = restored_data(settings, document.data)
        weights = self._weights_of(run)
        training = restored_training(
            settings, document.training, output_names(document.graph), weights, run.spec.initial_names
        )
        edits = [*set_training(document, training), *set_data(document, data)]
        label = Text("Use the settings of run {number}", {"number": run.number})
        if not edits:
            self._session.notify(tr("The project already has the settings of run {number}.", number=run.number))
        elif self._session.edit(label, edits):
            self._session.notify(tr("The project has the settings of run {number} now.", number=run.number), "ok")

    def _weights_of(self, run: RunInfo) -> str:
        """Return how the project names the file that the run started from; "" for none, or when nobody wants it read.

        The run may come from elsewhere, and name any file of this machine or another.
        """
        session = self._session
        if not run.spec.initial_weights:
            return ""
        name = written_name(run.spec.initial_weights, session.project_folder)
        strange = session.outside.strange((name,), session.document, session.path)
        text = tr("Run {number} started from weights outside the project's folder. Read them?", number=run.number)
        why = tr("Read them if you know where the run comes from. If not, only its other settings are used.")
        if strange and not may_be_read(partial(self._ask, self), text, why, strange):
            return ""
        session.outside.chosen(name)
        return name

    def _on_project(self) -> None:
        run = self._only()
        if run is None:
            return
        folder = self._session.usual_folder
        proposal = folder / f"{run.folder.name}.lamella"
        refuse = self._session.refuse_to_replace
        path = ask_where(self._chooser, self, tr("Save its project"), "*.lamella", proposal, ".lamella", refuse)
        if path is None:
            return
        self._session.visited(path)
        try:
            write_atomically(path, read_regular(run.folder / PROJECT_FILE, MAX_BYTES))
        except OSError as error:
            reason = os_reason(error)
            self._session.notify(tr("{file} was not saved: {reason}.", file=str(path), reason=reason), "error")
            return
        self._session.notify(tr("{file} is saved; open it from the File menu.", file=path.name), "ok")

    def _on_folder(self) -> None:
        run = self._only()
        if run is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(run.folder))):
            self._session.notify(tr("This system shows no folders. It is here: {folder}", folder=str(run.folder)))

    def _on_stop(self) -> None:
        run = self._only()
        if run is None or run.folder in self._stopping:
            return
        self._stopping.add(run.folder)
        own = self._session.runs.at(run.folder)
        try:
            if own is not None and own.active:
                own.stop()
            else:
                request_stop(run.folder)
        except OSError as error:
            self._stopping.discard(run.folder)
            self._session.notify(str(os_reason(error)), "error")
        self._show_chosen()

    def _on_delete(self) -> None:
        runs = [run for run in self._sound if run.status != "running"]
        if not runs:
            return
        question = (
            tr("Delete run {number}?", number=runs[0].number)
            if len(runs) == 1
            else tr("Delete {count} runs?", count=len(runs))
        )
        more = tr("The model, the curves and the logs of the run go to the trash.")
        if not self._ask(self, question, more, tr("Delete")):
            return
        for run in runs:
            self._remove(run)
        self.reload()

    def _remove(self, run: RunInfo) -> None:
        self._memory.forget(run.folder)
        question = tr("Run {number} cannot be moved to the trash. Delete it for good?", number=run.number)
        failure = throw_away(
            run.folder, lambda: self._ask(self, question, tr("This cannot be undone."), tr("Delete for good"))
        )
        if failure:
            self._session.notify(failure, "error")


def run_so_far(run: RunInfo, curves: RunCurves | None) -> RunInfo:
    """A running run with the number of epochs that its curves have."""
    if curves is None or run.status != "running" or curves.epoch <= run.result.epochs_done:
        return run
    return msgspec.structs.replace(run, result=msgspec.structs.replace(run.result, epochs_done=curves.epoch))


def _keyboard_holder() -> QWidget:
    """What has the keyboard while the runs are read: it goes on to what takes its place, as stacks of Qt do."""
    page, inner = QWidget(), QWidget()
    inner.setObjectName("runs_unknown")
    inner.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    set_spoken_name(inner, tr("Reading the runs"))
    QVBoxLayout(page).addWidget(inner)
    return page
