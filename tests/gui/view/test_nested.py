"""Nested models on the canvas: made of a selection, entered, edited inside, left, dissolved."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from graph_editor.document.document import ROOT, Document
from graph_editor.document.graph import TensorRef
from graph_editor.view.painting.content import CallDisplay
from tests.gui.view.conftest import LEFT, Bench

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def box(chain: Bench) -> str:
    """c2 and c3 of the chain made a nested model, from the keyboard; the id of its box."""
    chain.view.set_shapes({"c1": CallDisplay(((None, 8),), ("float32",))})
    chain.view.actions_on_boxes.connect(TensorRef("c3"), "c4", None)
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_G, CONTROL)
    (made,) = chain.selected()
    return made


def crumbs(bench: Bench) -> list[str]:
    title = bench.view.findChild(QLabel, "canvasTitle")
    assert title is not None
    buttons = [button for button in bench.view.findChildren(QToolButton) if button.objectName().startswith("crumb_")]
    buttons = sorted((button for button in buttons if button.isVisible()), key=lambda button: button.x())
    return [*(button.text() for button in buttons), title.text()]


def press_crumb(bench: Bench, place: int) -> None:
    button = next(b for b in bench.view.findChildren(QToolButton, f"crumb_{place}") if b.isVisible())
    QTest.mouseClick(button, LEFT)
    QApplication.processEvents()


def test_a_selection_becomes_one_box_in_one_step(chain: Bench, box: str) -> None:
    look = chain.view.graph_scene.boxes[box].look
    assert (look.name, look.detail, look.category) == ("block", "Functional · 2 layers", "nested")
    assert [slot.name for slot in look.inputs] == ["input"] and look.output_names == ("dense_1",)
    assert set(chain.edges) == {("c1", box), (box, "c4")}
    assert chain.matches_document() and chain.history.undo_label == "Make a nested model"
    chain.key(Qt.Key.Key_G, CONTROL | SHIFT)
    assert chain.selected() == ["c2", "c3"] and set(chain.edges) == {("c1", "c2"), ("c2", "c3"), ("c3", "c4")}
    assert chain.matches_document() and list(chain.document.graphs) == [ROOT]
    chain.history.undo()
    chain.history.undo()
    assert set(chain.view.graph_scene.boxes) == {"c1", "c2", "c3", "c4"} and chain.matches_document()


def test_what_cannot_be_grouped_is_said(chain: Bench) -> None:
    chain.view.select(["c1", "c2"])
    chain.key(Qt.Key.Key_G, CONTROL)
    assert "stays outside" in chain.problems[-1]
    chain.view.select(["c3"])
    chain.key(Qt.Key.Key_G, CONTROL)
    assert "not known yet" in chain.problems[-1]  # no engine has told the shape that c2 gives
    chain.key(Qt.Key.Key_G, CONTROL | SHIFT)
    assert "no nested model" in chain.problems[-1]
    assert list(chain.document.graphs) == [ROOT]


def test_a_double_click_enters_and_a_crumb_leaves(chain: Bench, box: str) -> None:
    shown: list[str] = []
    chain.view.graph_shown.connect(shown.append)
    chain.view.zoom_to(1.5)
    chain.view.centerOn(250, 250)
    before = (chain.view.zoom, chain.middle(box))
    chain.double_click(chain.middle(box))
    inner = chain.view.graph_id
    assert inner != ROOT and shown == [inner] and chain.matches_shown()
    assert set(chain.view.graph_scene.boxes) == set(chain.document.graphs[inner].calls) and chain.selected() == []
    assert crumbs(chain) == ["model", "block"]
    press_crumb(chain, 0)
    assert chain.view.graph_id == ROOT and chain.selected() == [box] and crumbs(chain) == ["model"]
    assert chain.view.zoom == before[0] and (chain.middle(box) - before[1]).manhattanLength() <= 2
    chain.key(Qt.Key.Key_Return)
    assert chain.view.graph_id == inner
    chain.key(Qt.Key.Key_Up, ALT)
    assert chain.view.graph_id == ROOT and chain.selected() == [box]
    chain.key(Qt.Key.Key_Up, ALT)  # there is nothing above
    assert chain.view.graph_id == ROOT


def test_everything_works_inside(chain: Bench, box: str) -> None:
    chain.view.select([box])
    chain.key(Qt.Key.Key_D, CONTROL | SHIFT)  # a second box of the same model
    (again,) = chain.selected()
    chain.view.select([box])
    chain.key(Qt.Key.Key_Return)
    inner = chain.view.graph_id
    dropout = chain.add("Dropout", 500, 400)
    assert dropout in chain.document.graphs[inner].calls and dropout not in chain.document.graph.calls
    chain.view.centerOn(400, 300)
    chain.drag(chain.output("c3"), chain.input(dropout))
    assert [edge.source for edge in chain.document.graphs[inner].edges_into(dropout)] == [TensorRef("c3")]
    chain.view.select([dropout])
    chain.key(Qt.Key.Key_O)
    assert chain.document.graphs[inner].output_refs() == [TensorRef("c3"), TensorRef(dropout)]
    assert chain.view.graph_scene.boxes[dropout].look.outputs == (True,) and chain.matches_shown()
    extra = chain.add("InputLayer", 600, 60)
    chain.view.run_action("leave_graph")
    assert [slot.name for slot in chain.view.graph_scene.boxes[again].look.inputs] == ["input", "input_1"]
    assert chain.view.graph_scene.boxes[box].look.output_count == 2 and chain.matches_document()
    chain.drag(chain.output("c1"), chain.input(box, 1))
    assert chain.document.call(box).args == ([TensorRef("c1"), TensorRef("c1")],)
    chain.view.run_action("enter_selected")
    chain.view.show_graph(inner)
    chain.view.select([extra])
    chain.key(Qt.Key.Key_Delete)
    chain.view.run_action("leave_graph")
    assert chain.document.call(box).args == (TensorRef("c1"),) and chain.matches_document()


def test_a_model_inside_a_model(chain: Bench, box: str) -> None:
    chain.view.set_shapes({key: CallDisplay(((None, 8),), ("float32",)) for key in ("c1", "c2", "c3")})
    chain.view.run_action("enter_selected")
    chain.view.select(["c3"])
    chain.key(Qt.Key.Key_G, CONTROL)
    chain.view.run_action("enter_selected")
    assert crumbs(chain) == ["model", "block", "block"] and "c3" in chain.view.graph_scene.boxes
    chain.history.undo()  # the graph that shows is gone: the one around it shows
    assert crumbs(chain) == ["model", "block"] and chain.matches_shown()
    chain.history.redo()
    chain.view.run_action("enter_selected")
    chain.view.reveal("c1")
    assert chain.view.graph_id == ROOT and chain.selected() == ["c1"]
    chain.view.reveal("c3")
    assert crumbs(chain) == ["model", "block", "block"]
    press_crumb(chain, 0)
    assert chain.selected() == [box]


def test_a_frozen_model_freezes_what_is_inside(chain: Bench, box: str) -> None:
    chain.view.select([box])
    chain.key(Qt.Key.Key_L)
    assert chain.view.graph_scene.boxes[box].look.frozen
    chain.view.run_action("enter_selected")
    looks = chain.view.graph_scene.boxes
    assert looks["c2"].look.frozen and looks["c2"].look.frozen_by == "block"
    source = chain.document.graphs[chain.view.graph_id].input_refs()[0].call
    assert not looks[source].look.frozen, "an Input has nothing to freeze"
    chain.history.undo()
    assert not looks["c2"].look.frozen


def test_another_document_shows_from_its_root(chain: Bench, box: str) -> None:
    chain.view.run_action("enter_selected")
    chain.document.replace_content(Document(name="other"))
    assert chain.view.graph_id == ROOT and crumbs(chain) == ["other"] and chain.matches_document()


def test_deleting_a_box_while_inside_another_graph(chain: Bench, box: str) -> None:
    chain.view.select([box])
    chain.key(Qt.Key.Key_Delete)
    assert list(chain.document.graphs) == [ROOT] and chain.matches_document()
    chain.history.undo()
    assert chain.matches_document()
    chain.view.select([box])
    chain.key(Qt.Key.Key_D, CONTROL)
    (copy,) = chain.selected()
    assert chain.document.operation_of(copy).graph != chain.document.operation_of(box).graph
    chain.double_click(chain.middle(copy))
    assert chain.matches_shown() and len(chain.view.graph_scene.boxes) == 3


def test_tidy_arranges_the_graph_that_shows(chain: Bench, box: str, qtbot: QtBot) -> None:
    outside = {key: chain.document.positions[key] for key in chain.document.graph.calls}
    chain.view.run_action("enter_selected")
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_Right)
    chain.view.run_action("tidy")
    qtbot.waitUntil(lambda: chain.history.undo_label == "Tidy")
    assert {key: chain.document.positions[key] for key in chain.document.graph.calls} == outside
    assert chain.history.undo_label == "Tidy" and chain.matches_shown()


def test_the_empty_place_of_a_click_is_inside(chain: Bench, box: str) -> None:
    chain.view.run_action("enter_selected")
    chain.double_click(QPoint(860, 650))
    chain.type("dropout")
    chain.key(Qt.Key.Key_Return)
    (made,) = chain.selected()
    assert made in chain.document.graphs[chain.view.graph_id].calls
