"""Which Qt objects Python knows, which lie below a window, and which wrappers fit no longer what is there."""

from __future__ import annotations

import gc
from collections import Counter
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import Shiboken

# Of QObjects Qt tells Python when they go, and values are Python's own. Whatever else Python knows may be gone already,
# with something else at its address. Static data of Qt's is neither.
STATIC = ("QMetaObject",)


def settle() -> None:
    """Let everything go that has been thrown away, on either side."""
    for _ in range(3):
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()


def known_objects() -> Counter[str]:
    """QObjects that Python knows, by class."""
    return Counter(type(item).__name__ for item in Shiboken.getAllValidWrappers() if isinstance(item, QObject))


def objects_below(root: QObject) -> Counter[str]:
    """What Qt has below `root`, whether Python knows it or not, by the class of Qt or of Python."""
    return Counter(_class_of(child) for child in root.findChildren(QObject))


def stale_wrappers() -> list[str]:
    """Wrappers of another type than the object at their address, and such as Qt may have freed without telling."""
    wrong, seen = [], dict[int, Any]()
    for item in Shiboken.getAllValidWrappers():
        name = type(item).__name__
        ours = Shiboken.createdByPython(item) or Shiboken.ownedByPython(item)
        if not isinstance(item, QObject) and not ours and name not in STATIC:
            wrong.append(f"a {name} of Qt's that Python holds")
        elif isinstance(item, QObject) and not _is_what_it_seems(item):
            wrong.append(f"a {name} at whose address is a {_class_of(item)}")
        if Shiboken.ownedByPython(item) and not isinstance(item, QObject):
            continue  # a value: may lie at the beginning of another one
        address = Shiboken.getCppPointer(item)[0]
        if address in seen:
            wrong.append(f"a {name} and a {type(seen[address]).__name__} at one address")
        seen[address] = item
    return wrong


def _is_what_it_seems(item: QObject) -> bool:
    """A wrapper may know less than there is (QWidget for a private class), never something else."""
    known = next(base for base in type(item).__mro__ if base.__module__.startswith("PySide6"))
    here = item.metaObject()
    while here is not None:
        if str(here.className()) == known.__name__:
            return True
        here = here.superClass()
    return False


def _class_of(item: QObject) -> str:
    return str(item.metaObject().className())  # the stubs call it bytes


def growth(before: Counter[str], after: Counter[str], least: int) -> dict[str, int]:
    """The classes of which there are at least `least` more, most first."""
    more = {name: after[name] - before[name] for name in after if after[name] - before[name] >= least}
    return dict(sorted(more.items(), key=lambda pair: -pair[1]))


class StrayWindows(QObject):
    """An event filter of the application: `seen` names what was shown as a window and is neither window nor popup.

    A widget that is shown before it has a parent is one: it flashes, and takes the keyboard.
    """

    _MEANT = (Qt.WindowType.Dialog, Qt.WindowType.Sheet, Qt.WindowType.Popup, Qt.WindowType.ToolTip)

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self._note(watched)
        return False

    def _note(self, window: QWidget) -> None:
        if window.windowType() not in self._MEANT and window.objectName() != "main_window":
            self.seen.append(f"{type(window).__name__} {window.objectName()!r}")
