"""The user's settings: one versioned JSON file, written atomically."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from resources.private_files import write_private
from resources.regular_files import read_regular

VERSION: Final = 1
RECENT_LIMIT: Final = 10
_MOST_BYTES: Final = 4 * 2**20
_log = logging.getLogger(__name__)


class Settings(msgspec.Struct, kw_only=True):
    """What is remembered between sessions. Unknown keys are ignored, wrong types count as a broken file."""

    version: int = VERSION
    theme: str = "system"  # or a theme's name
    motion: str = "system"  # or "full", "reduced"
    language: str = ""  # empty: that of the system
    recent: list[str] = []
    geometry: str = ""  # of the window, as Qt saves it, in base 64
    build_sizes: list[int] = []  # widths of palette, canvas and inspector
    drawer_open: bool = False
    welcomed: bool = False  # the card for those who start Lamella for the first time was shown


class SettingsStore:
    """Reads the settings of `folder` once and writes them after each change. A broken file is set aside, not fatal."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "settings.json"
        self.values = self._read()

    def change(self, change: Callable[[Settings], None]) -> None:
        change(self.values)
        self.save()

    def save(self) -> None:
        """A disk that refuses costs the settings, not the work: it is logged."""
        try:
            write_private(self.path, msgspec.json.format(msgspec.json.encode(self.values), indent=2))
        except OSError as error:
            _log.warning("The settings could not be saved: %s", error)

    def add_recent(self, path: Path) -> None:
        text = str(path.resolve())
        others = [entry for entry in self.values.recent if entry != text]
        self.values.recent = [text, *others][:RECENT_LIMIT]
        self.save()

    def forget_recent(self, path: str) -> None:
        self.values.recent = [entry for entry in self.values.recent if entry != path]
        self.save()

    def _read(self) -> Settings:
        try:
            content = read_regular(self.path, _MOST_BYTES)
        except FileNotFoundError:
            return Settings()
        except OSError as error:
            _log.warning("The settings could not be read: %s", error)
            return Settings()
        try:
            return msgspec.convert(migrate(msgspec.json.decode(content)), Settings)
        except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
            _log.warning("The settings were broken and are set aside: %s", error)
            self._set_aside()
            return Settings()

    def _set_aside(self) -> None:
        try:
            self.path.replace(self.path.with_suffix(".broken.json"))
        except OSError as error:
            _log.warning("The broken settings stay where they are: %s", error)


_MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


def migrate(content: object) -> dict[str, Any]:
    """Bring settings of an older version to this one, a step at a time. ValueError when they are no settings at all."""
    if not isinstance(content, dict):
        raise ValueError("not an object")
    version = content.get("version", VERSION)
    while isinstance(version, int) and version < VERSION:
        content = _MIGRATIONS[version](content)
        version += 1
    return {**content, "version": VERSION}
