"""The theme that shows, and who wants to know when it is another one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

T = TypeVar("T")


class Look(QObject, Generic[T]):
    """Whoever paints in colours of its own keeps this and connects a method to `changed`.

    A connection to a method of a QObject ends with that object.
    """

    changed = Signal(object)  # T

    def __init__(self, theme: T, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    @property
    def theme(self) -> T:
        return self._theme

    def follow(self, show: Callable[[T], None]) -> None:
        """Call `show`, a method of a QObject, with the theme now and whenever it is another one."""
        self.changed.connect(show)
        show(self._theme)

    def show(self, theme: T) -> None:
        """Make `theme` the one that shows, and tell everybody."""
        self._theme = theme
        self.changed.emit(theme)
