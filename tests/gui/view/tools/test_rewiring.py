"""Deleting with a bridge, dropping boxes on wires and wires on nothing, replacing layers."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QListView

from graph_editor.document.changes.commands import set_parameter
from graph_editor.document.graph import TensorRef
from graph_editor.view.floating.search_popup import SearchPopup
from graph_editor.view.painting.content import CallDisplay
from tests.gui.view.conftest import Bench

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def test_delete_and_reconnect_bridges_the_gap(chain: Bench) -> None:
    before = chain.text()
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_Delete, CTRL)
    assert chain.edges == [("c1", "c3")] and chain.matches_document()
    chain.history.undo()
    assert chain.text() == before and chain.matches_document()
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_Delete, ALT)
    assert chain.edges == [("c1", "c3")]


def test_a_bridge_over_several_boxes_and_to_the_output(chain: Bench) -> None:
    chain.wire("c3", "c4")
    chain.wire("c1", "c4")
    chain.view.actions_on_boxes.add(chain.catalog.layer("Dense"), (500, 500), after=TensorRef("c4"))  # type: ignore[arg-type]
    chain.key(Qt.Key.Key_O)
    chain.view.select(["c2", "c3", "c4"])
    chain.key(Qt.Key.Key_Delete, CTRL)
    assert chain.edges == [("c1", "c5")]
    chain.history.undo()
    chain.view.select(["c5", "c4"])
    chain.key(Qt.Key.Key_Delete, CTRL)
    assert chain.document.graph.output_refs() == [TensorRef("c3")] and chain.matches_document()


def test_no_tensor_becomes_an_output_twice(chain: Bench) -> None:
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_O)
    chain.view.select(["c3"])
    chain.key(Qt.Key.Key_Delete, CTRL)
    assert chain.document.graph.output_refs() == [TensorRef("c2")] and chain.matches_document()


def test_without_anything_before_it_a_bridge_is_a_deletion(chain: Bench) -> None:
    chain.view.select(["c1"])
    chain.key(Qt.Key.Key_Delete, CTRL)
    assert chain.edges == [("c2", "c3")] and chain.document.graph.input_refs() == []


def _on_wire(bench: Bench, source: str, target: str) -> QPoint:
    """A pixel in the middle of a wire."""
    scene = bench.view.graph_scene
    wire = next(w for w in scene.wires.values() if (w.edge.source.call, w.edge.target) == (source, target))
    return bench.pixel(QPointF(*wire.points()[len(wire.points()) // 2]))


def test_a_box_dropped_on_a_wire_goes_in_and_the_rest_makes_room(chain: Bench) -> None:
    chain.add("Dropout", 480, 60)
    chain.view.select(())
    before, steps = chain.text(), dict(chain.document.positions)
    wire = chain.view.graph_scene.wires[("c3", ("args", 0))]
    chain.drag_to(chain.middle("c5"), _on_wire(chain, "c2", "c3"))
    assert wire.hovered
    chain.release(_on_wire(chain, "c2", "c3"))
    assert sorted(chain.edges) == [("c1", "c2"), ("c2", "c5"), ("c5", "c3")]
    y = {key: place[1] for key, place in chain.document.positions.items()}
    assert y["c2"] + 50 < y["c5"] and y["c5"] + 50 < y["c3"] and y["c4"] == steps["c4"][1]
    assert not chain.view.graph_scene.wires[("c3", ("args", 0))].hovered and chain.matches_document()
    chain.history.undo()
    assert chain.text() == before and chain.matches_document()


def test_alt_keeps_a_box_out_of_the_wire(chain: Bench) -> None:
    chain.add("Dropout", 480, 60)
    place = _on_wire(chain, "c2", "c3")
    chain.drag_to(chain.middle("c5"), place)
    chain.release(place, keys=ALT)
    assert chain.edges == [("c1", "c2"), ("c2", "c3")] and chain.history.undo_label == "Move"
    assert not chain.view.graph_scene.wires[("c3", ("args", 0))].hovered and chain.matches_document()


def test_escape_takes_the_highlight_away(chain: Bench) -> None:
    chain.add("Dropout", 480, 60)
    before, place = chain.text(), _on_wire(chain, "c2", "c3")
    chain.drag_to(chain.middle("c5"), place)
    chain.key(Qt.Key.Key_Escape)
    chain.release(place)
    assert chain.text() == before and not chain.view.graph_scene.wires[("c3", ("args", 0))].hovered


def test_a_box_that_is_wired_or_an_input_does_not_go_in(chain: Bench) -> None:
    chain.add("InputLayer", 480, 60)
    place = _on_wire(chain, "c2", "c3")
    chain.drag(chain.middle("c5"), place)
    assert chain.edges == [("c1", "c2"), ("c2", "c3")]
    chain.wire("c5", "c4")
    chain.drag(chain.middle("c4"), _on_wire(chain, "c1", "c2"))
    assert sorted(chain.edges) == [("c1", "c2"), ("c2", "c3"), ("c5", "c4")]


def test_no_box_goes_into_a_wire_that_depends_on_it(chain: Bench) -> None:
    chain.view.actions_on_boxes.disconnect(next(iter(chain.document.graph.edges_into("c2"))))
    chain.drag(chain.middle("c2"), _on_wire(chain, "c2", "c3"))
    assert chain.edges == [("c2", "c3")] and chain.matches_document()


def _search(bench: Bench) -> SearchPopup:
    popup = bench.view.findChild(SearchPopup)
    assert popup is not None
    return popup


def _offered(bench: Bench) -> list[str]:
    model = _search(bench).findChild(QListView).model()  # type: ignore[union-attr]
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_a_wire_dropped_on_nothing_offers_what_fits_its_shape(chain: Bench) -> None:
    shapes = {"c1": (None, 28, 28, 3), "c2": (None, 12), "c3": (None, 7, 9)}
    chain.view.set_shapes({key: CallDisplay((shape,), ("float32",)) for key, shape in shapes.items()})
    first = {}
    for call_id in shapes:
        chain.drag(chain.output(call_id), QPoint(700, 150))
        assert _search(chain).isVisible()
        first[call_id] = _offered(chain)
        chain.key(Qt.Key.Key_Escape)
    assert first["c1"][0] == "Conv2D" and first["c2"][0] == "Dense" and first["c3"][0] == "Conv1D"
    assert first["c1"].index("Conv1D") > first["c1"].index("Flatten")
    assert "Input" not in first["c1"] and first["c3"].index("LSTM") < first["c3"].index("Conv2D")


def test_the_chosen_layer_is_wired_as_one_step(chain: Bench) -> None:
    before, place = chain.text(), QPoint(700, 150)
    chain.drag(chain.output("c3"), place)
    chain.type("dense")
    chain.key(Qt.Key.Key_Return)
    assert ("c3", "c5") in chain.edges and (chain.input("c5") - place).manhattanLength() <= 2
    assert chain.matches_document()
    chain.history.undo()
    assert chain.text() == before


def test_a_wire_dropped_backwards_adds_what_feeds_it(chain: Bench) -> None:
    before, place = chain.text(), QPoint(700, 150)
    chain.drag(chain.input("c4"), place)
    chain.type("input")
    chain.key(Qt.Key.Key_Return)
    assert ("c5", "c4") in chain.edges and (chain.output("c5") - place).manhattanLength() <= 2
    chain.history.undo()
    assert chain.text() == before and chain.matches_document()


def test_escape_in_the_search_leaves_nothing(chain: Bench) -> None:
    before = chain.text()
    chain.drag(chain.output("c3"), QPoint(700, 150))
    chain.key(Qt.Key.Key_Escape)
    assert chain.text() == before and chain.matches_document()
    chain.key(Qt.Key.Key_Tab)
    chain.type("dense")
    chain.key(Qt.Key.Key_Return)
    assert len(chain.edges) == 2, "the wire is forgotten"


def _replace_by(bench: Bench, *call_ids: str, name: str) -> None:
    bench.view.select(call_ids)
    bench.key(Qt.Key.Key_R, CTRL)
    bench.type(name)
    bench.key(Qt.Key.Key_Return)


def test_a_layer_is_replaced_and_keeps_wires_and_parameters(chain: Bench) -> None:
    graph, history = chain.document.graph, chain.history
    operation = graph.operation_of("c2").id
    history.do("", set_parameter(chain.document, operation, "units", 77))
    history.do("", set_parameter(chain.document, operation, "activation", "tanh"))
    before = chain.text()
    _replace_by(chain, "c2", name="gru")
    made = graph.operation_of("c2")
    assert made.class_name == "GRU" and made.config["units"] == 77 and made.config["activation"] == "tanh"
    assert made.name == "gru" and chain.edges == [("c1", "c2"), ("c2", "c3")] and chain.matches_document()
    history.undo()
    assert chain.text() == before and chain.matches_document()


def test_several_layers_are_replaced_and_names_that_were_given_stay(chain: Bench) -> None:
    chain.view.actions_on_boxes.rename("c3", "head")
    _replace_by(chain, "c2", "c3", name="Add")
    names = [chain.document.graph.operation_of(key).name for key in ("c2", "c3")]
    assert names == ["add_1", "head"] and chain.edges == [("c1", "c2"), ("c2", "c3")]
    _replace_by(chain, "c2", "c3", name="Dropout")
    assert chain.edges == [("c1", "c2"), ("c2", "c3")] and chain.matches_document()


def test_wires_without_a_place_go_and_sizes_spread_over_the_axes(chain: Bench) -> None:
    chain.wire("c2", "c4")
    chain.wire("c3", "c4")
    _replace_by(chain, "c4", name="Conv1D")
    operation = chain.document.graph.operation_of("c4")
    assert [source for source, target in chain.edges if target == "c4"] == ["c2"]
    chain.history.do("", set_parameter(chain.document, operation.id, "kernel_size", [5]))
    _replace_by(chain, "c4", name="Conv2D")
    assert chain.document.graph.operation_of("c4").config["kernel_size"] == [5, 5] and chain.matches_document()


def test_a_nested_model_is_replaced_with_all_that_is_in_it(chain: Bench) -> None:
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_G, CTRL)
    (model,) = chain.selected()
    before = chain.text()
    _replace_by(chain, model, name="Dense")
    assert len(chain.document.graphs) == 1 and ("c1", model) in chain.edges and chain.matches_document()
    chain.history.undo()
    assert chain.text() == before and chain.matches_document()


def test_an_input_is_not_replaced(chain: Bench) -> None:
    before = chain.text()
    _replace_by(chain, "c1", name="Dense")
    assert chain.text() == before and len(chain.problems) == 1
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_R, CTRL)
    chain.key(Qt.Key.Key_Escape)
    assert chain.text() == before and not _search(chain).isVisible()
