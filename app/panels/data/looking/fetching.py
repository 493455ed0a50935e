"""Asking for what came into sight, a moment after it did: who scrolls past a thousand samples asks for none of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

_AFTER_MS = 30


class Fetching:
    def __init__(self, widget: QWidget, fetch: Callable[[], None]) -> None:
        self._timer = QTimer(widget)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AFTER_MS)
        self._timer.timeout.connect(fetch)

    def soon(self, _value: object = None) -> None:
        if not self._timer.isActive():
            self._timer.start()
