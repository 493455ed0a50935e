"""Counts what a window holds, without holding on to anything itself."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections import Counter
from pathlib import Path

import psutil
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from tests.soak.faults import Faults
from tests.soak.levels import Level
from tests.support.objects import known_objects, stale_wrappers

_SELF = psutil.Process()


def let_go() -> None:
    """What is thrown away goes: deferred deletes, garbage, and memory that malloc keeps."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QCoreApplication.processEvents()
        gc.unfreeze()
        gc.collect()
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).malloc_trim(0)


def measure(window: QMainWindow, faults: Faults) -> tuple[Level, Counter[str]]:
    """The levels, and the classes of all that is below the window, by number.

    The tree is read from what Qt writes of it: findChildren would make a Python object for each, which stays.
    """
    let_go()
    tree = Counter(line.strip().split("::")[0] for line in faults.lines_of(window.dumpObjectTree))
    for wrong in stale_wrappers():
        faults.note(f"Stale: {wrong}")
    known = Counter({f"py {name}": number for name, number in known_objects().items()})
    level: Level = {
        "wrappers": known.total(),
        "children": tree.total(),
        "objects": len(gc.get_objects()),
        "windows": len(QApplication.topLevelWidgets()),
        "threads": _SELF.num_threads(),
        "descriptors": _descriptors(),
        "processes": len(_SELF.children(recursive=True)),
        "megabytes": _SELF.memory_info().rss / 2**20,
    }
    gc.freeze()
    return level, tree + known


def _descriptors() -> int:
    folder = Path("/proc/self/fd")
    return sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0
