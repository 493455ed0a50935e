"""Where the data is chosen and bound to the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.workspaces.parts.workspace import Workspace
from resources.text import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.look.theme_source import ThemeSource
    from app.project.choosers import Chooser
    from app.project.session import Session
    from graph_editor.background.background import Background


def make(session: Session, look: ThemeSource, chooser: Chooser, _background: Background) -> QWidget:
    from app.panels.data.panel import DataPanel

    return DataPanel(session, look, chooser)


WORKSPACE = Workspace("data", Text("Data"), 20, make)
