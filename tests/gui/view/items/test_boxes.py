"""Selecting, moving and changing boxes."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from graph_editor.document.checking.validation import Problem
from graph_editor.document.graph import TensorRef
from graph_editor.view.painting.box_painter import prepare
from graph_editor.view.painting.content import box_tooltip
from resources.text import Text
from tests.gui.view.conftest import Bench

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
MIDDLE = Qt.MouseButton.MiddleButton


def test_a_click_selects_and_says_so(chain: Bench) -> None:
    chain.click(chain.middle("c2"))
    assert chain.selections == [("c2",)]
    chain.click(chain.middle("c3"), keys=CTRL)
    assert chain.selected() == ["c2", "c3"]
    chain.click(chain.middle("c2"), keys=CTRL)
    assert chain.selected() == ["c3"]
    chain.click(QPoint(760, 120))
    assert chain.selected() == []


def test_a_box_is_dragged_as_one_step(chain: Bench) -> None:
    before = dict(chain.document.positions)
    start = chain.middle("c4")
    chain.drag(start, start + QPoint(60, 30))
    x, y = before["c4"]
    assert chain.document.positions["c4"] == (x + 60, y + 30)
    assert chain.history.undo_label == "Move" and chain.matches_document()
    chain.history.undo()
    assert chain.document.positions == before and chain.matches_document()


def test_all_selected_boxes_move_together(chain: Bench) -> None:
    before = dict(chain.document.positions)
    chain.view.select(["c2", "c3"])
    start = chain.middle("c2")
    chain.drag(start, start + QPoint(-40, 10))
    moved = {key: (x - 40, y + 10) if key in ("c2", "c3") else (x, y) for key, (x, y) in before.items()}
    assert chain.document.positions == moved


def test_escape_puts_dragged_boxes_back(chain: Bench) -> None:
    before = chain.text()
    start = chain.middle("c4")
    chain.drag_to(start, start + QPoint(60, 30))
    assert chain.middle("c4") != start
    chain.key(Qt.Key.Key_Escape)
    chain.release(start)
    assert chain.text() == before and chain.middle("c4") == start
    assert chain.matches_document()


def test_the_rubber_band_selects_what_it_touches(chain: Bench) -> None:
    chain.drag(chain.middle("c1") - QPoint(150, 60), chain.middle("c2") + QPoint(10, 10))
    assert chain.selected() == ["c1", "c2"]
    chain.drag(chain.middle("c4") - QPoint(150, 60), chain.middle("c4"), keys=SHIFT)
    assert chain.selected() == ["c1", "c2", "c4"]
    assert chain.matches_document()


def test_escape_gives_the_selection_back(chain: Bench) -> None:
    chain.view.select(["c4"])
    chain.drag_to(chain.middle("c1") - QPoint(150, 60), chain.middle("c2"))
    assert chain.selected() == ["c1", "c2"]
    chain.key(Qt.Key.Key_Escape)
    chain.release(chain.middle("c2"))
    assert chain.selected() == ["c4"]
    assert chain.matches_document()


def test_the_middle_button_and_space_move_the_canvas(chain: Bench) -> None:
    before = chain.middle("c1")
    chain.drag(QPoint(700, 400), QPoint(740, 430), button=MIDDLE)
    assert chain.middle("c1") == before + QPoint(40, 30)
    chain.view.setFocus()
    QTest.keyPress(chain.view, Qt.Key.Key_Space)
    chain.drag(chain.middle("c2"), chain.middle("c2") - QPoint(40, 30))
    QTest.keyRelease(chain.view, Qt.Key.Key_Space)
    assert chain.middle("c1") == before
    assert not chain.selections


def test_delete_takes_boxes_and_their_wires(chain: Bench) -> None:
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_Delete)
    assert set(chain.document.graph.calls) == {"c1", "c3", "c4"}
    assert chain.selected() == [] and chain.matches_document()
    chain.history.undo()
    assert chain.edges == [("c1", "c2"), ("c2", "c3")] and chain.matches_document()
    chain.key(Qt.Key.Key_A, CTRL)
    chain.key(Qt.Key.Key_Backspace)
    assert not chain.document.graph.calls and chain.matches_document()
    chain.history.undo()
    assert len(chain.edges) == 2 and chain.matches_document()


def test_arrows_nudge_and_count_as_one_step(chain: Bench) -> None:
    x, y = chain.document.positions["c2"]
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_Right)
    chain.key(Qt.Key.Key_Down)
    chain.key(Qt.Key.Key_Left, SHIFT)
    assert chain.document.positions["c2"] == (x + 9, y + 10)
    chain.history.undo()
    assert chain.document.positions["c2"] == (x, y)


def test_duplicate_share_and_freeze(chain: Bench) -> None:
    graph = chain.document.graph
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_D, CTRL)
    (copy,) = chain.view.selection
    assert graph.operation_of(copy).id != graph.operation_of("c2").id
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_D, CTRL | SHIFT)
    (again,) = chain.view.selection
    assert graph.operation_of(again) == graph.operation_of("c2")
    boxes = chain.view.graph_scene.boxes
    assert boxes["c2"].look.shared == boxes[again].look.shared == 2
    chain.key(Qt.Key.Key_L)
    assert not graph.operation_of("c2").trainable
    assert boxes["c2"].look.frozen and boxes[again].look.frozen
    chain.key(Qt.Key.Key_L)
    assert graph.operation_of("c2").trainable
    chain.key(Qt.Key.Key_Delete)
    assert boxes["c2"].look.shared == 1 and chain.matches_document()


def test_o_marks_outputs_as_one_step(chain: Bench) -> None:
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_O)
    assert chain.document.graph.output_refs() == [TensorRef("c2"), TensorRef("c3")]
    assert chain.view.graph_scene.boxes["c3"].look.outputs == (True,)
    chain.history.undo()
    assert chain.document.graph.output_refs() == []
    assert chain.view.graph_scene.boxes["c3"].look.outputs == (False,)


def test_rename_in_place(chain: Bench) -> None:
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_F2)
    field = chain.view.findChild(QLineEdit, "nameField")
    assert field is not None and field.isVisible()
    chain.type("hidden")
    chain.key(Qt.Key.Key_Return)
    assert chain.document.graph.operation_of("c2").name == "hidden"
    assert chain.view.graph_scene.boxes["c2"].look.name == "hidden" and chain.view.hasFocus()
    chain.double_click(chain.middle("c2"))
    chain.type("other")
    chain.key(Qt.Key.Key_Escape)
    assert chain.document.graph.operation_of("c2").name == "hidden" and not field.isVisible()


def test_a_name_that_is_taken_is_refused_in_a_sentence(chain: Bench) -> None:
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_F2)
    chain.type(chain.document.graph.operation_of("c3").name)
    chain.key(Qt.Key.Key_Return)
    assert len(chain.problems) == 1 and "already" in chain.problems[0]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a popup on the offscreen platform
def test_menus_on_box_wire_and_canvas(chain: Bench) -> None:
    def open_menu(at: QPoint) -> QMenu:
        viewport = chain.view.viewport()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at))
        QApplication.sendEvent(viewport, event)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        return menu

    def choose(menu: QMenu, name: str) -> None:
        action = next(action for action in menu.actions() if action.objectName() == name)
        action.trigger()
        menu.close()

    choose(open_menu(chain.middle("c2")), "toggle_output")
    assert chain.document.graph.output_refs() == [TensorRef("c2")]
    wire = chain.view.graph_scene.wires[("c3", ("args", 0))]
    middle = wire.points()[len(wire.points()) // 2]
    choose(open_menu(chain.pixel(QPointF(*middle))), "disconnect")
    assert chain.edges == [("c1", "c2")]
    choose(open_menu(QPoint(760, 120)), "select_all")
    assert len(chain.view.selection) == 4


def test_a_long_problem_takes_two_lines_on_a_ground_of_its_own_and_is_whole_in_the_tooltip(chain: Bench) -> None:
    words = "the wire that leads here gives something else " * 9
    chain.view.set_problems([Problem("error", Text(words), "c2")])
    scene = chain.view.graph_scene
    look = scene.boxes["c2"].look
    laid_out = prepare(look, scene.style_sheet)
    assert len(laid_out.below) == 2 and laid_out.below[-1].text.text().endswith("…")
    ((ground, kind),) = laid_out.grounds
    assert kind == "error" and scene.style_sheet.message_fill[kind].color().alpha() == 255
    for row in laid_out.below:
        assert ground.left() <= row.at.x() and row.at.x() + row.width <= ground.right()
        assert ground.top() <= row.at.y() and row.at.y() + row.face.height <= ground.bottom()
    assert words.strip() in box_tooltip(look, "", [])
