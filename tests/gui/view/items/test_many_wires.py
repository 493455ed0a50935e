"""Several wires at once: cut by a stroke, moved with their port."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt

from tests.gui.view.conftest import Bench

CTRL = Qt.KeyboardModifier.ControlModifier
BOTH = CTRL | Qt.KeyboardModifier.ShiftModifier


def stroke(bench: Bench) -> tuple[QPoint, QPoint]:
    """From the left of the wire below c2 to the right of it."""
    middle = bench.middle("c2") + QPoint(0, 60)
    return middle - QPoint(140, 0), middle + QPoint(140, 4)


def test_a_stroke_cuts_wires_as_one_step(chain: Bench) -> None:
    chain.wire("c2", "c4")
    before = chain.text()
    start, end = stroke(chain)
    chain.drag_to(start, end, keys=BOTH)
    assert [wire.hovered for wire in chain.view.graph_scene.wires.values()].count(True) == 2
    chain.release(end, keys=BOTH)
    assert chain.edges == [("c1", "c2")] and chain.history.undo_label == "Cut wires" and chain.matches_document()
    chain.history.undo()
    assert chain.text() == before and chain.matches_document()


def test_a_stroke_cuts_from_afar_too(chain: Bench) -> None:
    chain.view.zoom_to(0.3)
    middle = chain.middle("c2") + (chain.middle("c3") - chain.middle("c2")) * 0.5
    chain.drag(middle - QPoint(40, 0), middle + QPoint(40, 0), keys=BOTH)
    assert chain.edges == [("c1", "c2")]
    chain.view.zoom_to(1.0)
    assert chain.matches_document()


def test_a_stroke_through_nothing_and_escape_cut_nothing(chain: Bench) -> None:
    before, steps = chain.text(), chain.history.undo_label
    chain.drag(QPoint(740, 100), QPoint(780, 140), keys=BOTH)
    start, end = stroke(chain)
    chain.drag_to(start, end, keys=BOTH)
    chain.key(Qt.Key.Key_Escape)
    chain.release(end, keys=BOTH)
    assert chain.text() == before and chain.history.undo_label == steps and chain.matches_document()
    assert not any(wire.hovered for wire in chain.view.graph_scene.wires.values())


def test_all_wires_of_an_output_move_to_another_one(chain: Bench) -> None:
    chain.wire("c2", "c4")
    before = chain.text()
    chain.drag_to(chain.output("c2"), chain.output("c1"), keys=CTRL)
    assert not chain.view.graph_scene.wires[("c3", ("args", 0))].isVisible()
    chain.release(chain.output("c1"), keys=CTRL)
    assert sorted(chain.edges) == [("c1", "c2"), ("c1", "c3"), ("c1", "c4")] and chain.matches_document()
    chain.history.undo()
    assert chain.text() == before and chain.matches_document()


def test_wires_that_would_make_a_cycle_are_refused_with_the_reason(chain: Bench) -> None:
    before = chain.text()
    chain.drag_to(chain.output("c1"), chain.output("c3"), keys=CTRL)
    assert "depend on its own output" in chain.reason()
    chain.release(chain.output("c3"), keys=CTRL)
    assert chain.text() == before and chain.reason() == "" and chain.matches_document()


def test_dropped_on_nothing_they_go_and_escape_leaves_them(chain: Bench) -> None:
    chain.wire("c2", "c4")
    before = chain.text()
    chain.drag_to(chain.output("c2"), QPoint(760, 120), keys=CTRL)
    chain.key(Qt.Key.Key_Escape)
    chain.release(QPoint(760, 120), keys=CTRL)
    assert chain.text() == before and chain.matches_document()
    chain.drag(chain.output("c2"), QPoint(760, 120), keys=CTRL)
    assert chain.edges == [("c1", "c2")]
    chain.history.undo()
    assert chain.text() == before and chain.matches_document()
