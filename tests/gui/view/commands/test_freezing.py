"""Freezing by keys and menus: the selection, everything above it, and nothing any more."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from graph_editor.document.changes.commands import set_output
from graph_editor.document.graph import TensorRef
from graph_editor.view.painting.content import CallDisplay
from tests.gui.view.conftest import Bench

SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def frozen(bench: Bench) -> list[str]:
    graphs = bench.document.graphs.values()
    return [key for graph in graphs for key in graph.calls if not graph.operation_of(key).trainable]


def test_everything_above_a_box_freezes_in_one_step_and_all_unfreezes(chain: Bench) -> None:
    norm = chain.add("BatchNormalization", 200, 480)
    last = chain.add("Dense", 200, 620)
    chain.wire("c3", norm)
    chain.wire(norm, last)
    chain.view.select((last,))
    before = chain.text()
    chain.key(Qt.Key.Key_L, SHIFT)
    assert frozen(chain) == ["c2", "c3", norm] and chain.history.undo_label == "Freeze everything above"
    assert chain.view.graph_scene.boxes[norm].look.frozen and not chain.view.graph_scene.boxes[last].look.frozen
    chain.history.undo()
    assert chain.text() == before
    chain.history.redo()
    chain.key(Qt.Key.Key_L, ALT)
    assert frozen(chain) == []
    chain.history.undo()
    assert frozen(chain) == ["c2", "c3", norm]


def test_only_layers_with_weights_are_marked(chain: Bench) -> None:
    chain.view.set_shapes({"c2": CallDisplay(((None, 8),), ("float32",), 0), "c3": CallDisplay((), (), 72)})
    chain.wire("c3", "c4")
    chain.view.select(("c1", "c2", "c3", "c4"))
    chain.key(Qt.Key.Key_L)
    assert frozen(chain) == ["c3"], "Keras counted no weights in c2, and an input and a sum have none"
    chain.key(Qt.Key.Key_L)
    assert frozen(chain) == []
    steps = chain.history.undo_label
    chain.view.select(("c4",))
    chain.key(Qt.Key.Key_L)
    assert chain.history.undo_label == steps and "no weights" in chain.problems[-1]


def test_where_nothing_is_to_be_done_a_sentence_says_so(chain: Bench) -> None:
    before = chain.text()
    chain.key(Qt.Key.Key_L, ALT)
    chain.key(Qt.Key.Key_L, SHIFT)
    chain.view.select(("c2",))
    chain.key(Qt.Key.Key_L, SHIFT)
    assert len(chain.problems) == 3 and chain.text() == before


def test_the_menu_of_a_box_freezes_above_it(chain: Bench) -> None:
    chain.click(chain.middle("c3"), Qt.MouseButton.LeftButton)
    menu = open_menu(chain, "c3")
    next(action for action in menu.actions() if action.objectName() == "freeze_above").trigger()
    menu.close()
    assert frozen(chain) == ["c2"]


def test_a_nested_model_freezes_with_all_that_is_in_it_and_unfreezes_from_inside(chain: Bench) -> None:
    chain.history.do("output", set_output(chain.document, TensorRef("c3"), True))
    chain.view.set_shapes({key: CallDisplay(((None, 8),), ("float32",), 72) for key in ("c2", "c3")})
    chain.view.select(("c2", "c3"))
    chain.view.run_action("group_selection")
    (model,) = chain.selected()
    chain.key(Qt.Key.Key_L)
    assert set(frozen(chain)) == {model, "c2", "c3"}
    chain.view.run_action("enter_selected")
    assert chain.view.graph_scene.boxes["c2"].look.frozen
    chain.view.select(("c2",))
    chain.key(Qt.Key.Key_L)
    assert frozen(chain) == ["c3"] and not chain.view.graph_scene.boxes["c2"].look.frozen
    assert chain.view.graph_scene.boxes["c3"].look.frozen
    chain.history.undo()
    assert set(frozen(chain)) == {model, "c2", "c3"}


def open_menu(bench: Bench, call: str) -> QMenu:
    from PySide6.QtGui import QContextMenuEvent

    spot = bench.middle(call)
    view = bench.view.viewport()
    QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, view.mapToGlobal(spot)))
    menu = bench.view.findChild(QMenu, "boxMenu")
    assert isinstance(menu, QMenu)
    return menu
