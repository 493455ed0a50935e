"""Deleting with a bridge, dropping boxes on wires and wires on nothing, replacing layers."""

from __future__ import annotations

from PySide6.QtCore import Qt

from graph_editor.document.graph import TensorRef
from tests.gui.canvas.conftest import Bench

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
