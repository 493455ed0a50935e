"""The blocks there are: those that ship, and the user's own, which are the files of one folder."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from app.blocks.wording import in_words
from app.system.places import RESOURCES
from graph_editor.document.clips.blocks import MAX_BYTES, SUFFIX, Block, load_block, save_block
from graph_editor.document.files.file_format import FileError
from resources.os_reasons import os_reason
from resources.private_files import narrow_file, private_folder
from resources.regular_files import read_regular
from resources.text import Text, tr

SHIPPED_FOLDER: Final = RESOURCES / "blocks"
_ORDER: Final = (
    "conv-bn-relu",
    "residual",
    "bottleneck",
    "inception",
    "squeeze-excite",
    "transformer",
    "mlp",
    "nested-model",
)
_ALSO: Final = {  # what else people may type who look for it
    "residual": "ResNet",
    "bottleneck": "ResNet",
    "inception": "GoogLeNet",
    "squeeze-excite": "SE",
    "transformer": "attention",
    "nested-model": "Sequential Functional",
}
_MOST: Final = 500  # files that are read; more are no collection any more
_LONGEST: Final = 60
_SETTLE: Final = 120  # milliseconds: a folder changes several times while one file is written
_SLICE: Final = 0.02  # seconds that reading may take at once
_log = logging.getLogger(__name__)
_Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class BlockEntry:
    """A block as people see it; ``words`` are what else it is found by."""

    path: Path
    block: Block
    shipped: bool
    words: str


class BlockLibrary(QObject):
    """Reads the files when somebody first asks, and follows what happens in the folder from then on."""

    changed = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._shipped: list[tuple[Path, Block]] | None = None
        self._own: dict[Path, tuple[_Stamp, Block | None]] = {}
        self._watcher: QFileSystemWatcher | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE)
        self._timer.timeout.connect(self.refresh)

    @property
    def shipped(self) -> list[BlockEntry]:
        if self._shipped is None:
            paths = [SHIPPED_FOLDER / f"{key}{SUFFIX}" for key in _ORDER]
            self._shipped = [(path, load_block(path)) for path in paths]
        return [BlockEntry(path, in_words(block), True, _words(path, block)) for path, block in self._shipped]

    @property
    def own(self) -> list[BlockEntry]:
        """The user's blocks by name; a file that is none is passed over."""
        if self._watcher is None:
            self._watch()
            self._read()  # `changed` follows when that was not all
        found = [BlockEntry(path, block, False, path.stem) for path, (_, block) in self._own.items() if block]
        return sorted(found, key=lambda entry: entry.block.name.casefold())

    @property
    def entries(self) -> list[BlockEntry]:
        return [*self.own, *self.shipped]

    def find(self, text: str) -> list[BlockEntry]:
        """The blocks in whose names all words of ``text`` are; those that begin with it first."""
        words = text.casefold().split()
        found = [entry for entry in self.entries if all(word in _sought(entry) for word in words)]
        return sorted(found, key=lambda entry: not entry.block.name.casefold().startswith(text.strip().casefold()))

    def blocks(self, text: str) -> Sequence[Block]:
        """Return what a search on the canvas offers."""
        return [entry.block for entry in self.find(text)]

    def refresh(self) -> None:
        """Look at the folder again, a slice of time long; the rest follows by itself."""
        self._watch()
        if self._read():
            self.changed.emit()

    # What can be done

    def path_for(self, name: str) -> Path:
        """Return where a block of that name is kept."""
        kept = re.sub(r"[^\w\-]+", "-", name, flags=re.UNICODE).strip("-_")[:_LONGEST] or "block"
        return self.folder / f"{kept}{SUFFIX}"

    def save(self, block: Block, path: Path) -> None:
        """Raises FileError."""
        with contextlib.suppress(OSError):  # saving says why
            private_folder(path.parent)
        save_block(block, path)
        try:
            narrow_file(path)
        except OSError as error:  # the folder is private, so nobody can look into it
            _log.warning("%s stays readable for others: %s", path, error)
        self.refresh()

    def bring_in(self, path: Path) -> Path:
        """Put a copy of a block file among the user's own; where it is now. Raises FileError."""
        block = load_block(path)
        if path.resolve().parent in (self.folder.resolve(), SHIPPED_FOLDER):
            return path
        target, number = self.path_for(block.name), 1
        while target.exists() and _content(target) != _content(path):
            number += 1
            target = self.path_for(f"{block.name}-{number}")
        if not target.exists():
            self.save(block, target)
        return target

    def remove(self, path: Path) -> None:
        """Raises FileError."""
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            reason = os_reason(error)
            raise FileError(
                Text("{file} could not be deleted: {reason}.", {"file": str(path), "reason": reason})
            ) from error
        self.refresh()

    def _watch(self) -> None:
        if self._watcher is None:
            self._watcher = QFileSystemWatcher(self)
            self._watcher.directoryChanged.connect(lambda _path: self._timer.start())
        if self.folder.is_dir() and str(self.folder) not in self._watcher.directories():
            self._watcher.addPath(str(self.folder))

    def _read(self) -> bool:
        """Whether anything is new. What there was no time for is read in the next round of events."""
        before = {path: stamp for path, (stamp, _) in self._own.items()}
        blocks_by_path: dict[Path, tuple[_Stamp, Block | None]] = {}
        until, late = monotonic() + _SLICE, False
        for path in sorted(self.folder.glob(f"*{SUFFIX}"))[:_MOST] if self.folder.is_dir() else []:
            stamp, earlier = _stamp(path), self._own.get(path)
            if stamp is not None and earlier is not None and earlier[0] == stamp:
                blocks_by_path[path] = earlier
            elif stamp is not None and monotonic() < until:
                blocks_by_path[path] = (stamp, _readable(path))
            elif stamp is not None:
                late = True
        self._own = blocks_by_path
        if late:
            QTimer.singleShot(0, self, self.refresh)
        return before != {path: stamp for path, (stamp, _) in blocks_by_path.items()}


def _words(path: Path, block: Block) -> str:
    return f"{block.name} {_ALSO.get(path.name.removesuffix(SUFFIX), '')}"


def _sought(entry: BlockEntry) -> str:
    return f"{entry.block.name} {entry.words} {tr('Block')} block".casefold()


def _stamp(path: Path) -> _Stamp | None:
    try:
        facts = path.stat()
    except OSError:  # it has just gone
        return None
    return facts.st_mtime_ns, facts.st_size


def _readable(path: Path) -> Block | None:
    try:
        return load_block(path)
    except FileError as error:
        _log.warning("A block is passed over: %s", error)
        return None


def _content(path: Path) -> bytes:
    try:
        return read_regular(path, MAX_BYTES)
    except OSError:
        return b""
