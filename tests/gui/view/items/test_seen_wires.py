"""One wire is seen where several lead into a collapsed frame: what is done to it is done to all of them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from graph_editor.view.items.collapsed_frames import CollapsedFrame
from tests.gui.view.commands.test_blocks import carried, drop, shipped
from tests.gui.view.conftest import Bench

SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def residual(bench: Bench) -> Bench:
    """Input c1 → Dense c2 → [Dense c3 → Add c4, with a skip from c2] → Dropout c5; a free Dense c6 beside them."""
    for class_name, x, y in [
        ("InputLayer", 200, 20),
        ("Dense", 200, 120),
        ("Dense", 200, 260),
        ("Add", 200, 360),
        ("Dropout", 200, 460),
        ("Dense", 500, 120),
    ]:
        bench.add(class_name, x, y)
    for source, target in [("c1", "c2"), ("c2", "c3"), ("c3", "c4"), ("c2", "c4"), ("c4", "c5")]:
        bench.wire(source, target)
    bench.view.select(["c3", "c4"])
    bench.key(Qt.Key.Key_C, SHIFT)
    bench.view.select(())
    assert sorted(bench.edges) == sorted(WIRES)
    return bench


WIRES = [("c1", "c2"), ("c2", "c3"), ("c3", "c4"), ("c2", "c4"), ("c4", "c5")]


def collapsed_frame(bench: Bench) -> CollapsedFrame:
    (item,) = bench.view.graph_scene.collapsed_frames.items.values()
    return item


def on_wire(bench: Bench) -> QPoint:
    start, end = bench.output("c2"), bench.pixel(collapsed_frame(bench).pos() + QPointF(86, 0))
    return QPoint((start.x() + end.x()) // 2, (start.y() + end.y()) // 2)


def after(bench: Bench, through: str) -> list[tuple[str, str]]:
    led = [("c2", through), (through, "c3"), (through, "c4")]
    return sorted([edge for edge in WIRES if edge not in (("c2", "c3"), ("c2", "c4"))] + led)


def test_a_box_dropped_on_it_goes_into_all_and_the_frame_makes_room(residual: Bench) -> None:
    before = residual.text()
    residual.drag(residual.middle("c6"), on_wire(residual))
    assert sorted(residual.edges) == after(residual, "c6") and residual.matches_document()
    assert str(residual.history.undo_label) == "Insert into a wire"
    y = {key: place[1] for key, place in residual.document.positions.items()}
    assert y["c2"] + 50 < y["c6"] and y["c6"] + 50 < collapsed_frame(residual).pos().y() and y["c4"] - y["c3"] == 100
    assert collapsed_frame(residual).pos().y() + 50 < y["c5"]
    residual.history.undo()
    assert residual.text() == before and residual.matches_document()


def test_a_layer_dropped_on_it_goes_into_all(residual: Bench) -> None:
    before = residual.text()
    at = on_wire(residual)
    residual.drop_layer(residual.drag_layer("Dropout", QPoint(5, 5), at), at)
    assert sorted(residual.edges) == sorted([*after(residual, "c7")]) and residual.matches_document()
    residual.history.undo()
    assert residual.text() == before and residual.matches_document()


def test_a_block_dropped_on_it_goes_into_all(residual: Bench) -> None:
    before = residual.text()
    mime = carried(shipped("mlp"))
    drop(residual, mime, on_wire(residual))
    residual.key(Qt.Key.Key_Return)
    made = residual.selected()
    assert len(made) == 4 and {("c2", made[0]), (made[-1], "c3"), (made[-1], "c4")} <= set(residual.edges)
    assert not {("c2", "c3"), ("c2", "c4")} & set(residual.edges) and residual.matches_document()
    y = {key: place[1] for key, place in residual.document.positions.items()}
    assert y[made[-1]] + 50 < collapsed_frame(residual).pos().y() and y["c4"] - y["c3"] == 100
    residual.history.undo()
    assert residual.text() == before and residual.matches_document()


def test_a_block_behind_a_collapsed_frame_comes_right_below_it(residual: Bench) -> None:
    start = residual.pixel(collapsed_frame(residual).pos() + QPointF(86, 50))
    end = residual.input("c5")
    mime = carried(shipped("mlp"))
    drop(residual, mime, QPoint((start.x() + end.x()) // 2, (start.y() + end.y()) // 2))
    residual.key(Qt.Key.Key_Return)
    made = residual.selected()
    assert {("c4", made[0]), (made[-1], "c5")} <= set(residual.edges) and residual.matches_document()
    gap = residual.document.positions[made[0]][1] - collapsed_frame(residual).rect().bottom()
    assert 60 <= gap <= 120 and residual.document.positions["c5"][1] > residual.document.positions[made[-1]][1] + 50


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a popup on the offscreen platform
def test_disconnecting_takes_all_of_it(residual: Bench) -> None:
    before, viewport, at = residual.text(), residual.view.viewport(), on_wire(residual)
    QApplication.sendEvent(viewport, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and menu.objectName() == "wireMenu"
    next(action for action in menu.actions() if action.objectName() == "disconnect").trigger()
    menu.close()
    assert not {("c2", "c3"), ("c2", "c4")} & set(residual.edges) and residual.matches_document()
    residual.history.undo()
    assert residual.text() == before


def test_its_end_inside_is_not_moved_but_taken_away_or_put_back(residual: Bench) -> None:
    before = residual.text()
    end = residual.pixel(collapsed_frame(residual).pos() + QPointF(86, -6))
    residual.drag_to(end, residual.middle("c6"))
    assert residual.reason() == "2 wires lead into the frame here. Open it to move one."
    residual.release(residual.middle("c6"))
    assert residual.text() == before
    residual.drag(end, residual.pixel(collapsed_frame(residual).rect().center()))
    assert residual.text() == before
    residual.drag(end, QPoint(40, 600))
    assert not {("c2", "c3"), ("c2", "c4")} & set(residual.edges)
    residual.history.undo()
    assert residual.text() == before and residual.matches_document()


def test_its_outer_end_moves_with_all_of_it(residual: Bench) -> None:
    residual.wire("c1", "c6")
    before = residual.text()
    near = residual.output("c2") + QPoint(0, 12)
    residual.drag_to(near, residual.output("c6"))
    residual.key(Qt.Key.Key_Escape)
    residual.release(residual.output("c6"))
    assert residual.text() == before
    residual.drag(near, residual.output("c6"))
    assert {("c6", "c3"), ("c6", "c4")} <= set(residual.edges) and ("c2", "c3") not in residual.edges
    assert ("c2", "c4") not in residual.edges and residual.matches_document()
    residual.history.undo()
    assert residual.text() == before and residual.matches_document()
