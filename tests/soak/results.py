"""The rest of a window in what is there after training: Evaluate with its tabs, Look inside, and runs compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, get_args

from PySide6.QtWidgets import QApplication

from app.panels.evaluate.page.panel import EvaluatePanel
from app.panels.inside.detail import MAP, OUTPUT, TAKE, WEIGHTS
from app.panels.runs.comparing.pages import Page
from app.panels.runs.panel import RunsPanel
from app.shell.desktop import Desktop

Waited = Callable[[Callable[[], bool]], bool]
_TABS: Final = ("samples", "slices", "compare", "try", "figures")
_DETAILS: Final = (WEIGHTS, MAP, TAKE, OUTPUT)


class Results:
    """`waited` waits until something is so, and tells whether it came to that; `fault` is told what did not."""

    def __init__(self, desktop: Desktop, waited: Waited, fault: Callable[[str], None]) -> None:
        self._desktop, self._waited, self._fault = desktop, waited, fault

    def evaluate(self) -> None:
        """Evaluate the newest run, which is not known at once, and see each tab."""
        desktop, window = self._desktop, self._desktop.window
        evaluations = desktop.session.evaluations
        window.show_workspace("evaluate")
        page = window.page("evaluate")
        assert isinstance(page, EvaluatePanel)
        page.cancel()
        newest = max(desktop.session.project_runs.folder.iterdir())
        if not self._waited(lambda: evaluations.chosen is not None and evaluations.chosen.folder == newest):
            self._fault("At rest Evaluate found no trained run")
            return
        page.start()
        if not self._waited(lambda: not evaluations.busy and page.shown is not None):
            self._fault("At rest nothing was evaluated")
        for key in _TABS:
            page.show_page(key)
            self._settled(f"At rest the tab {key} of Evaluate waited for an answer for ever")

    def look_inside(self) -> None:
        """Switch it on, see all about the first box, and switch it off."""
        window = self._desktop.window
        window.show_workspace("build")
        mode = window.build.inside
        window.canvas.select([next(iter(self._desktop.session.document.graph.calls))])
        mode.inside.switch(True)
        detail = mode.detail
        assert detail is not None
        for key in _DETAILS:
            detail.tabs.show_key(key)
            detail.refresh()
            self._settled(f"At rest the page {key} of Look inside waited for an answer for ever")
        if not any(look.view is not None for look in mode.boxes.looks.values()):
            self._fault("At rest no box showed what comes out of it")
        mode.inside.switch(False)
        window.canvas.select([])

    def compare(self, page: RunsPanel) -> None:
        """See each page of all runs together."""
        folders = tuple(run.folder for run in page.area.infos)
        page.table.choose(folders)
        for key in get_args(Page):
            page.pages.show_page(key)  # made when what it needs is read
            if not self._waited(lambda: not page.pages.busy):
                self._fault(f"At rest the page {key} of compared runs was not read")
        page.pages.show_page("curves")
        page.table.choose(folders[:1])

    def _settled(self, complaint: str) -> None:
        """A page that is just seen asks at once, or when the loop turns."""
        QApplication.processEvents()
        evaluations = self._desktop.session.evaluations
        if not self._waited(lambda: not evaluations.busy):
            self._fault(complaint)
