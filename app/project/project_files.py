"""New, open and save, with the question before changes are lost."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import CancelledError
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.model_files.reader import ModelReader
from app.outside_files.asking import may_be_read
from app.outside_files.own_files import refusal
from app.project.choosers import Chooser, PausedAnswer
from app.project.model_import import PATTERNS, Opened, open_any, settled_training
from app.project.runs_home import UnsavedRuns
from app.project.saving import ask_where
from app.project.session import Session
from app.system.settings import SettingsStore
from app.system.waiting import Patience, wait_for
from graph_editor.document.changes.commands import set_training
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import MAX_BYTES, FileError, save
from resources.regular_files import FileTooLargeError, NotRegularFileError, read_regular
from resources.text import Text, tr
from resources.training.sections import INITIAL_WEIGHTS
from runtime.store import PROJECT_FILE

SUFFIX = ".lamella"
Beginning = Document | Path | UnsavedRuns  # a new project, a file, or a project without a file that has runs


class ProjectFiles:
    """`parent` is the window that dialogs belong to, `finish_typing` takes over half-typed texts.

    A method that fails shows one sentence and returns False.
    """

    def __init__(
        self,
        session: Session,
        store: SettingsStore,
        chooser: Chooser,
        parent: Callable[[], QWidget | None],
        choose_template: Callable[[], Beginning | None],
        finish_typing: Callable[[], None],
    ) -> None:
        self._session = session
        if store.values.recent:
            session.visited(Path(store.values.recent[0]))
        self._store = store
        self._chooser = chooser
        self._parent = parent
        self._choose_template = choose_template
        self._finish_typing = finish_typing
        self._busy = False
        self._reader = ModelReader()  # for the next file
        self._known: tuple[Path, bytes] | None = None  # the project's file, and a digest of it as it was last seen here

    def new(self) -> bool:
        """A new project from a template, after the question about the old one."""
        if not self.may_leave():
            return False
        start = self._choose_template()
        if isinstance(start, Path):
            return self._open_quietly(start)
        if isinstance(start, UnsavedRuns):
            return self.open_untitled(start.latest.folder, start.latest.name, is_asked=True)
        if start is not None:
            self._session.replace(start, None)
            self._session.navigation.show_workspace("build")  # where what was chosen can be seen
        return start is not None

    def new_from(self, make: Callable[[], Document]) -> bool:
        """A new project with what `make` makes, after the question about the old one."""
        if not self.may_leave():
            return False
        self._session.replace(make(), None)
        return True

    def open(self) -> bool:
        """Ask for a project and open it."""
        path = self.ask()
        return path is not None and self.open_path(path)

    def ask(self) -> Path | None:
        """Let the person choose a project or a model."""
        kinds = tr("Projects and Keras models ({patterns})", patterns=f"*{SUFFIX} {PATTERNS}")
        self._reader.prepare()  # it starts while the person chooses
        path = self._chooser.file_to_open(self._parent(), tr("Open a project"), kinds, self._folder())
        if path is None:
            self._reader.close()
        return path

    def open_path(self, path: Path) -> bool:
        """Open the project or the model at `path`; when it cannot be read, what is open stays untouched."""
        opened = self._load(path)  # before the question: who is asked to give up changes gets something for them
        if not isinstance(opened, Opened):
            self._say(opened)
            return False
        if self._session.path is not None and self._session.path == path.resolve():
            return self.may_lose_changes() and self._open_quietly(path)  # it may just have been saved
        if not self.may_leave():
            return False
        self._show(opened, path)
        self.ask_about_outside()
        return True

    def ask_about_outside(self) -> None:
        """A project from elsewhere may name any file of this machine, or of another: none is touched unasked."""
        session = self._session
        names = session.outside.pending
        if not names:
            return
        text = tr("{name} names files outside its own folder. Read them?", name=session.name)
        why = tr("Read them if you know where the project comes from. Until then it is shown without them.")
        if may_be_read(partial(self._chooser.confirm, self._parent()), text, why, names):
            session.outside.agree(session.document, session.path)

    def open_untitled(self, run: Path, name: str, is_asked: bool = False) -> bool:
        """Open a project without a file, called `name`, as it was when the run in the folder `run` was started.

        `is_asked`: the old project may go.
        """
        opened = self._load(run / PROJECT_FILE)
        if not isinstance(opened, Opened):
            self._say(opened)
            return False
        if not is_asked and not self.may_leave():
            return False
        self._session.replace(opened.document, None, name, run.parent.name)
        return True

    def go_back_to(self, run: Path) -> bool:
        """Show the open project as it was when its run in the folder `run` was started. It counts as changed."""
        opened = self._load(run / PROJECT_FILE)
        if not isinstance(opened, Opened):
            self._say(opened)
            return False
        if not self.may_leave():
            return False
        session = self._session
        session.replace(opened.document, session.path, session.name, session.project_runs.untitled_name)
        session.history.mark_changed()
        session.evaluations.choose_folder(run)
        return True

    def _open_quietly(self, path: Path) -> bool:
        failure = self.read(path)
        if failure is not None:
            self._chooser.show_error(self._parent(), failure)
        else:
            self.ask_about_outside()
        return failure is None

    def read(self, path: Path) -> Text | None:
        """Open without a question; the reason when it cannot be read."""
        opened = self._load(path)
        if not isinstance(opened, Opened):
            return opened or Text("{file} was not opened.", {"file": path.name})
        self._show(opened, path)
        return None

    def _say(self, failure: Text | None) -> None:
        """None: a person did not want to wait, and knows it."""
        if failure is not None:
            self._chooser.show_error(self._parent(), failure)

    def _load(self, path: Path) -> Opened | Text | None:
        """Return what is in the file, why it cannot be read, or None when a person did not want to wait for it.

        A disk may be slow, and a network gone: the window waits without standing still.
        """
        reader, self._reader = self._reader, ModelReader()
        text = tr("Reading {file}…", file=path.name)
        patience = Patience(lambda: self._chooser.waiting(self._parent(), text), reader.cancel)
        try:
            return wait_for(lambda: open_any(path, reader), patience)
        except FileError as error:
            self._store.forget_recent(str(path))
            return error.text
        except CancelledError:
            return None
        finally:
            reader.close()

    def _show(self, opened: Opened, path: Path) -> None:
        if opened.model:
            self._session.replace(opened.document, None, path.stem)
            self._tell(opened, path)
        else:
            self._session.replace(opened.document, path.resolve())
            self._remember(path.resolve())
        self._session.visited(path.resolve())
        self._store.add_recent(path)

    def _tell(self, opened: Opened, path: Path) -> None:
        """Say what became of a model file."""
        weights = opened.document.training.get(INITIAL_WEIGHTS)
        sentence = tr("Training starts from the weights of {file}.", file=path.name) if weights else ""
        if opened.notes:
            details = "\n".join(map(str, opened.notes))
            text = tr(
                "{count} things of {file} could not be kept as they were.", count=len(opened.notes), file=path.name
            )
            self._session.notify(text, "info", f"{details}\n{sentence}".strip())
        elif sentence:
            self._session.notify(sentence)

    def save(self) -> bool:
        """Save where the project lies; a project without changes is left alone, a new one is asked about."""
        self._finish_typing()
        path = self._session.path
        if path is None:
            return self.save_as()
        if not self._session.changed:
            return True
        if self._is_foreign(path) and not self._chooser.overwrite_foreign(self._parent(), path.name):
            return False
        return self._write(path)

    def save_as(self) -> bool:
        """Ask where to save."""
        if self._busy:
            return False
        self._finish_typing()
        self._busy = True
        try:
            proposal = self._session.path or self._folder() / f"{self._session.name}{SUFFIX}"
            kinds = tr("Lamella projects (*.lamella)")
            path = ask_where(
                self._chooser, self._parent(), tr("Save the project"), kinds, proposal, SUFFIX, self._refuse
            )
        finally:
            self._busy = False
        if path is None:
            return False
        return self._write(path)

    def _refuse(self, target: Path) -> Text | None:
        return refusal(target, self._session.document, self._session.path, saving=True)

    def may_lose_changes(self) -> bool:
        """True when there are none, when they are saved now, or when they may go.

        A project that trains and has no file is asked about as well: its runs come along to the file that it gets.
        """
        self._finish_typing()
        run, has_changes = self._session.training.run, self._session.changed
        training = self._session.path is None and run is not None and run.active
        if not has_changes and not training:
            return True
        answer = self._chooser.save_changes(self._parent(), self._session.name, has_changes, training)
        return self.save() if answer == "save" else answer == "discard"

    def may_leave(self) -> bool:
        """Before another project is shown: ask about a run that waits, and about changes. True when it may be."""
        run = self._session.training.run
        answer: PausedAnswer = "keep"
        if run is not None and run.active and run.paused:
            answer = self._chooser.leave_paused(self._parent(), self._session.name)
        if answer == "cancel" or not self.may_lose_changes():
            return False
        if run is not None and answer == "resume":
            run.resume()
        elif run is not None and answer == "stop":
            run.stop()
        return True

    def _write(self, path: Path) -> bool:
        document = self._session.document
        if not self._session.outside.holds(document.training.get(INITIAL_WEIGHTS)):  # else not even to be looked for
            training = settled_training(document.training, self._session.project_folder, path)
            self._session.edit(Text("Note where the weights lie"), set_training(document, training))
        try:
            save(self._session.document, path)
        except FileError as error:
            self._chooser.show_error(self._parent(), error.text)
            return False
        self._session.visited(path.resolve())
        self._session.saved_as(path.resolve())
        self._remember(path.resolve())
        self._store.add_recent(path)
        return True

    def _remember(self, path: Path) -> None:
        digest = _digest(path)
        self._known = (path, digest) if digest is not None else None

    def _is_foreign(self, path: Path) -> bool:
        """Whether somebody else has written the file since it was read or saved here."""
        digest = _digest(path)
        return self._known is not None and self._known[0] == path and digest not in (None, self._known[1])

    def _folder(self) -> Path:
        return self._session.usual_folder


def _digest(path: Path) -> bytes | None:
    """A digest of a file's content; None when there is no such file."""
    try:
        return hashlib.sha256(read_regular(path, MAX_BYTES)).digest()
    except (FileTooLargeError, NotRegularFileError):
        return b"no project"  # unlike any digest: somebody has put something else there
    except OSError:
        return None
