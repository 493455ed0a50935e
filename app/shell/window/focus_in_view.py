"""Brings the control that has got the keyboard into view, where it lies in something that scrolls.

Qt does so only when Tab moves within one scroll area, not when it comes from outside.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

_MARGIN = 10


class FocusInView(QObject):
    """For the controls of `window`, as long as it lives."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Not for the mouse: what one has just clicked must not move."""
        if now is None or QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            return
        above = now.parentWidget() if self._window.isAncestorOf(now) else None
        while above is not None:
            if isinstance(above, QScrollArea) and above.widget() is not None and above.widget().isAncestorOf(now):
                above.ensureWidgetVisible(now, _MARGIN, _MARGIN)
            above = above.parentWidget()
