"""The canvas moves on while something is dragged to its edge."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
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
