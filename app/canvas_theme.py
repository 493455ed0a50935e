"""The canvas's colours, made from the application's theme."""

from __future__ import annotations

from graph_editor.view.theme import CanvasTheme
from PySide6.QtGui import QColor

from app.fonts import MONO_FAMILY, UI_FAMILY
from app.theme import Theme


def canvas_theme(theme: Theme) -> CanvasTheme:
    return CanvasTheme({token: QColor(color) for token, color in theme.colors.items()}, UI_FAMILY, MONO_FAMILY)
