"""The canvas moves on while something is dragged to its edge."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from graph_editor.view.tools.edge_pan import EdgePan
from tests.gui.view.conftest import Bench


def pan_of(bench: Bench) -> EdgePan:
    pan = bench.view.findChild(EdgePan)
    assert pan is not None
    return pan


def test_a_box_dragged_to_the_edge_goes_on(chain: Bench, qtbot: QtBot) -> None:
    x = chain.document.positions["c4"][0]
    right, start = chain.view.viewport().width() - 3, chain.middle("c4")
    seen = chain.view.visible_area().left()
    chain.drag_to(start, QPoint(right, start.y()))
    qtbot.waitUntil(lambda: chain.view.visible_area().left() > seen + 60)
    chain.release(QPoint(right, start.y()))
    moved = chain.document.positions["c4"][0] - x
    assert moved > right - start.x() + 50 and chain.document.positions["c4"][1] == 340
    assert not pan_of(chain).active and chain.matches_document()


@pytest.mark.parametrize("key", ["port", "band"])
def test_wires_and_the_rubber_band_go_on_and_esc_ends_it(chain: Bench, qtbot: QtBot, key: str) -> None:
    before, edge = chain.text(), QPoint(450, chain.view.viewport().height() - 2)
    top = chain.view.visible_area().top()
    chain.drag_to(chain.output("c4") if key == "port" else QPoint(760, 100), edge)
    qtbot.waitUntil(lambda: chain.view.visible_area().top() > top + 30)
    chain.key(Qt.Key.Key_Escape)
    assert not pan_of(chain).active
    chain.release(edge)
    assert chain.text() == before and chain.matches_document()


def test_a_press_at_the_edge_alone_moves_nothing(chain: Bench) -> None:
    chain.press(QPoint(3, 300))
    chain.move(QPoint(4, 300))
    assert not pan_of(chain).active
    chain.release(QPoint(4, 300))


def test_a_wire_on_a_panel_beside_the_canvas_moves_nothing_and_means_nothing(chain: Bench, qtbot: QtBot) -> None:
    before, seen = chain.text(), chain.view.visible_area()
    beside = QPoint(chain.view.viewport().width() + 40, 300)
    chain.drag_to(chain.output("c4"), beside)
    qtbot.wait(100)
    assert not pan_of(chain).active
    chain.release(beside)
    popup = chain.view.findChild(QWidget, "searchPopup")
    assert popup is None or not popup.isVisible()
    assert chain.text() == before and chain.view.visible_area() == seen and chain.matches_document()


def test_a_wire_that_was_picked_up_stays_when_it_is_dropped_on_a_panel(chain: Bench) -> None:
    before = chain.text()
    beside = QPoint(-60, 300)
    chain.drag_to(chain.input("c4"), beside)
    chain.release(beside)
    assert chain.text() == before and chain.matches_document()
