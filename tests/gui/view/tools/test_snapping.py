"""Boxes that are dragged stop in line with others."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt

from graph_editor.view.tools.snapping import Guides
from tests.gui.view.conftest import Bench

ALT = Qt.KeyboardModifier.AltModifier


def guides(bench: Bench) -> list[tuple[float, float, float, float]]:
    items = [item for item in bench.view.graph_scene.items() if isinstance(item, Guides)]
    return [(line.x1(), line.y1(), line.x2(), line.y2()) for item in items for line in item.lines()]


def test_a_box_stops_in_line_and_a_line_shows_it(chain: Bench) -> None:
    start = chain.middle("c4")
    end = start + QPoint(-120, -143)
    chain.drag_to(start, end)
    ((_, top, _, bottom),) = guides(chain)
    assert top == bottom == 200 + 25
    chain.release(end)
    assert chain.document.positions["c4"] == (380, 200) and guides(chain) == [] and chain.matches_document()
    chain.history.undo()
    assert chain.document.positions["c4"] == (500, 340)


def test_a_column_pulls_as_well(chain: Bench) -> None:
    start = chain.middle("c2")
    chain.drag_to(start, start + QPoint(4, 30))
    assert any(x1 == x2 == 200 + 86 for x1, _, x2, _ in guides(chain))
    chain.release(start + QPoint(4, 30))
    assert chain.document.positions["c2"][0] == 200


def test_alt_leaves_boxes_free(chain: Bench) -> None:
    start = chain.middle("c4")
    chain.drag_to(start, start + QPoint(-120, -143))
    chain.release(start + QPoint(-120, -143), keys=ALT)
    assert chain.document.positions["c4"] == (380, 197) and chain.matches_document()


def test_escape_takes_the_lines_away(chain: Bench) -> None:
    before, start = chain.text(), chain.middle("c4")
    chain.drag_to(start, start + QPoint(-120, -143))
    chain.key(Qt.Key.Key_Escape)
    chain.release(start)
    assert chain.text() == before and guides(chain) == [] and chain.matches_document()


def test_boxes_dragged_together_do_not_pull_each_other(chain: Bench) -> None:
    chain.view.select(["c1", "c2", "c3"])
    start = chain.middle("c2")
    chain.drag(start, start + QPoint(-33, 5))
    places = chain.document.positions
    assert places["c2"] == (167, 205) and places["c1"] == (167, 65)
