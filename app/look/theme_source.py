"""The theme of the application that shows, and who wants to know when it is another one."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.look.theme import Theme
from graph_editor.view.painting.look import Look


class ThemeSource(Look[Theme]):
    about_to_change = Signal()  # before Qt dresses every widget anew: whoever has some to spare lets them go
