"""File: projects and exports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from app.commands.command import Command, Group
from app.project.exports import EXPORTS
from resources.text import tr

if TYPE_CHECKING:
    from app.shell.desktop import Desktop
    from app.shell.window.main_window import MainWindow

_Key = QKeySequence.StandardKey


def group(window: MainWindow, desktop: Desktop) -> Group:
    files = desktop.files
    return Group(
        "file",
        tr("File"),
        (
            Command("file.new", lambda: tr("New from template…"), files.new, (_Key.New,)),
            Command("file.open", lambda: tr("Open…"), files.open, (_Key.Open,)),
            Command("file.recent", lambda: tr("Open recent"), submenu=lambda: _recent(desktop)),
            Command("file.kept", lambda: tr("Open a kept copy…"), desktop.recovery.open_kept),
            None,
            Command("file.save", lambda: tr("Save"), files.save, (_Key.Save,)),
            Command("file.save_as", lambda: tr("Save as…"), files.save_as, ("Ctrl+Shift+S",)),
            Command("file.export", lambda: tr("Export"), submenu=lambda: _exports(window, desktop)),
            None,
            Command("file.quit", lambda: tr("Quit"), window.close, ("Ctrl+Q",)),
        ),
    )


def _recent(desktop: Desktop) -> Sequence[Command]:
    def make(number: int, text: str) -> Command:
        path = Path(text)
        title = f"{path.name}  —  {_short(path.parent)}"
        return Command(f"file.recent.{number}", lambda: title, lambda: desktop.files.open_path(path))

    entries = [make(number, text) for number, text in enumerate(desktop.store.values.recent)]
    return entries or [Command("file.recent.none", lambda: tr("Nothing yet"), enabled=lambda: False)]


def _exports(window: MainWindow, desktop: Desktop) -> Sequence[Command]:
    def make(kind: str, title: str) -> Command:
        return Command(f"file.export.{kind}", lambda: title, lambda: desktop.exporter.export(kind, window))

    return [make(export.kind, str(export.title)) for export in EXPORTS]


def _short(folder: Path) -> str:
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except ValueError:
        return str(folder)
