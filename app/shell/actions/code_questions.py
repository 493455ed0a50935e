"""The dialogs about the project's own code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from app.custom_code.reading import CodeSource
from app.project.choosers import Chooser
from app.project.session import Session
from resources.text import tr

Ask = Callable[[Sequence[CodeSource], str, QWidget | None], bool]


def ask_to_run(sources: Sequence[CodeSource], project: str, parent: QWidget | None) -> bool:
    """Show the code, and whether the person says yes to it."""
    from app.dialogs.run_code import RunCodeDialog

    return RunCodeDialog(sources, project, parent).exec() == QDialog.DialogCode.Accepted


class CodeQuestions(QObject):
    """`parent` is the window that dialogs belong to; `ask` decides whether code may run."""

    def __init__(
        self,
        session: Session,
        chooser: Chooser,
        parent: Callable[[], QWidget | None],
        owner: QObject | None = None,
        ask: Ask = ask_to_run,
    ) -> None:
        super().__init__(owner)
        self.ask = ask
        self._session = session
        self._chooser = chooser
        self._parent = parent
        session.code.question_requested.connect(self.question)

    def question(self) -> None:
        """Ask whether the code may run; the yes is to what was shown, not to what lies there later."""
        code = self._session.code
        code.refresh()
        sources = [source for source in code.sources if source.error is None]
        if code.phase == "asking" and sources and self.ask(sources, self._session.name, self._parent()):
            code.agree(sources)

    def edit_files(self) -> None:
        """Add and remove files, and then ask whether they may run."""
        from app.dialogs.code_files import CodeFilesDialog

        CodeFilesDialog(self._session, self._choose_file, self._parent()).exec()
        if self._session.code.phase == "asking":
            self.question()

    def _choose_file(self) -> Path | None:
        folder = self._session.usual_folder
        path = self._chooser.file_to_open(
            self._parent(), tr("Add custom code"), tr("Python files ({patterns})", patterns="*.py"), folder
        )
        if path is not None:
            self._session.visited(path)
        return path
