"""Asking about copies of unsaved work that a crash left behind."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.project.choosers import Chooser
from app.project.session import Session
from app.project.unsaved_copies import (
    KEEP_DAYS,
    KEPT,
    UNREADABLE,
    Abandoned,
    Copy,
    abandoned,
    claim,
    keep,
    put_aside,
    read_copy,
)
from app.system.places import state_dir
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import FileError, loads
from resources.os_reasons import os_reason
from resources.text import Text, tr


class Recovery:
    """`parent` is the window that dialogs belong to, `may_leave` asks about what is open.

    `adopt` takes care of copies that were restored."""

    def __init__(
        self,
        session: Session,
        chooser: Chooser,
        parent: Callable[[], QWidget | None],
        may_leave: Callable[[], bool],
        adopt: Callable[[Sequence[Path]], None],
    ) -> None:
        self._session, self._chooser, self._parent = session, chooser, parent
        self._may_leave, self._adopt = may_leave, adopt

    def offer(self) -> bool:
        """Ask about copies that a crash left behind; True when one was restored.

        What is restored stays on the disk until there is a newer copy; what is declined or unreadable is put aside.
        """
        folder = state_dir() / "autosave"
        return any(self._offer(own) for found in abandoned(folder) if (own := claim(folder, found)) is not None)

    def open_kept(self) -> bool:
        """Let the person choose one of the copies that were declined, and restore that."""
        folder = state_dir() / "autosave" / KEPT
        if not any(folder.glob("*.json")):
            self._session.notify(tr("There are no kept copies."))
            return False
        kinds = f"{tr('Copies of unsaved work')} (*.json)"
        path = self._chooser.file_to_open(self._parent(), tr("Open a kept copy"), kinds, folder)
        if path is None:
            return False
        if path.resolve().parent != folder.resolve():  # one from elsewhere could name any project and any file
            text = Text("Only copies that Lamella keeps in {folder} are opened here.", {"folder": str(folder)})
            self._chooser.show_error(self._parent(), text)
            return False
        try:
            copy = read_copy(path)
        except OSError as error:
            reason = os_reason(error)
            text = Text("{file} could not be read: {reason}.", {"file": str(path), "reason": reason})
            self._chooser.show_error(self._parent(), text)
            return False
        document = None if copy is None else _document_of(copy)
        if copy is None or not isinstance(document, Document):
            text = document if isinstance(document, Text) else Text("{file} is no copy.", {"file": path.name})
            self._chooser.show_error(self._parent(), text)
            return False
        if not self._may_leave():
            return False
        self._restore(copy, document)
        return True

    def _offer(self, abandoned: Abandoned) -> bool:
        """Restore the newest copy that can be read, if the person wants it."""
        readable = [(path, copy, document) for path, copy in abandoned.copies
                    if isinstance(document := _document_of(copy), Document)]  # fmt: skip
        whole = {path for path, _, _ in readable}
        self._say_unreadable(put_aside([path for path in abandoned.files if path not in whole], UNREADABLE))
        if not readable:
            return False
        _, copy, document = readable[0]
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(copy.saved))
        if not self._chooser.recover(self._parent(), copy.name, when):
            if keep([path for path, _, _ in readable]):
                text = tr("The copy is kept for {days} days: File > Open a kept copy.", days=KEEP_DAYS)
                self._session.notify(text)
            return False
        self._restore(copy, document)
        self._adopt([path for path, _, _ in readable])
        return True

    def _say_unreadable(self, paths: Sequence[Path]) -> None:
        for path in paths:
            text = tr("A copy of unsaved work could not be read. It lies in {file}.", file=str(path))
            self._session.notify(text, "error")

    def _restore(self, copy: Copy, document: Document) -> None:
        path = Path(copy.project) if copy.project else None
        self._session.replace(document, path, "" if path else copy.name, untitled_runs=copy.runs)
        self._session.history.mark_changed()


def _document_of(copy: Copy) -> Document | Text:
    """The project in a copy, or why there is none."""
    try:
        return loads(copy.content.encode("utf-8"), copy.name)
    except (FileError, UnicodeEncodeError) as error:
        return error.text if isinstance(error, FileError) else Text("{file} is no copy.", {"file": copy.name})
