"""What is shown of the selected runs: curves, what differs, plots of many runs, graphs, lineage; a page for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QWidget

from app.look.theme_source import ThemeSource
from app.panels.runs.comparing.differences import DifferencesPage
from app.panels.runs.comparing.facts import Layers, Row, RunFacts, facts_of, rows_of
from app.panels.runs.comparing.graphs_page import GraphsPage
from app.panels.runs.comparing.lineage import Branch, trees_of
from app.panels.runs.comparing.lineage_page import LineagePage
from app.panels.runs.comparing.many_pages import ParallelPage, ScatterPage, plottable
from app.panels.runs.comparing.scale import Scale
from app.panels.runs.comparing.transfer import Transfer, export_menu, import_menu
from app.panels.widgets.fields import button, column, hint
from graph_editor.background.background import Background, Latest
from graph_editor.background.task import Task
from graph_editor.catalog.catalog import Catalog
from graph_editor.words.attaching import attached
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.plain import shown_name
from resources.text import Text, tr
from runtime.store import RunInfo, RunResult

Page = Literal["curves", "differences", "parallel", "scatter", "graphs", "lineage"]
_TITLES: dict[Page, Text] = {
    "curves": Text("Curves"),
    "differences": Text("What differs"),
    "parallel": Text("Parallel"),
    "scatter": Text("Scatter"),
    "graphs": Text("Graphs"),
    "lineage": Text("Lineage"),
}
_OF_ONE: tuple[Page, ...] = ("curves", "lineage")  # all others need several runs
_POLL_MS = 200
_MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class _Gathered:
    key: object
    facts: Sequence[RunFacts]
    rows: Sequence[Row]
    scales: Mapping[str, Scale]
    trees: Sequence[Branch]


class ComparePages(QWidget):
    """`chosen` carries the folder of a run that is to be selected. `curves` is the page of curves, made elsewhere."""

    chosen = Signal(object)  # Path
    page_changed = Signal(str)

    def __init__(
        self,
        curves: QWidget,
        transfer: Transfer,
        catalog: Catalog,
        look: ThemeSource,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("runs_pages")
        self._catalog, self._look, self._background = catalog, look, background
        self._gathering = Latest(background, self)
        self.transfer = transfer
        self._runs: list[RunInfo] = []
        self._all: list[RunInfo] = []
        self._key: object = None
        self._gathered: _Gathered | None = None
        self._marked: Path | None = None
        self._memory: dict[Path, tuple[RunResult, RunFacts]] = {}  # of runs that were looked at
        self._layers: dict[bytes, Layers] = {}
        self._pages: dict[Page, QWidget] = {"curves": curves}
        self.tabs = QTabBar()
        self.tabs.setObjectName("runs_tabs")
        set_spoken_name(self.tabs, tr("What is shown of the runs"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        for title in _TITLES.values():
            self.tabs.addTab(str(title))
        self.export = button(tr("Export"), "export_runs", "", tr("Curves or table of the selected runs"))
        self.importing = button(tr("Import"), "import_runs", "", tr("Runs of other programs, to compare with"))
        self.stop = button(tr("Cancel"), "cancel_transfer")
        self.progress = hint("", "transfer_progress")
        self.marked = PlainLabel()
        self.marked.setObjectName("marked_run")
        self.choose = button(tr("Show this run"), "choose_marked", "link")
        self._stack = QStackedWidget()
        self._stack.addWidget(curves)
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._lay_out()
        self._connect()
        self._show_marked()

    def _lay_out(self) -> None:
        rows = column(self, (0, 0, 0, 0), 0)
        row = attached(rows, QHBoxLayout())
        row.setContentsMargins(8, 4, 14, 0)
        row.setSpacing(8)
        row.addWidget(self.tabs)
        row.addStretch(1)
        for widget in (self.progress, self.stop, self.export, self.importing):
            row.addWidget(widget)
        self.progress.setWordWrap(False)
        self.progress.hide()
        self.stop.hide()
        rows.addWidget(self._stack, 1)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(16, 0, 14, 8)
        foot.addWidget(self.marked)
        foot.addWidget(self.choose)
        foot.addStretch(1)
        rows.addWidget(self._foot)

    def _connect(self) -> None:
        self.export.setMenu(export_menu(self.export, self.transfer, lambda: self._runs))
        self.importing.setMenu(import_menu(self.importing, self.transfer))
        self.tabs.currentChanged.connect(lambda _index: self._on_page())
        self.stop.clicked.connect(self.transfer.cancel)
        self.choose.clicked.connect(lambda: self.chosen.emit(self._marked))
        self.transfer.busy_changed.connect(self._on_busy)
        self._timer.timeout.connect(self._show_progress)

    @property
    def page(self) -> Page:
        return list(_TITLES)[self.tabs.currentIndex()]

    @property
    def busy(self) -> bool:
        """Whether what the page shows is still being read."""
        return self._gathering.busy

    def show_page(self, page: Page) -> None:
        self.tabs.setCurrentIndex(list(_TITLES).index(page))

    def show_runs(self, runs: Sequence[RunInfo], all_runs: Sequence[RunInfo], folders: tuple[str, ...]) -> None:
        """`runs` are selected, `all_runs` those of the project, in `folders`; damaged ones have nothing to show."""
        self._runs = [run for run in runs if run.status != "damaged"]
        self._all = list(all_runs)
        for number, page in enumerate(_TITLES):
            self.tabs.setTabEnabled(number, page in _OF_ONE or len(self._runs) > 1)
            needs = "" if self.tabs.isTabEnabled(number) else tr("Select several runs")
            self.tabs.setTabToolTip(number, needs)
        self.export.setEnabled(bool(self._runs) and not self.transfer.busy)
        if self._marked is not None and str(self._marked) not in folders:
            self._mark(None)
        key = (
            tuple((run.folder, run.result, bool(run.spec.model)) for run in self._runs),
            folders,
        )
        if key != self._key:
            self._key = key
            self._gather()

    # gathering

    def _gather(self) -> None:
        """What the shown page needs, read off the GUI thread: thousands of runs take a while."""
        if self.page == "curves" or not self.isVisible():
            return
        if self._gathered is not None and self._gathered.key == self._key:
            self._fill(self._gathered)
            return
        key, runs, everything, catalog = self._key, list(self._runs), list(self._all), self._catalog
        memory, layers, task = self._memory, self._layers, Task[_Gathered]()
        if len(memory) > _MOST_KEPT:
            memory.clear()
            layers.clear()

        def gather() -> _Gathered:
            facts = []
            for run in runs:
                if task.cancelled:
                    raise CancelledError
                known = memory.get(run.folder)
                if known is None or known[0] != run.result:
                    memory[run.folder] = known = (run.result, facts_of(run, catalog, layers))
                facts.append(known[1])
            rows = rows_of(facts)
            return _Gathered(key, facts, rows, plottable(rows), trees_of(everything, [run.folder for run in runs]))

        self._gathering.run(gather, self._on_gathered, task)

    def _on_gathered(self, task: Task[_Gathered]) -> None:
        self._gathered = task.result()
        self._fill(self._gathered)

    def _fill(self, gathered: _Gathered) -> None:
        page = self._made(self.page)
        if isinstance(page, DifferencesPage):
            page.show_facts(gathered.facts, gathered.rows)
        elif isinstance(page, ParallelPage | ScatterPage):
            page.show_facts(gathered.facts, gathered.scales)
        elif isinstance(page, GraphsPage):
            page.show_runs(self._runs)
        elif isinstance(page, LineagePage):
            page.show_trees(gathered.trees, [run.folder for run in self._runs])
        self._mark(self._marked)

    def _made(self, page: Page) -> QWidget:
        made = self._pages.get(page)
        if made is None:
            made = self._pages[page] = self._make(page)
            self._stack.addWidget(made)
        self._stack.setCurrentWidget(made)
        return made

    def _make(self, page: Page) -> QWidget:
        if page == "graphs":
            return GraphsPage(self._catalog, self._look, self._background)
        if page == "parallel" or page == "scatter":
            many = ParallelPage(self._look) if page == "parallel" else ScatterPage(self._look)
            many.chosen.connect(self._mark)
            return many
        listed = DifferencesPage(self._look) if page == "differences" else LineagePage()
        listed.pointed.connect(self._mark)
        listed.chosen.connect(self.chosen)
        return listed

    def _on_page(self) -> None:
        if self.page == "curves":
            self._stack.setCurrentWidget(self._pages["curves"])
        else:
            self._made(self.page)
            self._gather()
        self._show_marked()
        self.page_changed.emit(self.page)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._gather()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._gathering.cancel()

    # the run that was pointed at

    def _mark(self, folder: Path | None) -> None:
        self._marked = folder
        for page in self._pages.values():
            if isinstance(page, ParallelPage | ScatterPage):
                page.plot.mark(folder)
        self._show_marked()

    def _show_marked(self) -> None:
        run = next((run for run in self._all if run.folder == self._marked), None)
        self._foot.setVisible(run is not None and self.page not in ("curves", "graphs"))
        if run is not None:
            self.marked.setText(f"{tr('run {number}', number=run.number)} · {shown_name(run.name)}")

    # export and import

    def _on_busy(self, busy: bool) -> None:
        self.export.setEnabled(bool(self._runs) and not busy)
        self.importing.setEnabled(not busy)
        self.stop.setVisible(busy)
        self.progress.setVisible(busy)
        if busy:
            self._show_progress()
            self._timer.start()
        else:
            self._timer.stop()

    def _show_progress(self) -> None:
        percent = round(100 * self.transfer.progress)
        self.progress.setText(tr("Writing… {percent} %", percent=percent) if percent else tr("Working…"))
