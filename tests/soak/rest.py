"""Brings a window to the same rest every time, in project, run, pages and folds: only then can counts be compared."""

from __future__ import annotations

import time
from collections.abc import Callable, Set

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QWidget

from app.panels.plots.board import PlotBoard
from app.panels.runs.panel import RunsPanel
from app.panels.train.callbacks_form import CallbackBlock
from app.panels.train.panel import TrainPanel
from app.panels.widgets.section import FoldSection
from app.project.templates import TEMPLATES
from app.shell.desktop import Desktop
from app.workspaces.listing import all_workspaces
from tests.soak.results import Results

REST_SECONDS = 60.0
_TRAINED, _LOOKED_AT = "digits", "siamese"


class Rest:
    """`fault` is told what does not come to rest. `trains`: with a run of its own, whose curves are shown."""

    def __init__(self, desktop: Desktop, fault: Callable[[str], None], trains: bool) -> None:
        self._desktop, self._fault, self._trains = desktop, fault, trains
        self._results = Results(desktop, self._waited, fault)

    def come(self) -> None:
        desktop, window = self._desktop, self._desktop.window
        self._close_others()
        window.build.inside.inside.switch(False)
        self._look_at_boxes()
        if desktop.preferences.look.theme.name != "dark":
            desktop.preferences.set_theme("dark")
        window.resize(1280, 800)
        for key in [found.key for found in all_workspaces()]:
            window.show_workspace(key)
            QApplication.processEvents()
            self._use_folds()
            self._use_lists()
        self._use_palette()
        if self._trains:
            self._show_runs()
        window.show_workspace("build")

    def _close_others(self) -> None:
        """Dialogs that one can work beside, as a tensor in a window of its own."""
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget.isVisible():
                widget.close()

    def _open(self, template: str) -> None:
        wanted = next(item for item in TEMPLATES if item.key == template)
        self._desktop.session.replace(wanted.open(), None)

    def _here(self) -> list[QWidget]:
        """What Python knows of the window, without making more known."""
        window = self._desktop.window
        known = shiboken6.getAllValidWrappers()
        return [item for item in known if isinstance(item, QWidget) and window.isAncestorOf(item)]

    def _use_folds(self) -> None:
        """What is built when a fold is opened first is there at every rest, and all folds are closed."""
        for item in self._here():
            fold = (
                item.header if isinstance(item, FoldSection) else item.more if isinstance(item, CallbackBlock) else None
            )
            if fold is not None:
                fold.setChecked(True)
                fold.setChecked(False)
        QApplication.processEvents()

    def _use_lists(self) -> None:
        """The same of the lists that drop down: Qt makes each at its first use, and it stays as long as its box."""
        for combo in self._here():
            if isinstance(combo, QComboBox) and combo.isVisible():
                combo.view()

    def _use_palette(self) -> None:
        """It keeps its entries, thousands of Python objects, from its first use on."""
        window = self._desktop.window
        next(action for action in window.actions() if action.objectName() == "help.palette").trigger()
        for field in self._here():
            if field.objectName() == "command_field" and field.isVisible():  # not where it was open: the key closes it
                QTest.keyClick(field, Qt.Key.Key_Escape)

    def _show_runs(self) -> None:
        """Train and Runs keep the curves of the last run that they drew until they draw another; so it is with what is
        evaluated and looked into. Two runs are compared before."""
        session, window = self._desktop.session, self._desktop.window
        if not self._waited(lambda: session.settled):
            self._fault("The engine did not answer at rest")
            return
        wanted: set[str] = set()
        for _ in range(2):
            wanted = self._train()
        window.show_workspace("runs")
        runs = window.page("runs")  # the run is read in a thread, maybe at first while it is being written
        if not isinstance(runs, RunsPanel) or not self._waited(
            lambda: len(runs.area.infos) == 2 and _draws_one(runs.board, wanted)
        ):
            self._fault(f"At rest the Runs page did not show the curves of the run for {REST_SECONDS:.0f} s")
            return
        self._results.compare(runs)
        if not self._waited(lambda: _draws_one(runs.board, wanted)):
            self._fault(f"At rest the Runs page did not show one run again for {REST_SECONDS:.0f} s")
        self._results.evaluate()
        self._results.look_inside()

    def _train(self) -> set[str]:
        """Train a run, and see its curves: their names."""
        session, window = self._desktop.session, self._desktop.window
        window.show_workspace("train")
        run = session.training.start()
        if run is None or not self._waited(lambda: not run.active):
            self._fault("No run could be trained at rest")
        train = window.page("train")
        if not isinstance(train, TrainPanel) or not self._waited(lambda: _draws_one(train.view.board)):
            self._fault(f"At rest the Train page showed no curves for {REST_SECONDS:.0f} s")
            return set()
        return set(train.view.board.cards)

    def _look_at_boxes(self) -> None:
        """The inspector keeps the rows of what was selected last: it is shown the same boxes, with closed folds.

        Those before the last ones are of other classes, so that the last are shown afresh.
        """
        session, window = self._desktop.session, self._desktop.window
        window.show_workspace("build")
        for template in (_LOOKED_AT, _TRAINED):
            self._open(template)
            document = session.document
            kinds: dict[str, list[str]] = {}
            for call in document.graph.calls:
                kinds.setdefault(document.operation_of(call).class_name, []).append(call)
            several = max(kinds.values(), key=len)
            for chosen in ([next(iter(document.graph.calls))], several[:1], several[:2], []):
                window.canvas.select(chosen)
                QApplication.processEvents()
                self._use_folds()
            window.build.inspector.let_spares_go()  # the rows of boxes of other classes

    def _waited(self, there: Callable[[], bool]) -> bool:
        until = time.monotonic() + REST_SECONDS
        while not there() and time.monotonic() < until:
            QTest.qWait(10)
        return there()


def _draws_one(board: PlotBoard, wanted: Set[str] = frozenset()) -> bool:
    """Whether the curves of one run are drawn, and not those of an earlier one; `wanted`: all of these."""
    runs, cards = board.shown.runs, set(board.cards)
    drawn = board._drawn == board._state()  # else lines may be missing in the legends
    return drawn and len(runs) == 1 and bool(cards) and cards == set(runs[0].names()) and cards >= wanted
