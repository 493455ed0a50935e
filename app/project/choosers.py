"""What a person is asked for, a file or a decision. `app/dialogs/chooser.py` asks; tests give their own answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from PySide6.QtWidgets import QDialog, QWidget

from app.project.run_questions import RunInQuestion
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.clips.blocks import Block
from resources.text import Text

SaveAnswer = Literal["save", "discard", "cancel"]
RunAnswer = Literal["stop", "leave", "cancel"]
PausedAnswer = Literal["resume", "keep", "stop", "cancel"]


@dataclass(frozen=True, slots=True)
class PictureLook:
    """How a picture of the graph is drawn; `scale` is pixels for one of the canvas at 100 %."""

    theme: Literal["dark", "light"] = "light"
    transparent: bool = False
    scale: float = 2.0


class Chooser(Protocol):
    def file_to_open(self, parent: QWidget | None, title: str, kinds: str, folder: Path) -> Path | None: ...

    def folder_to_open(self, parent: QWidget | None, title: str, folder: Path) -> Path | None: ...

    def file_to_save(self, parent: QWidget | None, title: str, kinds: str, proposal: Path) -> Path | None: ...

    def save_changes(
        self, parent: QWidget | None, name: str, has_changes: bool = True, training: bool = False
    ) -> SaveAnswer: ...

    def overwrite_foreign(self, parent: QWidget | None, name: str) -> bool: ...

    def close_while_training(self, parent: QWidget | None, runs: Sequence[RunInQuestion]) -> RunAnswer: ...

    def leave_paused(self, parent: QWidget | None, name: str) -> PausedAnswer: ...

    def recover(self, parent: QWidget | None, name: str, when: str) -> bool: ...

    def picture_look(self, parent: QWidget | None, kind: str) -> PictureLook | None: ...

    def confirm(self, parent: QWidget | None, text: str, more: str, yes: str) -> bool: ...

    def block_details(self, parent: QWidget | None, block: Block, title: str, catalog: Catalog) -> Block | None: ...

    def waiting(self, parent: QWidget | None, text: str) -> QDialog:
        """Return what says that something takes a while; it is rejected by who does not want to wait."""
        ...

    def show_error(self, parent: QWidget | None, text: Text) -> None: ...

    def tell_crash(self, parent: QWidget | None, report: Path) -> None: ...
