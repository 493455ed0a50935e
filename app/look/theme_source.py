"""The theme that shows, and who wants to know when it is another one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.look.theme import Theme


class ThemeSource(QObject):
    """Whoever paints in colours of its own keeps this and connects a method to `changed`.

    A connection to a method of a QObject ends with that object.
    """

    about_to_change = Signal()  # before Qt dresses every widget anew: whoever has some to spare lets them go
    changed = Signal(object)  # Theme

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    @property
    def theme(self) -> Theme:
        return self._theme

    def follow(self, show: Callable[[Theme], None]) -> None:
        """Call `show`, a method of a QObject, with the theme now and whenever it is another one."""
        self.changed.connect(show)
        show(self._theme)

    def show(self, theme: Theme) -> None:
        """Make `theme` the one that shows, and tell everybody."""
        self._theme = theme
        self.changed.emit(theme)
