"""What of a project that came from elsewhere is not touched before a person has said yes to it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.outside_files.finding import FILE, READ, is_outside, named_files, outside_files
from app.system.agreements import Agreements
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import Document
from resources.text import Text


class OutsideFiles(QObject):
    """`pending`: files outside of the project's folder that its file named when it was opened, and nobody agreed to.

    Only those: what a person chooses in a dialog, or drops, from then on is theirs. What was agreed to is remembered by
    project and by the names of the files, in the state folder.
    """

    changed = Signal()  # pending is less
    question_requested = Signal()  # ask a person whether these may be read

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pending: tuple[str, ...] = ()
        self._agreements = Agreements(folder / FILE)

    def opened(self, document: Document, project: Path | None) -> None:
        """Before anything of the document is read. A project without a file was made here."""
        paths = outside_files(document, project.absolute().parent) if project is not None else ()
        known = self._agreements.of(project) if project is not None and paths else {}
        self.pending = tuple(name for name in paths if known.get(name) != READ)

    def strange(self, names: Iterable[str], document: Document, project: Path | None) -> tuple[str, ...]:
        """Those of `names`, which another file brings along, that a person has to be asked about before they are taken.

        Not those that the project has anyway, or had when it was last agreed to.
        """
        here = set(named_files(document)) - set(self.pending)
        agreed = self._agreements.of(project) if project is not None else {}
        return tuple(
            name
            for name in names
            if name not in here
            and agreed.get(name) != READ
            and (project is None or is_outside(name, project.absolute().parent))
        )

    def holds(self, name: object) -> bool:
        """Whether the file with this name in the project is not to be touched."""
        return name in self.pending

    def agree(self, document: Document, project: Path | None) -> None:
        """A person has seen the names and said yes."""
        self.pending = ()
        self.saved(document, project)
        self.changed.emit()

    def chosen(self, name: str) -> None:
        """A person has chosen this very file."""
        if name in self.pending:
            self.pending = tuple(other for other in self.pending if other != name)
            self.changed.emit()

    def saved(self, document: Document, project: Path | None) -> None:
        """The project is in this file now: what it names by then, and is not pending, was chosen here."""
        if project is not None:
            names = outside_files(document, project.absolute().parent)
            self._agreements.keep(project, {name: READ for name in names if name not in self.pending})

    def problems(self) -> list[Problem]:
        return [Problem("error", unread(name), kind="data") for name in self.pending]


def unread(name: str) -> Text:
    return Text("{file} lies outside the project's folder and is not read yet.", {"file": name})
