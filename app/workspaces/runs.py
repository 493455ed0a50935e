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


def make(session: Session, look: ThemeSource, chooser: Chooser) -> QWidget:
    from app.panels.runs.panel import RunsPanel

    return RunsPanel(session, look, chooser)


WORKSPACE = Workspace("runs", Text("Runs"), 40, make, trains=True)
