"""Edit: undo and redo, and what the canvas does to what is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from app.commands.command import Command, Group
from app.commands.sections import in_sections
from app.shell.actions.canvas import canvas_entries
from resources.text import tr

if TYPE_CHECKING:
    from app.shell.window.main_window import MainWindow


def group(window: MainWindow) -> Group:
    session, history = window.session, window.session.history
    own = (
        (
            100,
            Command(
                "edit.undo",
                lambda: f"{tr('Undo')} {history.undo_label}".strip(),
                session.history.undo,
                (QKeySequence.StandardKey.Undo,),
                lambda: history.can_undo,
            ),
        ),
        (
            110,
            Command(
                "edit.redo",
                lambda: f"{tr('Redo')} {history.redo_label}".strip(),
                session.history.redo,
                ("Ctrl+Shift+Z", "Ctrl+Y"),
                lambda: history.can_redo,
            ),
        ),
        (
            280,
            Command(
                "edit.rename",
                lambda: tr("Rename"),
                window.build.inspector.edit_name,
                ("F2",),
                lambda: len(session.navigation.selection) == 1 and window.workspace == "build",
            ),
        ),
    )
    return Group("edit", tr("Edit"), in_sections([*canvas_entries(window, "edit"), *own]))
