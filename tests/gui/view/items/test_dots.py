"""Dots on wires, with the mouse: put there, dragged, moved along with boxes, removed."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from graph_editor.document.canvas.wire_dots import dots_of
from graph_editor.document.document import FARTHEST
from graph_editor.document.edits import SetCanvas
from graph_editor.view.items.hits import dot_at
from graph_editor.view.items.wire_item import WireItem
from graph_editor.view.items.wire_preview import WirePreview
from tests.gui.view.conftest import Bench

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
KEY = ("c3", ("args", 0))
WIRE = ("c2", 0, "c3")


def item(bench: Bench) -> WireItem:
    return bench.view.graph_scene.wires[KEY]


def dots(bench: Bench) -> tuple[tuple[float, float], ...]:
    return dots_of(bench.document).get(WIRE, ())


def spot(bench: Bench, x: float, y: float) -> QPoint:
    return bench.pixel(QPointF(x, y))


def put(bench: Bench, *places: tuple[float, float]) -> None:
    assert bench.view.actions_on_boxes.put_dots(WIRE, places, "put")  # type: ignore[arg-type]


def test_a_double_click_puts_a_dot_on_the_wire(chain: Bench) -> None:
    before = chain.text()
    middle = QPointF(*item(chain).points()[6])
    chain.double_click(chain.pixel(middle))
    assert chain.history.undo_label == "Add a dot" and len(dots(chain)) == 1
    assert abs(dots(chain)[0][0] - middle.x()) <= 1 and abs(dots(chain)[0][1] - middle.y()) <= 1
    assert item(chain).dots == dots(chain) and chain.matches_document()
    chain.history.undo()
    assert chain.text() == before and item(chain).dots == ()
    chain.history.redo()
    assert item(chain).dots == dots(chain) != ()


def test_the_wire_runs_smoothly_through_its_dots_in_order(chain: Bench) -> None:
    put(chain, (420, 270), (100, 300))
    curves = item(chain).curves
    assert [curve[3] for curve in curves[:-1]] == [(420.0, 270.0), (100.0, 300.0)]
    for one, other in pairwise(curves):
        into = (one[3][0] - one[2][0], one[3][1] - one[2][1])
        out = (other[1][0] - other[0][0], other[1][1] - other[0][1])
        assert abs(into[0] * out[1] - into[1] * out[0]) < 1e-6, "no kink"
    assert item(chain) in chain.view.graph_scene.wires_in(QRectF(419, 269, 2, 2))
    assert chain.view.graph_scene.content_rect().right() >= 420


def test_a_dot_is_dragged_in_one_step_and_esc_puts_it_back(chain: Bench) -> None:
    put(chain, (420, 270))
    before = chain.text()
    chain.drag_to(spot(chain, 420, 270), spot(chain, 470, 290))
    assert item(chain).dots == ((470.0, 290.0),) and chain.text() == before
    chain.key(Qt.Key.Key_Escape)
    chain.release(spot(chain, 470, 290))
    assert chain.text() == before and item(chain).dots == ((420.0, 270.0),) and chain.matches_document()
    chain.drag(spot(chain, 420, 270), spot(chain, 470, 290))
    assert dots(chain) == ((470.0, 290.0),) and chain.history.undo_label == "Move a dot"
    chain.history.undo()
    assert chain.text() == before and item(chain).dots == ((420.0, 270.0),)
    assert chain.matches_document()


def test_a_dot_stops_in_line_with_its_neighbours(chain: Bench) -> None:
    put(chain, (420, 250), (500, 300))
    chain.drag(spot(chain, 500, 300), spot(chain, 424, 310))
    assert dots(chain) == ((420.0, 250.0), (420.0, 310.0))
    chain.drag(spot(chain, 420, 310), spot(chain, 423, 320), keys=ALT)
    assert dots(chain)[1] == (423.0, 320.0)


def test_a_dot_dropped_on_the_way_without_it_goes(chain: Bench) -> None:
    put(chain, (420, 270))
    start, end = item(chain).start(), item(chain).end()
    on_line = start + (end - start) * 0.5
    chain.drag_to(spot(chain, 420, 270), chain.pixel(on_line))
    assert item(chain).dots == (), "the wire shows what would be"
    chain.release(chain.pixel(on_line))
    assert dots(chain) == () and chain.history.undo_label == "Remove a dot"
    chain.history.undo()
    assert dots(chain) == ((420.0, 270.0),) and chain.matches_document()


def test_alt_pulls_a_new_dot_out_of_the_wire(chain: Bench) -> None:
    middle = chain.pixel(QPointF(*item(chain).points()[6]))
    before = chain.text()
    chain.drag_to(middle, middle + QPoint(80, 10), keys=ALT)
    chain.key(Qt.Key.Key_Escape)
    chain.release(middle)
    assert chain.text() == before and item(chain).dots == ()
    chain.drag(middle, middle + QPoint(80, 10), keys=ALT)
    assert len(dots(chain)) == 1 and chain.history.undo_label == "Add a dot"
    chain.click(chain.pixel(QPointF(*item(chain).points()[4])), keys=ALT)
    assert len(dots(chain)) == 2, "a click is enough"
    chain.history.undo()
    chain.history.undo()
    assert chain.text() == before


@pytest.mark.parametrize("way", ["delete", "double click"])
def test_a_dot_under_the_mouse_is_removed(chain: Bench, way: str) -> None:
    put(chain, (420, 250), (420, 300))
    at = spot(chain, 420, 300)
    chain.move(at + QPoint(200, 0))
    chain.move(at)
    assert item(chain).hovered_dot == 1
    if way == "delete":
        chain.key(Qt.Key.Key_Delete)
    else:
        chain.double_click(at)
    assert dots(chain) == ((420.0, 250.0),) and chain.history.undo_label == "Remove a dot"
    chain.history.undo()
    assert len(dots(chain)) == 2 and len(chain.document.graph.calls) == 4


def test_delete_takes_the_boxes_when_no_dot_is_under_the_mouse(chain: Bench) -> None:
    put(chain, (420, 270))
    chain.move(spot(chain, 420, 270))
    chain.move(spot(chain, 700, 100))
    chain.view.select(["c4"])
    chain.key(Qt.Key.Key_Delete)
    assert len(dots(chain)) == 1 and "c4" not in chain.document.graph.calls


def test_delete_takes_what_was_chosen_after_the_mouse_came_to_rest_on_a_dot(chain: Bench) -> None:
    put(chain, (420, 270))
    chain.move(spot(chain, 500, 270))
    chain.move(spot(chain, 420, 270))
    chain.key(Qt.Key.Key_A, CTRL)
    chain.key(Qt.Key.Key_Delete)
    assert not chain.document.graph.calls and chain.matches_document()
    chain.history.undo()
    assert dots(chain) == ((420.0, 270.0),) and chain.matches_document()
    chain.click(spot(chain, 420, 270))
    chain.key(Qt.Key.Key_Delete)
    assert dots(chain) == () and len(chain.document.graph.calls) == 4, "a click on it is meant for it"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a popup on the offscreen platform
def test_the_menu_of_a_wire_adds_and_removes(chain: Bench) -> None:
    def choose(at: QPoint, name: str) -> None:
        viewport = chain.view.viewport()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at))
        QApplication.sendEvent(viewport, event)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        next(action for action in menu.actions() if action.objectName() == name).trigger()
        menu.close()

    for number in (4, -4):
        choose(chain.pixel(QPointF(*item(chain).points()[number])), "add_dot")
    assert len(dots(chain)) == 2
    choose(spot(chain, *dots(chain)[0]), "remove_dot")
    assert len(dots(chain)) == 1
    put(chain, (420, 250), (420, 300))
    choose(spot(chain, 420, 250), "remove_dots")
    assert dots(chain) == () and chain.matches_document()


def test_dots_go_along_with_both_boxes_while_these_are_dragged(chain: Bench) -> None:
    put(chain, (420, 270))
    before = chain.text()
    chain.view.select(["c2", "c3"])
    chain.drag_to(chain.middle("c2"), chain.middle("c2") + QPoint(-60, 17), keys=ALT)
    assert item(chain).dots == ((360.0, 287.0),)
    chain.key(Qt.Key.Key_Escape)
    chain.release(chain.middle("c2"))
    assert chain.text() == before and item(chain).dots == ((420.0, 270.0),)
    chain.key(Qt.Key.Key_Right)
    assert dots(chain) == ((430.0, 270.0),)
    chain.history.undo()
    assert chain.text() == before and item(chain).dots == ((420.0, 270.0),)
    chain.view.select(["c3"])
    chain.key(Qt.Key.Key_Right)
    assert dots(chain) == ((420.0, 270.0),)


def test_tidy_takes_them_away(chain: Bench, qtbot: object) -> None:
    put(chain, (420, 270))
    before = chain.text()
    assert chain.view.actions_on_boxes.tidy({key: (x + 1, y) for key, (x, y) in chain.document.positions.items()})
    assert dots(chain) == () and item(chain).dots == ()
    chain.history.undo()
    assert chain.text() == before and item(chain).dots == ((420.0, 270.0),) and chain.matches_document()


def test_a_wire_dragged_to_another_box_keeps_its_dots(chain: Bench) -> None:
    put(chain, (420, 270))
    chain.drag(chain.input("c3"), chain.input("c4"))
    assert dots_of(chain.document) == {("c2", 0, "c4"): ((420.0, 270.0),)} and chain.matches_document()
    chain.history.undo()
    chain.drag(chain.output("c2"), chain.output("c1"), keys=CTRL)
    assert ("c1", 0, "c3") in dots_of(chain.document)


def test_hostile_dots_are_drawn_nowhere(chain: Bench) -> None:
    hostile = [{"from": "c2", "output": 0, "to": "c3", "at": [[float("nan"), 1], [1e200, 2], "x"]}, 7]
    chain.history.do("hostile", [SetCanvas({"dots": hostile})])
    assert item(chain).dots == () and chain.matches_document()
    chain.view.grab()


def test_a_dot_may_lie_at_the_end_of_the_world(chain: Bench) -> None:
    put(chain, (-FARTHEST, FARTHEST))
    chain.view.fit()
    chain.view.grab()
    assert chain.matches_document()
    chain.view.zoom_to(1.0)
    chain.view.centerOn(-FARTHEST, FARTHEST)
    hit = dot_at(chain.view.graph_scene, QPointF(-FARTHEST + 1, FARTHEST), 1.0)
    assert hit is not None and hit.wire is item(chain)


def test_a_layer_dropped_on_a_wire_shares_its_dots(chain: Bench) -> None:
    put(chain, (420, 262), (420, 600))
    before = chain.text()
    at = chain.pixel(QPointF(*item(chain).points()[13 + 6]))
    mime = chain.drag_layer("Dropout", chain.pixel(QPointF(700, 60)), at)
    chain.drop_layer(mime, at)
    new = next(call.id for call in chain.document.graph.calls.values() if call.id not in ("c1", "c2", "c3", "c4"))
    found = dots_of(chain.document)
    assert found[("c2", 0, new)] == ((420.0, 262.0),) and len(found[(new, 0, "c3")]) == 1
    assert found[(new, 0, "c3")][0][1] >= 600 and chain.matches_document()
    chain.history.undo()
    assert chain.text() == before and chain.matches_document()


def test_copies_have_dots_of_their_own(chain: Bench) -> None:
    put(chain, (420, 270))
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_C, CTRL)
    chain.move(spot(chain, 600, 500))
    chain.key(Qt.Key.Key_V, CTRL)
    (wire,) = dots_of(chain.document).keys() - {WIRE}
    new = chain.view.graph_scene
    assert wire[0] in chain.selected() and wire[2] in chain.selected()
    dx = chain.document.positions[wire[0]][0] - chain.document.positions["c2"][0]
    dy = chain.document.positions[wire[0]][1] - chain.document.positions["c2"][1]
    assert dots_of(chain.document)[wire] == ((420.0 + dx, 270.0 + dy),) and new.dots
    assert chain.matches_document()
    chain.history.undo()
    assert list(dots_of(chain.document)) == [WIRE] and chain.matches_document()


def test_a_wire_that_is_picked_up_still_runs_through_its_dots(chain: Bench) -> None:
    put(chain, (420, 270))
    chain.drag_to(chain.input("c3"), chain.input("c4"))
    preview = next(part for part in chain.view.graph_scene.items() if isinstance(part, WirePreview))
    assert preview.boundingRect().contains(QPointF(420, 270))
    chain.key(Qt.Key.Key_Escape)
    chain.release(chain.input("c4"))
    assert chain.matches_document()


def test_a_picture_follows_the_dots_and_shows_none(chain: Bench, tmp_path: Path) -> None:
    sizes, rounds = [], []
    for places in ((), ((520, 270), (-300, 300))):
        put(chain, *places)
        chain.view.render_image(tmp_path / "graph.svg")
        root = ElementTree.parse(tmp_path / "graph.svg").getroot()
        sizes.append(float(root.get("viewBox", "").split()[2]))
        rounds.append(len([part for part in root.iter() if part.tag.endswith(("circle", "ellipse"))]))
    assert sizes[1] > sizes[0] + 200, "the wire leads out to the left"
    assert rounds[0] == rounds[1] > 0
