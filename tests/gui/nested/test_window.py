"""Nested models in the window: inspector, outline, problems, menu and canvas agree on where one is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from app.shell.window.main_window import MainWindow
from graph_editor.document.changes import commands
from graph_editor.document.document import ROOT
from graph_editor.document.graph import TensorRef
from tests.gui.app.conftest import Rig

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(rig: Rig) -> MainWindow:
    """Input → first → second → third in the window, with first and second made a nested model by the menu."""
    window, session = rig.desktop.window, rig.session
    session.navigation.select(tuple(session.document.graph.calls))
    window.canvas.run_action("delete_selection")
    before = add(window, "InputLayer", None, "image")
    for name in ("first", "second", "third"):
        before = add(window, "Dense", before, name)
    session.edit("output", commands.set_output(session.document, TensorRef(before), True))
    session.navigation.select(tuple(call(window, name) for name in ("first", "second")))
    QApplication.processEvents()
    settle()
    window.commands.action("model.group").trigger()
    settle()
    return window


def settle() -> None:
    QTest.qWait(40)


def add(window: MainWindow, class_name: str, after: str | None, name: str) -> str:
    document = window.session.document
    source = TensorRef(after) if after else None
    place = (100.0, 90.0 * len(document.graph.calls))
    edits, made = commands.add_layer(
        document, class_name, "keras.layers", None, place, window.session.catalog, after=source, name=name
    )
    window.session.history.do("add", edits)
    return made


def call(window: MainWindow, name: str) -> str:
    document = window.session.document
    graphs = document.graphs.values()
    return next(key for graph in graphs for key in graph.calls if graph.operation_of(key).name == name)


def child(window: MainWindow, kind: type[QWidget], name: str) -> QWidget:
    found = window.findChild(kind, name)
    assert isinstance(found, QWidget)
    return found


def test_the_menu_groups_opens_leaves_and_dissolves(window: MainWindow) -> None:
    box = call(window, "block")
    actions = window.commands
    assert window.session.navigation.selection == (box,)
    assert not actions.action("model.leave").isEnabled()
    actions.action("model.open").trigger()
    assert window.canvas.graph_id != ROOT and actions.action("model.leave").isEnabled()
    actions.action("model.leave").trigger()
    assert window.canvas.graph_id == ROOT and window.session.navigation.selection == (box,)
    actions.action("model.dissolve").trigger()
    assert list(window.session.document.graphs) == [ROOT]
    assert set(window.session.navigation.selection) == {call(window, "first"), call(window, "second")}


def test_the_inspector_opens_and_dissolves(window: MainWindow) -> None:
    page = window.build.inspector.operation_page
    assert window.build.inspector.page is page and not page.model.isHidden() and page.sections.isHidden()
    layers = window.findChild(QLabel, "nested_layers")
    assert layers is not None and layers.text() == "2 layers"
    QTest.mouseClick(child(window, QPushButton, "open_model"), LEFT)
    assert window.canvas.graph_id != ROOT and window.session.navigation.selection == ()
    assert window.build.inspector.page is page, "the model that one is in"
    assert page.name.line.text() == "block" and not page.model.open_button.isEnabled()
    window.canvas.select([call(window, "first")])
    assert page.name.line.text() == "first" and page.model.isHidden() and not page.sections.isHidden()
    window.canvas.run_action("select_nothing")
    QTest.mouseClick(page.model.dissolve_button, LEFT)
    assert window.canvas.graph_id == ROOT and list(window.session.document.graphs) == [ROOT]
    assert set(window.session.navigation.selection) == {call(window, "first"), call(window, "second")}
    window.session.history.undo()
    assert window.session.document.has_call(call(window, "block"))


def test_the_outline_shows_what_is_inside_and_leads_there(window: MainWindow) -> None:
    window.build.side.setCurrentWidget(window.build.outline)
    settle()
    outline = window.build.outline
    row = next(
        outline.model.index(number, 0)
        for number in range(outline.model.rowCount())
        if outline.model.index(number, 0).data() == "block"
    )
    outline.view.expand(row)
    names = [outline.model.index(number, 0, row).data() for number in range(outline.model.rowCount(row))]
    assert names == ["image", "first", "second"]
    spot = outline.view.visualRect(outline.model.index(1, 0, row)).center()
    QTest.mouseClick(outline.view.viewport(), LEFT, pos=spot)
    assert window.session.navigation.selection == (call(window, "first"),) == window.canvas.selection
    assert window.canvas.graph_id != ROOT
    window.session.edit("rename", commands.rename(window.session.document, inner_id(window, "first"), "renamed"))
    assert outline.view.isExpanded(outline.model.index(row.row(), 0))
    window.session.navigation.select((call(window, "third"),))
    assert window.canvas.graph_id == ROOT


def inner_id(window: MainWindow, name: str) -> str:
    return window.session.document.call(call(window, name)).operation


def test_a_problem_inside_leads_inside(window: MainWindow) -> None:
    document, session = window.session.document, window.session
    edge = next(document.graph_of_call(call(window, "second")).edges_into(call(window, "second")))
    session.edit("cut", commands.disconnect(document, edge))
    settle()
    problem = next(item for item in session.problems if item.kind == "missing_input")
    assert problem.call == call(window, "second") and window.canvas.graph_id == ROOT
    window.commands.action("model.check").trigger()
    first = session.problems[0]
    assert first.call is not None
    session.navigation.reveal(problem.call)
    assert window.canvas.graph_id == document.graph_id_of_call(problem.call)
    assert window.canvas.selection == (problem.call,)
    session.history.undo()
    settle()
    assert session.problems == []


def test_totals_count_a_nested_model_once(window: MainWindow) -> None:
    totals = window.session.inference.totals
    root = window.session.document.graph.calls
    counted = [result.parameters for key, result in window.session.inference.results.items() if key in root]
    assert totals.parameters == sum(counted) > 0


def test_opening_another_project_shows_its_root(window: MainWindow, template: object) -> None:
    window.session.navigation.open_model(call(window, "block"))
    assert window.session.navigation.graph_id != ROOT
    assert callable(template)
    window.session.replace(template("digits"), None)
    settle()
    assert window.canvas.graph_id == window.session.navigation.graph_id == ROOT
    assert window.build.inspector.page is window.build.inspector.model_page


def test_freezing_the_model_is_said_inside(window: MainWindow) -> None:
    page = window.build.inspector.operation_page
    page.freeze.switch.click()
    assert not window.session.document.operation_of(call(window, "block")).trainable
    window.canvas.run_action("enter_selected")
    assert window.canvas.graph_scene.boxes[call(window, "first")].look.frozen_by == "block"
    window.canvas.select([call(window, "first")])
    sentence = window.findChild(QLabel, "freeze_help")
    assert sentence is not None and sentence.isVisible() and "block" in sentence.text()


def test_undoing_a_dissolution_leaves_the_view_where_it_is(window: MainWindow) -> None:
    """The boxes go back into their model; the canvas does not follow them there."""
    session, canvas = window.session, window.canvas
    box = next(call for call in session.document.graph.calls if session.document.operation_of(call).graph)
    canvas.select([box])
    canvas.run_action("share_selected")  # used twice, its boxes come out as they are
    canvas.select([box])
    canvas.run_action("dissolve_selected")
    assert session.navigation.selection
    assert box not in session.navigation.selection
    session.history.undo()
    assert canvas.graph_id == ROOT
    assert set(session.navigation.selection) <= session.document.graph.calls.keys()


def test_the_menu_freezes_above_a_box_and_unfreezes_all(window: MainWindow) -> None:
    def frozen() -> set[str]:
        graphs = window.session.document.graphs.values()
        return {op.name for graph in graphs for op in graph.operations.values() if not op.trainable}

    window.canvas.select([call(window, "third")])
    window.commands.action("model.freeze_above").trigger()
    assert frozen() == {"block", "first", "second"}
    assert window.session.history.undo_label == "Freeze everything above"
    window.session.history.undo()
    assert frozen() == set()
    window.session.history.redo()
    window.commands.action("model.unfreeze_all").trigger()
    assert frozen() == set()
    window.commands.action("model.freeze").trigger()
    window.commands.refresh()
    assert frozen() == {"third"} and window.commands.action("model.freeze").isChecked()


def test_keys_in_the_outline_mean_its_rows_and_not_the_window(window: MainWindow) -> None:
    outline, canvas = window.build.outline, window.canvas
    window.build.side.setCurrentWidget(outline)
    settle()
    window.activateWindow()
    outline.view.setFocus()
    outline.view.setCurrentIndex(outline.model.index(2, 0))
    assert canvas.selection == (call(window, "third"),)
    QTest.keyClick(outline.view, Qt.Key.Key_F2)
    assert outline.view.line.hasFocus() and not window.build.inspector.operation_page.name.hasFocus()
    QTest.keyClicks(outline.view.line, "last")
    QTest.keyClick(outline.view.line, Qt.Key.Key_Return)
    assert window.session.document.operation_of(canvas.selection[0]).name == "last"
    QTest.keyClick(outline.view, Qt.Key.Key_Space)
    assert not window.session.document.operation_of(canvas.selection[0]).trainable
    assert window.build.inspector.operation_page.freeze.on
    canvas.select([call(window, "image"), call(window, "block")])
    assert set(outline.view.selected_calls()) == set(canvas.selection)
    assert window.build.inspector.page is window.build.inspector.several_page
