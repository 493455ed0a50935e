"""Ports, when boxes are small: they leave room for the box, and do nothing where they are not painted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from tests.gui.view.conftest import Bench

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize("keys", [Qt.KeyboardModifier.NoModifier, CTRL])
def test_a_click_on_a_port_selects_the_box(chain: Bench, keys: Qt.KeyboardModifier) -> None:
    chain.click(chain.input("c2"), keys=keys)
    assert chain.selected() == ["c2"]
    chain.click(chain.output("c3"), keys=keys)
    assert chain.selected() == (["c2", "c3"] if keys == CTRL else ["c3"])
    chain.click(chain.output("c2"), keys=keys)
    assert chain.selected() == (["c3"] if keys == CTRL else ["c2"])
    assert chain.edges == [("c1", "c2"), ("c2", "c3")] and chain.matches_document()


def test_most_of_a_small_box_is_the_box(chain: Bench) -> None:
    chain.view.zoom_to(0.47)
    for call_id in ("c2", "c3"):
        below_its_port = chain.input(call_id) + QPoint(0, 7)
        places = dict(chain.document.positions)
        chain.drag(below_its_port, below_its_port + QPoint(60, 0))
        assert chain.selected() == [call_id] and chain.edges == [("c1", "c2"), ("c2", "c3")]
        assert chain.document.positions[call_id] != places[call_id]


def test_a_port_that_is_not_painted_moves_its_box(chain: Bench) -> None:
    chain.view.zoom_to(0.38)
    before = chain.document.positions["c3"]
    port = chain.input("c3") + QPoint(0, 1)
    chain.drag(port, port + QPoint(40, 0))
    assert chain.edges == [("c1", "c2"), ("c2", "c3")] and chain.document.positions["c3"] != before
    chain.history.undo()
    above = chain.input("c3") - QPoint(0, 3)
    chain.drag(above, above + QPoint(12, 0))
    assert chain.edges == [("c1", "c2"), ("c2", "c3")] and chain.matches_document()
