"""Edit: undo, redo, and what can be done to the selected boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from app.commands.command import Command, Group
from graph_editor.document.changes.commands import delete_calls
from graph_editor.document.changes.copying import duplicate
from resources.text import Text, tr

if TYPE_CHECKING:
    from app.shell.window.main_window import MainWindow

OFFSET = (32.0, 32.0)
_Key = QKeySequence.StandardKey


def group(window: MainWindow) -> Group:
    session, history = window.session, window.session.history
    here = lambda: on_canvas(window)  # noqa: E731
    run = window.canvas.run_action
    selected = lambda: bool(session.selection) or has_notes(window)  # noqa: E731
    ready = lambda: on_canvas(window) and (bool(session.selection) or has_notes(window))  # noqa: E731
    return Group(
        "edit",
        tr("Edit"),
        (
            Command(
                "edit.undo",
                lambda: f"{tr('Undo')} {history.undo_label}".strip(),
                session.undo,
                (_Key.Undo,),
                lambda: history.can_undo,
            ),
            Command(
                "edit.redo",
                lambda: f"{tr('Redo')} {history.redo_label}".strip(),
                session.redo,
                ("Ctrl+Shift+Z", "Ctrl+Y"),
                lambda: history.can_redo,
            ),
            None,
            Command("edit.cut", lambda: tr("Cut"), lambda: run("cut_selection"), (_Key.Cut,), ready),
            Command("edit.copy", lambda: tr("Copy"), lambda: run("copy_selection"), (_Key.Copy,), ready),
            Command("edit.paste", lambda: tr("Paste"), lambda: run("paste"), (_Key.Paste,), here),
            Command(
                "edit.duplicate", lambda: tr("Duplicate"), lambda: duplicate_selected(window), ("Ctrl+D",), selected
            ),
            Command("edit.delete", lambda: tr("Delete"), lambda: delete_selected(window), (), selected),
            Command("edit.note", lambda: tr("Add a note"), lambda: run("add_note"), (), here),
            Command("edit.select_all", lambda: tr("Select all"), lambda: select_all(window), (), here),
            Command("edit.find", lambda: tr("Find a box"), lambda: find_box(window), ("Ctrl+F",)),
            Command(
                "edit.rename",
                lambda: tr("Rename"),
                window.build.inspector.edit_name,
                ("F2",),
                lambda: len(session.selection) == 1 and on_canvas(window),
            ),
        ),
    )


def on_canvas(window: MainWindow) -> bool:
    return window.workspace == "build"


def has_notes(window: MainWindow) -> bool:
    """Whether notes are selected on the canvas that shows."""
    return on_canvas(window) and bool(window.canvas.graph_scene.notes.selected)


def find_box(window: MainWindow) -> None:
    window.show_workspace("build")
    window.canvas.run_action("find")


def duplicate_selected(window: MainWindow) -> None:
    """Copies lie a little to the right and below, and are selected; on the canvas notes are copied too."""
    session = window.session
    if on_canvas(window):
        window.canvas.run_action("duplicate_selection")
        return

    def action() -> None:
        edits, copies = duplicate(session.document, session.selection, OFFSET)
        session.history.do(Text("Duplicate"), edits)
        session.select(copies)

    session.attempt(action)


def delete_selected(window: MainWindow) -> None:
    session = window.session
    if on_canvas(window):
        window.canvas.run_action("delete_selection")
    else:
        session.edit(Text("Delete"), delete_calls(session.document, session.selection))


def select_all(window: MainWindow) -> None:
    window.canvas.select_all()
