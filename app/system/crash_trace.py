"""Where Python stood when the process died: written into the state folder, told at the next start.

Every window writes into a file of its own, whose name says whose it is. An orderly end takes the file away; an end by
`kill -9` or a power cut leaves it empty, which means nothing. A file with a trace is moved aside when it was told, so
that it is told once.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import platform
import time
from importlib import metadata
from pathlib import Path
from typing import Final, TextIO

from resources.private_files import private_folder, private_opener, write_private
from resources.regular_files import read_regular
from resources.temporaries import is_abandoned, owner_mark

TOLD: Final = "crashes"  # the folder of those that were told
_SUFFIX: Final = ".trace"
_MOST_BYTES: Final = 1_000_000
_MOST_KEPT: Final = 10
_log = logging.getLogger(__name__)


class CrashTrace:
    """While it is started, a deadly signal writes the Python stacks of all threads into a file of `folder`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"crash{owner_mark()}{_SUFFIX}"
        self._file: TextIO | None = None

    @property
    def path(self) -> Path:
        return self._path

    def start(self) -> None:
        """Begin to note how this process dies. When the file cannot be made, that is logged and a crash goes untold."""
        try:
            private_folder(self._path.parent)
            self._file = open(self._path, "w", encoding="utf-8", opener=private_opener)  # noqa: SIM115
        except OSError as error:
            _log.warning("A crash could not be written down: %s", error)
            return
        faulthandler.enable(self._file)

    def stop(self) -> None:
        """An orderly end: there is nothing to tell."""
        if self._file is None:
            return
        faulthandler.disable()
        self._file.close()
        self._file = None
        with contextlib.suppress(OSError):
            self._path.unlink()


def report_of_crash(folder: Path) -> Path | None:
    """Return what the last window that died left in `folder`, as a text to read; None when all ended well.

    Files of windows that are open are left alone. Those of all others go, so that this is told once.
    """
    died = sorted((path for path in folder.glob(f"crash*{_SUFFIX}") if is_abandoned(path.name)), key=_written)
    reports = [_report(path) for path in died]
    _forget_old(folder / TOLD)
    return next((report for report in reversed(reports) if report is not None), None)


def _report(path: Path) -> Path | None:
    told_folder = path.parent / TOLD
    try:
        claimed = private_folder(told_folder) / path.name
        path.replace(claimed)
        trace, written = read_regular(claimed, _MOST_BYTES), claimed.stat().st_mtime
        report = (
            told_folder
            / f"crash-{time.strftime('%Y-%m-%d-%H%M%S', time.localtime(written))}-{path.suffixes[0][-8:]}.txt"
        )
        if trace.strip():
            write_private(report, _surroundings().encode() + trace)
        claimed.unlink()
    except FileNotFoundError:
        return None  # another window was faster
    except OSError as error:
        _log.warning("What a crash left could not be put aside: %s", error)
        return None
    return report if trace.strip() else None


def _surroundings() -> str:
    """Return what whoever looks for the fault asks first."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("lamella", "PySide6-Essentials"))
    return f"{versions}, Python {platform.python_version()}, {platform.platform()}\n\n"


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _forget_old(folder: Path) -> None:
    for path in sorted(folder.glob("crash-*.txt"))[:-_MOST_KEPT]:
        with contextlib.suppress(OSError):
            path.unlink()
