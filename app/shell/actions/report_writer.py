"""Reports from the window: the command line's verb writes them, in a process of its own, since it draws."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from app.model_files.reader import program_environment, reader_command
from app.project.choosers import Chooser
from app.project.saving import ask_where
from app.project.session import Session
from graph_editor.background.background import Background
from graph_editor.background.task import Task
from resources.text import Text, language, tr

_SECONDS: Final = 120.0


class ReportError(Exception):
    """`text` is what the verb said."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class ReportWriter:
    """Writes about the run that Evaluate is about."""

    def __init__(self, session: Session, chooser: Chooser, background: Background) -> None:
        self._session, self._chooser, self._background = session, chooser, background

    def can(self) -> bool:
        """Before anybody has looked at the runs it is not known which there are."""
        session = self._session
        return self._run() is not None or (not session.evaluations.is_read and session.project_runs.folder.is_dir())

    def ask(self, suffix: str, parent: QWidget) -> None:
        """Ask where to, and write it; a notice tells how that went."""
        evaluations = self._session.evaluations
        if self._run() is None and not evaluations.is_read:
            evaluations.when_read(lambda: self._ask(suffix, parent))
        else:
            self._ask(suffix, parent)

    def _ask(self, suffix: str, parent: QWidget) -> None:
        session, run = self._session, self._run()
        if run is None:
            session.notify(tr("There is no trained model yet: train one first."), "error")
            return
        proposal = session.usual_folder / f"{session.name} {run.name}{suffix}"
        kinds = f"{suffix} (*{suffix})"
        path = ask_where(
            self._chooser, parent, tr("Report of a run"), kinds, proposal, suffix, session.refuse_to_replace
        )
        if path is None:
            return
        session.visited(path)
        session.notify(tr("Writing {file}…", file=path.name))
        self._background.run(parent, lambda: write(run, path, language()), lambda task: self._told(path, task))

    def _run(self) -> Path | None:
        chosen = self._session.evaluations.chosen
        return chosen.folder if chosen is not None else None

    def _told(self, path: Path, task: Task[None]) -> None:
        if task.error is None:
            self._session.notify(tr("Saved {file}", file=path.name), "ok")
            return
        reason = task.error.text if isinstance(task.error, ReportError) else str(task.error)
        self._session.notify(tr("{file} was not saved: {reason}", file=path.name, reason=reason), "error")


def write(run: Path, path: Path, code: str) -> None:
    """Raises ReportError, OSError."""
    import subprocess  # the window is painted before it is needed

    command = [*reader_command("report"), str(run.parent), "--run", run.name, "-o", str(path), "--force"]
    try:
        done = subprocess.run(
            [*command, "--language", code],
            env=program_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ReportError(str(Text("It took too long."))) from error
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise ReportError(lines[-1] if lines else str(done.returncode))
