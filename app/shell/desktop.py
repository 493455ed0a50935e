"""The desktop application: one session, one window at a time, and what belongs to neither."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.commands.command import Group
from app.engine.run_controller import RunController
from app.look.preferences import Preferences
from app.outside_files.asking import may_be_read
from app.project.autosave import Autosave
from app.project.choosers import Chooser, RunAnswer
from app.project.exports import Exporter
from app.project.project_files import Beginning, ProjectFiles
from app.project.recovery import Recovery
from app.project.run_finder import RunFinder
from app.project.run_questions import RunInQuestion
from app.project.session import Session
from app.shell.actions.block_actions import BlockActions
from app.shell.actions.code_questions import CodeQuestions
from app.shell.actions.report_writer import ReportWriter
from app.shell.window.main_window import MainWindow
from app.system.crash_trace import report_of_crash
from app.system.leftovers import sweep_beside, sweep_own_places
from app.system.places import keep_private, state_dir
from app.system.settings import SettingsStore
from app.system.waiting import wait_for
from graph_editor.background.background import Background
from graph_editor.view.painting import motion
from resources.text import Text, tr
from runtime.data_kinds import data_kinds


class Desktop(QObject):
    """Owns the session and the window. A change of the language makes a new window; a change of the theme does not.

    `make_groups` makes the menus of a window.
    """

    finished = Signal()  # the window was closed for good

    def __init__(
        self,
        session: Session,
        store: SettingsStore,
        preferences: Preferences,
        chooser: Chooser,
        choose_template: Callable[[Desktop], Beginning | None],
        make_groups: Callable[[Desktop, MainWindow], Sequence[Group]],
    ) -> None:
        super().__init__()
        self.session = session
        self.store = store
        self._chooser = chooser
        self._make_groups = make_groups
        self.preferences = preferences
        self.background = Background(self)
        self._closing = False
        self._window: MainWindow | None = None
        self._unread: Text | None = None
        self.autosave = Autosave(session, state_dir() / "autosave", self)
        self.files = ProjectFiles(
            session,
            store,
            chooser,
            lambda: self._window,
            lambda: choose_template(self),
            self._finish_typing,
        )
        self.recovery = Recovery(session, chooser, lambda: self._window, self.files.may_leave, self.autosave.adopt)
        session.outside.question_requested.connect(self.files.ask_about_outside)
        session.evaluations.may_read = self._may_read_of_run
        session.navigation.run_project_requested.connect(self.files.go_back_to)
        self.code = CodeQuestions(session, chooser, lambda: self._window, self)
        self.blocks = BlockActions(session, chooser, lambda: self._window, self)
        self.exporter = Exporter(session, chooser, self.background)
        self.report_writer = ReportWriter(session, chooser, self.background)
        session.document_replaced.connect(self._on_document_replaced)
        self.finder = RunFinder(session, self.background, self)
        self.preferences.changed.connect(self._on_preference)
        self.preferences.language_changed.connect(self.show_in_language)

    @property
    def window(self) -> MainWindow:
        """The window, made when first asked for."""
        if self._window is None:
            self._window = self._make_window()
        return self._window

    def show_in_language(self, _code: str) -> None:
        """Make the window anew, in the language that is spoken now, at the same place."""
        if self._window is None:
            return
        old, workspace = self._window, self._window.workspace
        old.remember()
        self._window = self._make_window()
        self._window.show_workspace(workspace)
        self._window.setGeometry(old.geometry())
        if old.isVisible():
            self._window.show()
        old.discard()

    def open_quietly(self, path: Path) -> None:
        """Open `path` before the window is on the screen; what goes wrong is said by `greet`."""
        self._unread = self.files.read(path)

    def greet(self, path: Path | None) -> None:
        """After the first frame: say what could not be opened, offer what a crash left behind, else a template."""
        self.autosave.start()
        self.finder.start()
        self.background.run(self, motion.system_reduces)  # so that nobody waits for it later
        self.background.run(self, data_kinds)
        self.background.run(self, keep_private)
        recent = [Path(text) for text in self.store.values.recent]
        self.background.run(self, lambda: sweep_own_places() + sweep_beside(recent))
        if self._unread is not None:
            self._chooser.show_error(self._window, self._unread)
        report = report_of_crash(state_dir())
        if report is not None:
            self._chooser.tell_crash(self._window, report)
        restored = self.recovery.offer()
        self.files.ask_about_outside()
        if path is None and not restored:
            self.files.new()

    def welcome(self) -> bool:
        """Show the card of the first start again; whether a project was begun."""
        self.store.values.welcomed = False
        return self.files.new()

    def close(self) -> None:
        """End everything that runs beside the window."""
        self.preferences.end()
        self.finder.stop()
        self.session.close()
        self.session.engine.stop()
        self.background.close()
        self.autosave.end()

    def may_close(self) -> bool:
        """Ask about a run and about unsaved changes."""
        if self._closing:
            return False
        self._closing = True
        try:
            answer = self._ask_about_runs()
            if answer == "cancel" or not self.files.may_lose_changes():
                return False  # the window stays, and with it the runs in it
            self._let_go(answer)
            return True
        finally:
            self._closing = False

    def _on_document_replaced(self) -> None:
        path = self.session.path
        if path is not None:
            self.background.run(self, lambda: sweep_beside([path]))

    def _may_read_of_run(self, names: tuple[str, ...]) -> bool:
        question = tr("This run read files outside the project's folder. Read them?")
        why = tr("Read them if you know where the run comes from.")
        return may_be_read(partial(self._chooser.confirm, self._window), question, why, names)

    def _finish_typing(self) -> None:
        if self._window is not None:
            self._window.build.inspector.commit()

    def _ask_about_runs(self) -> RunAnswer:
        owner = self.session.owner
        states = [
            RunInQuestion(run.owner.name, run.paused, run.owner.path is not None, run.owner.is_same_project(owner))
            for run in self.session.runs.active
        ]
        return self._chooser.close_while_training(self._window, states) if states else "leave"

    def _let_go(self, answer: RunAnswer) -> None:
        runs = self.session.runs.active
        for run in runs:
            if answer == "stop":
                run.stop()  # it saves its model and ends by itself
            else:
                run.resume()  # who closes the window wants to see its end
        if runs:
            wait_for(lambda: _detach(runs))  # one that is just starting cannot hear it at once

    def show_run(self, run: RunController) -> None:
        """Show the project of a run, after the question about the open one, and the run itself."""
        owner = run.owner
        if not owner.is_same_project(self.session.owner):
            opened = (
                self.files.open_path(owner.path)
                if owner.path is not None
                else self.files.open_untitled(run.folder, owner.name)
            )
            if not opened:
                return
        self.window.show_workspace("train")

    def _make_window(self) -> MainWindow:
        window = MainWindow(
            self.session,
            self.store,
            self.preferences.look,
            self._chooser,
            self.background,
            lambda window: self._make_groups(self, window),
            self.may_close,
        )
        window.closed.connect(self.finished)
        window.drops.project_dropped.connect(self.files.open_path)
        window.status.other_runs.show_requested.connect(self.show_run)
        self.blocks.attach(window)
        return window

    def _on_preference(self) -> None:
        if self._window is not None:
            self._window.commands.refresh()


def _detach(runs: Sequence[RunController]) -> None:
    for run in runs:
        run.detach()
