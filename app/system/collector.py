"""Keeps Python's garbage collector from standing in the way of an edit, and on the GUI thread.

A full collection goes through every object there is: 15 ms in an empty window, 40 ms with a thousand boxes, at moments
that nobody chooses. What lives as long as the window or the project is therefore taken out of its sight.

By itself it runs in whatever thread happens to make many objects. There it would take Qt's objects away, timers above
all, which Qt goes on to use in the thread they belong to: the process dies.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_TICK_MS = 400


def settle() -> None:
    """Collect once, now, and do not look at what is left again.

    To be called where a pause is expected: after the start, and when a project was opened; what the last project left
    behind goes then.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


class Collector(QObject):
    """Collects at the pace that Python would, on the thread that made it and on no other, until it is stopped."""

    def __init__(self) -> None:
        super().__init__()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        gc.enable()

    def _collect(self) -> None:
        """The oldest generation whose time has come; the younger ones go with it."""
        paces = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [number for number, (have, most) in enumerate(paces) if have > most]
        if due:
            gc.collect(due[-1])
