"""Dragging wires with the mouse."""

import pytest
from PySide6.QtCore import QPoint, Qt

from tests.gui.view.conftest import Bench

EMPTY = QPoint(760, 120)


def test_from_an_output_to_an_input(chain: Bench) -> None:
    chain.drag(chain.output("c2"), chain.input("c4"))
    assert ("c2", "c4") in chain.edges
    assert chain.history.undo_label == "Connect"
    chain.history.undo()
    assert ("c2", "c4") not in chain.edges
    assert chain.matches_document()


def test_from_an_output_on_to_a_box_takes_the_first_free_place(chain: Bench) -> None:
    chain.drag(chain.output("c2"), chain.middle("c4"))
    chain.drag(chain.output("c1"), chain.middle("c4"))
    assert [edge for edge in chain.edges if edge[1] == "c4"] == [("c2", "c4"), ("c1", "c4")]
    assert chain.matches_document()


def test_backwards_from_a_free_input(chain: Bench) -> None:
    chain.drag(chain.input("c4"), chain.output("c3"))
    assert ("c3", "c4") in chain.edges
    chain.drag(chain.input("c4", 1), chain.middle("c2"))
    assert ("c2", "c4") in chain.edges
    assert chain.matches_document()


def test_a_merge_shows_a_free_place_while_a_wire_is_over_it(chain: Bench) -> None:
    chain.wire("c2", "c4")
    chain.wire("c3", "c4")
    box = chain.view.graph_scene.boxes["c4"]
    assert len(box.shown_inputs()) == 2
    chain.drag_to(chain.output("c1"), chain.middle("c4"))
    assert len(box.shown_inputs()) == 3 and box.state.target
    chain.release(chain.middle("c4"))
    assert len(box.shown_inputs()) == 3 and not box.state.expanded
    assert ("c1", "c4") in chain.edges


def test_a_cycle_is_refused_with_the_reason_at_the_cursor(chain: Bench) -> None:
    before = chain.text()
    chain.drag_to(chain.output("c3"), chain.middle("c2"))
    assert "depend on its own output" in chain.reason()
    assert not chain.view.graph_scene.boxes["c2"].state.target
    chain.release(chain.middle("c2"))
    assert chain.text() == before and chain.reason() == ""
    assert chain.matches_document()


def test_an_input_layer_takes_no_wire(chain: Bench) -> None:
    other = chain.add("InputLayer", 500, 60)
    chain.drag_to(chain.output("c3"), chain.middle(other))
    assert "input" in chain.reason()
    chain.release(chain.middle(other))
    assert len(chain.edges) == 2


def test_a_layer_does_not_feed_itself(chain: Bench) -> None:
    chain.drag_to(chain.output("c4"), chain.input("c4"))
    assert chain.reason() == "A layer cannot feed itself."
    chain.release(chain.input("c4"))
    assert len(chain.edges) == 2


def test_escape_takes_the_dragged_wire_away(chain: Bench) -> None:
    before, items = chain.text(), len(chain.view.graph_scene.items())
    chain.drag_to(chain.output("c2"), chain.middle("c4"))
    assert len(chain.view.graph_scene.items()) == items + 1
    chain.key(Qt.Key.Key_Escape)
    chain.release(chain.middle("c4"))
    assert chain.text() == before and len(chain.view.graph_scene.items()) == items
    assert chain.matches_document()


def test_the_end_of_a_wire_moves_to_another_input(chain: Bench) -> None:
    chain.drag(chain.input("c3"), chain.input("c4"))
    assert chain.edges == [("c1", "c2"), ("c2", "c4")]
    chain.history.undo()
    assert chain.edges == [("c1", "c2"), ("c2", "c3")]
    assert chain.matches_document()


def test_the_end_of_a_wire_dropped_on_nothing_disconnects(chain: Bench) -> None:
    chain.drag(chain.input("c3"), EMPTY)
    assert chain.edges == [("c1", "c2")]
    assert chain.history.undo_label == "Disconnect"
    assert chain.matches_document()


def test_the_start_of_a_wire_moves_to_another_output(chain: Bench) -> None:
    wire = chain.view.graph_scene.wires[("c3", ("args", 0))]
    near_start = chain.pixel(wire.start()) + QPoint(0, 20)
    chain.drag(near_start, chain.output("c1"))
    assert chain.edges == [("c1", "c2"), ("c1", "c3")]
    assert chain.matches_document()


def test_a_wire_picked_up_and_put_back_changes_nothing(chain: Bench) -> None:
    steps = chain.history.undo_label, chain.text()
    chain.drag(chain.input("c3"), chain.input("c3") + QPoint(2, 2))
    chain.drag(chain.input("c3"), chain.middle("c3"))
    assert (chain.history.undo_label, chain.text()) == steps
    wire = chain.view.graph_scene.wires[("c3", ("args", 0))]
    assert wire.isVisible()


def test_a_click_on_a_port_does_nothing(chain: Bench) -> None:
    before = chain.text()
    chain.click(chain.output("c2"))
    chain.click(chain.input("c3"))
    assert chain.text() == before and chain.matches_document()


def test_an_undo_during_the_drag_ends_it(chain: Bench) -> None:
    chain.drag_to(chain.output("c1"), chain.middle("c4"))
    chain.history.undo()
    chain.release(chain.middle("c4"))
    assert chain.edges == [("c1", "c2")]
    assert chain.matches_document()


def test_the_whole_way_from_nothing_to_a_wired_model(bench: Bench) -> None:
    bench.add("InputLayer", 300, 100)
    bench.add("Dense", 300, 300)
    bench.drag(bench.output("c1"), bench.input("c2"))
    assert bench.edges == [("c1", "c2")]
    for _ in range(3):
        bench.history.undo()
    assert not bench.document.graph.calls and bench.matches_document()
    for _ in range(3):
        bench.history.redo()
    assert bench.edges == [("c1", "c2")] and bench.matches_document()


@pytest.mark.parametrize("zoom", [0.93, 1.0, 1.6])
def test_a_straight_wire_is_as_thick_everywhere(chain: Bench, zoom: float) -> None:
    wire = chain.view.graph_scene.wires[("c3", ("args", 0))]
    chain.view.zoom_to(zoom)
    image = chain.view.viewport().grab().toImage()
    start, end = chain.pixel(wire.start()), chain.pixel(wire.end())
    across = {tuple(image.pixel(start.x() + dx, y) for dx in (-1, 0, 1)) for y in range(start.y() + 15, end.y() - 15)}
    assert len(across) <= 2, "beside a dot of the ground it may look otherwise"
