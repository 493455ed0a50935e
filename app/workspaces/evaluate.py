"""Where trained models are looked at: what they get right, and what not."""

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
    from app.panels.evaluate.page.panel import EvaluatePanel

    return EvaluatePanel(session, look, chooser, background)


WORKSPACE = Workspace("evaluate", Text("Evaluate"), 50, make)
