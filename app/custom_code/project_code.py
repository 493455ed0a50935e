"""The open project's own code: asks nobody, runs nothing by itself, and knows what may be run and what has been."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from app.custom_code.consent import ConsentStore
from app.custom_code.reading import CodeSource, read_code
from app.custom_code.specs import layer_specs, object_specs
from app.engine.engine_link import EngineLink, EngineState
from app.outside_files.gate import OutsideFiles, unread
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import Problem
from graph_editor.document.custom_code import code_files, code_paths
from graph_editor.document.document import Changes, Document
from resources.text import Text
from runtime.messages.connection import Failed
from runtime.messages.custom_code import CodeLoaded, CodeProblem, LoadCode
from runtime.messages.protocol import Answer
from runtime.spec import CodeFile

Phase = Literal["none", "asking", "loading", "ready"]
PATIENCE_MS: Final = 15_000
_SETTLE_MS: Final = 150  # an editor may write a file in several steps


class ProjectCode(QObject):
    """`phase`: there is no code; a person has to agree to it; it is agreed to, and runs; it has been run.

    Code runs in the engine only. A changed file is another file, to which nobody has agreed.
    """

    changed = Signal()  # phase, problems or what the catalogue has of the code
    question_requested = Signal()  # ask a person whether the code may run
    slow = Signal()  # the code has been running for a while

    def __init__(
        self,
        document: Document,
        catalog: Catalog,
        engine: EngineLink,
        consent: ConsentStore,
        project: Callable[[], Path | None],
        outside: OutsideFiles,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.phase: Phase = "none"
        self.sources: tuple[CodeSource, ...] = ()
        self.problems: list[Problem] = []
        self._document = document
        self._catalog = catalog
        self._engine = engine
        self._consent = consent
        self._project = project
        self._outside = outside
        self._asked = 0
        self._in_engine: tuple[CodeFile, ...] = ()  # what the engine was told to run
        self._stopped: tuple[CodeFile, ...] = ()  # what did not come to an end
        self._watcher: QFileSystemWatcher | None = None
        self._settle, self._patience = (QTimer(self) for _ in range(2))
        for timer, interval in ((self._settle, _SETTLE_MS), (self._patience, PATIENCE_MS)):
            timer.setSingleShot(True)
            timer.setInterval(interval)
        self._settle.timeout.connect(self.refresh)
        self._patience.timeout.connect(self.slow)
        engine.state_changed.connect(self._on_engine_state)

    @property
    def files(self) -> tuple[CodeFile, ...]:
        """All files as they are now, readable or not."""
        return tuple(source.agreed for source in self.sources)

    @property
    def agreed_files(self) -> tuple[CodeFile, ...]:
        """What a trainer may run; nothing unless all of it was agreed to."""
        return self.files if self.sources and self._is_agreed() else ()

    def on_document_changed(self, changes: Changes) -> None:
        if changes.everything:
            self._stopped = ()
        if (
            changes.everything
            or changes.extra
            or (changes.data and len(code_files(self._document)) != len(self.sources))
        ):
            self.refresh()

    def forget_unsaved(self) -> None:
        """Another project is open now."""
        self._consent.forget_unsaved()

    def agree(self, sources: Sequence[CodeSource]) -> None:
        """A person has seen these contents and said yes to running them."""
        self._stopped = ()
        self._consent.agree(self._project(), [source.agreed for source in sources if source.error is None])
        self.refresh()

    def moved(self, agreed: Sequence[CodeFile]) -> None:
        """The project has another file now; what was agreed to before is agreed to there."""
        if agreed:
            self._consent.agree(self._project(), agreed)
        self.refresh()

    def refresh(self) -> None:
        """Look at the files again: run what is agreed to, and take back what is not."""
        project = self._project()
        before = self.sources
        self.sources = self._read(project.parent if project else None)
        self._watch()
        files = self.agreed_files
        if files and files != self._stopped:
            if files != self._in_engine:
                self._load(files)
            return
        if self._in_engine:
            self._load(())
        self._set("asking" if self.sources else "none", self._reading_problems(), differs=before != self.sources)

    def _read(self, folder: Path | None) -> tuple[CodeSource, ...]:
        """The files; those that are not to be touched yet say so."""
        sources: list[CodeSource] = []
        for name, path in zip(code_files(self._document), code_paths(self._document, folder), strict=True):
            sources += [CodeSource(path, error=unread(name))] if self._outside.holds(name) else read_code([path])
        return tuple(sources)

    def restart(self) -> None:
        """End code that does not come to an end, with the engine that it runs in."""
        self._engine.restart()

    def _is_agreed(self) -> bool:
        return all(not source.error for source in self.sources) and self._consent.is_agreed(self._project(), self.files)

    def _load(self, files: tuple[CodeFile, ...]) -> None:
        """Have the engine run these files, as soon as it is there; none: have it forget what it has run."""
        self._catalog.set_custom(())
        if files:
            self._set("loading", [], differs=True)
        if self._engine.state.phase != "ready":
            return
        self._in_engine = files
        self._asked += 1
        number = self._asked
        if files:
            self._patience.start()
        self._engine.request(LoadCode(0, files), lambda answer: self._on_answer(number, answer))

    def _on_answer(self, number: int, answer: Answer) -> None:
        if number != self._asked or not self._in_engine:
            return
        self._patience.stop()
        if isinstance(answer, CodeLoaded):
            self._catalog.set_custom(layer_specs(answer.objects), object_specs(answer.objects))
            self._set("ready", [_problem(problem) for problem in answer.problems], differs=True)
        elif isinstance(answer, Failed):
            self._stopped, self._in_engine = self._in_engine, ()
            self._set("asking", [Problem("error", answer.error, detail=answer.detail, kind="code")], differs=True)

    def _on_engine_state(self, state: EngineState) -> None:
        if state.phase == "ready":
            return  # the session asks for `refresh` before it asks anything else
        if self.phase == "loading" and self._in_engine:
            self._stopped = self._in_engine
            self._patience.stop()
        self._in_engine = ()
        self._asked += 1
        self._catalog.set_custom(())
        if self._stopped and self._stopped == self.files:
            text = Text("The project's code was ended before it came to an end by itself. It is not run again.")
            self._set("asking", [Problem("error", text, kind="code")], differs=True)
        elif self.phase == "ready":
            self._set("loading", [], differs=True)

    def _set(self, phase: Phase, problems: list[Problem], differs: bool) -> None:
        differs = differs or phase != self.phase or problems != self.problems
        if phase in ("none", "asking"):
            self._catalog.set_custom(())
            self._patience.stop()
        self.phase, self.problems = phase, problems
        if differs:
            self.changed.emit()

    def _reading_problems(self) -> list[Problem]:
        problems = [Problem("error", source.error, kind="code") for source in self.sources if source.error]
        if self.sources and not problems and self._stopped != self.files:
            names = ", ".join(source.path.name for source in self.sources)
            text = Text(
                "The project has code of its own ({files}), which runs only if you allow it: “Run the project's "
                "code” in the menu Model.",
                {"files": names},
            )
            problems.append(Problem("warning", text, kind="own_code"))
        return problems or self.problems if self._stopped == self.files and self.sources else problems

    def _watch(self) -> None:
        paths = [str(source.path) for source in self.sources if source.error is None]
        if self._watcher is None:
            if not paths:
                return
            self._watcher = QFileSystemWatcher(self)
            self._watcher.fileChanged.connect(lambda _path: self._settle.start())
        watched = self._watcher.files()
        if gone := [path for path in watched if path not in paths]:
            self._watcher.removePaths(gone)
        if new := [path for path in paths if path not in watched]:
            self._watcher.addPaths(new)


def _problem(problem: CodeProblem) -> Problem:
    return Problem(problem.severity, problem.text, detail=problem.detail, kind="code")
