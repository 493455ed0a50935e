"""Where the runs of the project are compared and taken away."""

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


def make(session: Session, look: ThemeSource, chooser: Chooser, background: Background) -> QWidget:
    from app.panels.runs.panel import RunsPanel

    return RunsPanel(session, look, chooser, background)


WORKSPACE = Workspace("runs", Text("Runs"), 40, make, trains=True)
