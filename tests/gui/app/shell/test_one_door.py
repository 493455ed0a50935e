"""One act, whoever asks for it: the canvas, a panel, a menu, the palette or code. The same follows, in one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot

from app.command_palette.command_palette import CommandPalette
from app.project.templates import TEMPLATES
from graph_editor.document.canvas.frames import add_frame, frames_of
from graph_editor.document.canvas.notes import add_note, notes_of
from graph_editor.document.canvas.wire_dots import dots_of, put_dots, wire_of
from graph_editor.document.edits import RemoveCall, RemoveOperation, ReplaceOperation, SetPositions
from graph_editor.document.files.file_format import dumps
from tests.gui.app.conftest import Rig

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def digits(rig: Rig, qtbot: QtBot) -> Rig:
    """A model with two boxes in a collapsed frame that hides a note, and dots on the wire between them."""
    session = rig.session
    session.replace(next(item for item in TEMPLATES if item.key == "digits").open(), None)
    document = session.document
    first, second = pair(rig)
    edits, note = add_note(document, session.navigation.graph_id, "why", (1000.0, 1000.0, 200.0, 80.0))
    assert session.edit("note", edits)
    assert session.edit("frame", add_frame(document, [first, second], "two", True, [note]))
    edge = next(edge for edge in document.graph.edges_into(second) if edge.source.call == first)
    assert session.edit("dots", put_dots(document, wire_of(edge), [(500.0, 500.0)]))
    rig.desktop.window.activateWindow()
    qtbot.waitUntil(rig.desktop.window.isActiveWindow)
    return rig


def pair(rig: Rig) -> tuple[str, str]:
    """Two boxes of which the second takes what the first gives."""
    graph = rig.session.document.graph
    outputs = {ref.call for ref in graph.output_refs()}
    chain = [call for call in graph.topological_order() if call not in outputs]
    return next((one, other) for one, other in pairwise(chain) if other in graph.consumers(one))


def text(rig: Rig) -> bytes:
    return dumps(rig.session.document)


def in_one_step(rig: Rig, act: Callable[[], object]) -> None:
    before, steps = text(rig), len(rig.session.history._done)
    act()
    after = text(rig)
    assert after != before and len(rig.session.history._done) == steps + 1
    rig.session.history.undo()
    assert text(rig) == before
    rig.session.history.redo()
    assert text(rig) == after


def through_palette(rig: Rig, words: str) -> None:
    QTest.keyClick(rig.desktop.window.canvas, Qt.Key.Key_K, CONTROL)
    palette = rig.desktop.window.findChild(CommandPalette)
    assert palette is not None and palette.isVisible()
    field = palette.findChild(QLineEdit, "command_field")
    assert field is not None
    QTest.keyClicks(field, words)
    QTest.keyClick(field, Qt.Key.Key_Return)


def _rename_on_canvas(rig: Rig, call: str, name: str) -> None:
    rig.desktop.window.canvas.actions_on_boxes.rename(call, name)


def _rename_in_inspector(rig: Rig, call: str, name: str) -> None:
    rig.session.navigation.select((call,))
    line = rig.desktop.window.build.inspector.operation_page.name.line
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, name)
    QTest.keyClick(line, Qt.Key.Key_Return)


def _rename_in_outline(rig: Rig, call: str, name: str) -> None:
    rig.desktop.window.toggle_outline()
    rig.desktop.window.build.outline.model.rename(call, name)


def _rename_by_code(rig: Rig, call: str, name: str) -> None:
    operation = rig.session.document.operation_of(call)
    renamed = replace(operation, config={**operation.config, "name": name})
    rig.session.edit("rename", [ReplaceOperation(renamed)])


@pytest.mark.parametrize("entrance", [_rename_on_canvas, _rename_in_inspector, _rename_in_outline, _rename_by_code])
def test_data_and_training_follow_a_name(digits: Rig, entrance: Callable[[Rig, str, str], None]) -> None:
    document = digits.session.document
    output = document.graph.output_refs()[0].call
    before = document.operation_of(output).name
    assert before in document.training["outputs"]
    said = document.training["outputs"][before]
    in_one_step(digits, lambda: entrance(digits, output, "fresh"))
    assert document.training["outputs"]["fresh"] == said and before not in document.training["outputs"]


def _move_on_canvas(rig: Rig, calls: tuple[str, str]) -> None:
    rig.session.navigation.select(calls)
    rig.desktop.window.canvas.actions_on_boxes.nudge(8.0, 0.0)


def _move_by_keys(rig: Rig, calls: tuple[str, str]) -> None:
    rig.session.navigation.select(calls)
    rig.desktop.window.canvas.setFocus()
    QTest.keyClick(rig.desktop.window.canvas, Qt.Key.Key_Right)


def _move_by_code(rig: Rig, calls: tuple[str, str]) -> None:
    places = rig.session.document.positions
    rig.session.edit("move", [SetPositions({call: (places[call][0] + 8, places[call][1]) for call in calls})])


@pytest.mark.parametrize("entrance", [_move_on_canvas, _move_by_keys, _move_by_code])
def test_hidden_notes_and_dots_go_along(digits: Rig, entrance: Callable[[Rig, tuple[str, str]], None]) -> None:
    document, calls = digits.session.document, pair(digits)
    place = document.positions[calls[0]]
    in_one_step(digits, lambda: entrance(digits, calls))
    way = document.positions[calls[0]][0] - place[0]
    assert way > 0
    (note,) = notes_of(document)
    assert note.box == (1000.0 + way, 1000.0, 200.0, 80.0)
    assert list(dots_of(document).values()) == [((500.0 + way, 500.0),)]


def _delete_on_canvas(rig: Rig, call: str) -> None:
    rig.session.navigation.select((call,))
    rig.desktop.window.canvas.setFocus()
    QTest.keyClick(rig.desktop.window.canvas, Qt.Key.Key_Delete)


def _delete_by_menu(rig: Rig, call: str) -> None:
    rig.session.navigation.select((call,))
    rig.desktop.window.commands.action("edit.delete").trigger()


def _delete_through_palette(rig: Rig, call: str) -> None:
    rig.session.navigation.select((call,))
    through_palette(rig, "delete")


def _delete_by_code(rig: Rig, call: str) -> None:
    rig.session.edit("delete", [RemoveCall(call), RemoveOperation(rig.session.document.call(call).operation)])


@pytest.mark.parametrize("entrance", [_delete_on_canvas, _delete_by_menu, _delete_through_palette, _delete_by_code])
def test_the_canvas_forgets_a_box(digits: Rig, entrance: Callable[[Rig, str], None]) -> None:
    session = digits.session
    loose = pair(digits)[1]
    document = session.document
    canvas = digits.desktop.window.canvas
    for edge in list(document.graph.edges_from(loose)):
        assert canvas.actions_on_boxes.disconnect(edge)
    assert session.edit("frame", add_frame(document, [loose], "alone"))
    in_one_step(digits, lambda: entrance(digits, loose))
    assert not document.has_call(loose) and loose not in document.positions
    assert all(loose not in frame.boxes for frame in frames_of(document)) and dots_of(document) == {}


def test_freezing_is_the_same_from_everywhere(digits: Rig) -> None:
    window, session = digits.desktop.window, digits.session
    graph = session.document.graph
    call = next(key for key in graph.calls if session.document.operation_of(key).class_name == "Dense")
    window.toggle_outline()

    def flip() -> None:
        switch = window.findChild(QAbstractButton, "freeze_switch")
        assert switch is not None
        QTest.mouseClick(switch, Qt.MouseButton.LeftButton)

    entrances: tuple[Callable[[], object], ...] = (
        lambda: window.canvas.run_action("toggle_frozen"),
        lambda: window.commands.action("model.freeze").trigger(),
        lambda: window.build.outline.view.freeze_pressed.emit(),
        flip,
    )
    found = set()
    for enter in entrances:
        session.navigation.select((call,))
        in_one_step(digits, enter)
        found.add((text(digits), str(session.history.undo_label)))
        session.history.undo()
    assert len(found) == 1
