"""Boxes that are collapsed to a bar with their name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from graph_editor.document.canvas.collapsing import collapsed_boxes
from graph_editor.document.checking.validation import Problem
from graph_editor.document.files.file_format import loads
from graph_editor.document.graph import Edge, TensorRef
from graph_editor.document.sizes import BOX_HEIGHT, SLIM_HEIGHT
from graph_editor.view.items.spoken import box_words
from resources.text import Text
from tests.gui.view.conftest import Bench

CTRL = Qt.KeyboardModifier.ControlModifier


def collapse(bench: Bench, *call_ids: str) -> None:
    bench.view.select(call_ids)
    bench.key(Qt.Key.Key_C)
    bench.view.select(())


def height(bench: Bench, call_id: str) -> float:
    return bench.view.graph_scene.boxes[call_id].rect().height()


def test_the_key_collapses_and_expands_as_one_step(chain: Bench) -> None:
    before = chain.text()
    collapse(chain, "c2", "c3")
    assert collapsed_boxes(chain.document) == {"c2", "c3"} and str(chain.history.undo_label) == "Collapse"
    assert [height(chain, key) for key in ("c1", "c2", "c3")] == [BOX_HEIGHT, SLIM_HEIGHT, SLIM_HEIGHT]
    assert collapsed_boxes(loads(chain.text().encode())) == {"c2", "c3"} and chain.matches_document()
    collapse(chain, "c1", "c2")  # not all are, so all become it
    assert collapsed_boxes(chain.document) == {"c1", "c2", "c3"}
    collapse(chain, "c1", "c2", "c3")
    assert chain.text() == before and height(chain, "c2") == BOX_HEIGHT
    for _ in range(3):
        chain.history.undo()
    assert chain.text() == before and chain.matches_document()
    chain.history.redo()
    assert height(chain, "c2") == SLIM_HEIGHT and chain.matches_document()


def test_without_a_selection_the_key_does_nothing(chain: Bench) -> None:
    before, label = chain.text(), chain.history.undo_label
    collapse(chain)
    assert chain.text() == before and chain.history.undo_label == label


def test_wires_attach_to_the_bar_and_can_be_made_there(chain: Bench) -> None:
    collapse(chain, "c1", "c2")
    scene = chain.view.graph_scene
    wire = next(wire for wire in scene.wires.values() if (wire.edge.source.call, wire.edge.target) == ("c1", "c2"))
    assert wire.start() == scene.boxes["c1"].pos() + QPointF(86, SLIM_HEIGHT)
    below = chain.middle("c2") + QPoint(40, 24)  # inside the box until it was collapsed
    chain.click(below)
    assert chain.selected() == []
    chain.drag(chain.output("c2"), chain.middle("c4"))
    assert ("c2", "c4") in chain.edges and chain.matches_document()
    chain.history.undo()
    chain.drag(chain.output("c1"), chain.input("c4"))
    assert ("c1", "c4") in chain.edges and chain.matches_document()


def test_a_bar_is_dragged_into_line_by_its_middle(chain: Bench) -> None:
    collapse(chain, "c4")
    start = chain.middle("c4")
    end = start + QPoint(-120, -143 + 12)
    chain.drag(start, end)
    assert chain.document.positions["c4"] == (380, 200 + (BOX_HEIGHT - SLIM_HEIGHT) / 2)
    assert chain.middle("c4").y() == chain.middle("c2").y() and chain.matches_document()


def test_what_lies_below_a_bar_follows_it_closely(chain: Bench) -> None:
    collapse(chain, "c1")
    chain.view.select(["c1"])
    spec = chain.catalog.layer("Dropout")
    assert spec is not None
    chain.view.add_layer(spec)
    (new,) = chain.selected()
    top = chain.view.graph_scene.boxes["c1"].rect().top()
    assert chain.document.positions[new][1] == top + SLIM_HEIGHT + 56


def test_tidy_and_align_know_its_height(chain: Bench) -> None:
    collapse(chain, "c2")
    sizes, _ = chain.view.graph_scene.collapsed_frames.outline()
    assert sizes["c2"][1] == SLIM_HEIGHT and sizes["c1"][1] == BOX_HEIGHT
    chain.view.select(["c2", "c4"])
    chain.key(Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
    boxes = chain.view.graph_scene.boxes
    assert boxes["c2"].rect().bottom() == boxes["c4"].rect().bottom() and chain.matches_document()


def test_deleted_and_copied_bars(chain: Bench) -> None:
    collapse(chain, "c2")
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_D, CTRL)
    (twin,) = chain.selected()
    assert collapsed_boxes(chain.document) == {"c2", twin} and chain.matches_document()
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_C, CTRL)
    chain.key(Qt.Key.Key_V, CTRL)
    (pasted,) = chain.selected()
    assert collapsed_boxes(chain.document) == {"c2", twin, pasted}
    chain.view.select(["c2", pasted])
    chain.key(Qt.Key.Key_Delete)
    assert collapsed_boxes(chain.document) == {twin} and chain.matches_document()
    chain.history.undo()
    assert collapsed_boxes(chain.document) == {"c2", twin, pasted} and chain.matches_document()


def test_a_bar_still_says_what_is_wrong_with_it(chain: Bench) -> None:
    edge = Edge(TensorRef("c1"), "c2", ("args", 0))
    chain.view.set_problems([Problem("error", Text("The shapes differ."), "c2", edge)])
    collapse(chain, "c2")
    box = chain.view.graph_scene.boxes["c2"]
    assert box.look.severity == "error" and box.look.collapsed
    image = chain.view.grab().toImage()
    sign = box._texts().warned
    assert sign is not None
    at = chain.pixel(box.pos() + QPointF(sign.left() + 2, sign.center().y()))
    calm = replace(box.look, severity="", message="")
    box.show_look(calm)
    assert image.pixelColor(at) != chain.view.grab().toImage().pixelColor(at)
    assert "collapsed" in box_words(chain.view.graph_scene, "c2")


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a popup on the offscreen platform
def test_its_menu_expands_it(chain: Bench) -> None:
    collapse(chain, "c2")
    at = chain.middle("c2")
    viewport = chain.view.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at))
    QApplication.sendEvent(viewport, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    entry = next(action for action in menu.actions() if action.objectName() == "collapse_selection")
    assert entry.text().startswith("Expand")
    entry.trigger()
    menu.close()
    assert collapsed_boxes(chain.document) == frozenset()


def test_what_is_no_list_in_a_file_is_passed_over(chain: Bench) -> None:
    collapse(chain, "c2")
    for found in ('"c2"', "{}", "7"):
        text = chain.text().replace('["c2"]', found)
        assert collapsed_boxes(loads(text.encode())) == frozenset(), found
