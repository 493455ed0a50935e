"""Cut, copy and paste from the menu of the window."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from graph_editor.document.canvas.notes import add_note, notes_of
from graph_editor.view.floating.note_field import NoteField
from tests.gui.app.conftest import Rig
from tests.gui.app.shell.test_window import call_named, open_digits


def test_cut_copy_and_paste_from_the_menu(rig: Rig) -> None:
    open_digits(rig)
    commands, document = rig.desktop.window.commands, rig.session.document
    count = len(document.graph.calls)
    assert not commands.action("edit.cut").isEnabled() and not commands.action("edit.copy").isEnabled()
    rig.session.navigation.select((call_named(rig, "digit"),))
    commands.action("edit.copy").trigger()
    assert "digit" in QApplication.clipboard().text()
    commands.action("edit.paste").trigger()
    assert len(document.graph.calls) == count + 1
    commands.action("edit.cut").trigger()
    assert len(document.graph.calls) == count
    commands.action("edit.undo").trigger()
    commands.action("edit.undo").trigger()
    assert len(document.graph.calls) == count
    QApplication.clipboard().clear()


def test_notes_from_the_menu(rig: Rig) -> None:
    open_digits(rig)
    commands, document, canvas = rig.desktop.window.commands, rig.session.document, rig.desktop.window.canvas
    count = len(document.graph.calls)
    rig.desktop.window.activateWindow()
    commands.action("edit.note").trigger()
    field = canvas.findChild(NoteField, "noteField")
    assert isinstance(field, NoteField) and field.isVisible()
    field.setPlainText("remember")
    field.accept()
    assert len(notes_of(document)) == 1 and rig.session.navigation.selection == ()
    commands.refresh()
    commands.action("edit.duplicate").trigger()
    commands.refresh()
    commands.action("edit.cut").trigger()
    assert len(notes_of(document)) == 1 and len(document.graph.calls) == count
    commands.action("edit.paste").trigger()
    commands.refresh()
    commands.action("edit.delete").trigger()
    assert len(notes_of(document)) == 1 and len(document.graph.calls) == count
    commands.refresh()
    assert not commands.action("edit.delete").isEnabled()
    QApplication.clipboard().clear()


def test_a_note_keeps_its_selection_when_the_boxes_lose_theirs(rig: Rig) -> None:
    open_digits(rig)
    canvas = rig.desktop.window.canvas
    rig.session.history.do("note", add_note(rig.session.document, "main", "x", (0, 0, 100, 60))[0])
    rig.session.navigation.select((call_named(rig, "digit"),))
    canvas.graph_scene.select((), ["n1"])
    assert not rig.session.navigation.selection and canvas.graph_scene.notes.selected == ("n1",)
    rig.session.navigation.select((call_named(rig, "digit"),))
    assert not canvas.graph_scene.notes.selected


def test_notes_out_of_sight_are_not_meant(rig: Rig) -> None:
    open_digits(rig)
    window, document = rig.desktop.window, rig.session.document
    rig.session.history.do("note", add_note(document, "main", "x", (0, 0, 100, 60))[0])
    box = call_named(rig, "digit")
    window.canvas.graph_scene.select([box], ["n1"])
    window.show_workspace("train")
    window.commands.refresh()
    assert not window.commands.action("edit.cut").isEnabled(), "cutting needs the canvas"
    window.commands.action("edit.delete").trigger()
    assert box not in document.graph.calls and len(notes_of(document)) == 1
    rig.session.history.undo()
    window.show_workspace("build")
    window.canvas.graph_scene.select([box], ["n1"])
    window.commands.action("edit.delete").trigger()
    assert box not in document.graph.calls and notes_of(document) == []
