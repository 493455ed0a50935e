"""File: projects and exports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from app.commands.command import Command, Group
from app.project.export_formats import export_formats
from app.project.exports import Exporter
from resources.text import tr

if TYPE_CHECKING:
    from app.project.project_files import ProjectFiles
    from app.project.recovery import Recovery
    from app.shell.window.main_window import MainWindow
    from app.system.settings import SettingsStore

_Key = QKeySequence.StandardKey


def group(
    window: MainWindow, files: ProjectFiles, recovery: Recovery, exporter: Exporter, store: SettingsStore
) -> Group:
    return Group(
        "file",
        tr("File"),
        (
            Command("file.new", lambda: tr("New from template…"), files.new, (_Key.New,)),
            Command("file.open", lambda: tr("Open…"), files.open, (_Key.Open,)),
            Command("file.recent", lambda: tr("Open recent"), submenu=lambda: _recent(files, store)),
            Command("file.kept", lambda: tr("Open a kept copy…"), recovery.open_kept),
            None,
            Command("file.save", lambda: tr("Save"), files.save, (_Key.Save,)),
            Command("file.save_as", lambda: tr("Save as…"), files.save_as, ("Ctrl+Shift+S",)),
            Command("file.export", lambda: tr("Export"), submenu=lambda: _exports(window, exporter)),
            None,
            Command("file.quit", lambda: tr("Quit"), window.close, ("Ctrl+Q",)),
        ),
    )


def _recent(files: ProjectFiles, store: SettingsStore) -> Sequence[Command]:
    def make(number: int, text: str) -> Command:
        path = Path(text)
        title = f"{path.name}  —  {_short(path.parent)}"
        return Command(f"file.recent.{number}", lambda: title, lambda: files.open_path(path))

    entries = [make(number, text) for number, text in enumerate(store.values.recent)]
    return entries or [Command("file.recent.none", lambda: tr("Nothing yet"), enabled=lambda: False)]


def _exports(window: MainWindow, exporter: Exporter) -> Sequence[Command]:
    def make(kind: str, title: str) -> Command:
        return Command(f"file.export.{kind}", lambda: title, lambda: exporter.export(kind, window, window.canvas))

    return [make(entry.key, str(entry.title)) for entry in export_formats()]


def _short(folder: Path) -> str:
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except ValueError:
        return str(folder)
