"""Frames that are collapsed: one box stands in for those in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from graph_editor.document.canvas.frames import frames_of
from graph_editor.document.canvas.seen import Seen, key_of
from graph_editor.document.canvas.wire_dots import dots_of, put_dots, wire_of
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import dumps, loads
from graph_editor.document.graph import Call, Operation, TensorRef
from graph_editor.layout.layered import arrange_document
from graph_editor.view.items.collapsed_frames import CollapsedFrame
from graph_editor.view.items.spoken import selection_words
from graph_editor.view.painting.content import CallDisplay
from resources.text import Text
from tests.gui.view.conftest import Bench

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


FRAME = {"title": "Middle", "color": "blue", "collapsed": True}


def chain_of(count: int) -> Document:
    """Dense layers called c0, c1 … below each other."""
    document = Document()
    for number in range(count):
        config = {"name": f"d{number}", "units": 8}
        document.graph.put_operation(Operation(f"o{number}", "Dense", config, "keras.layers"))
        args = (TensorRef(f"c{number - 1}"),) if number else ()
        document.graph.put_call(Call(f"c{number}", f"o{number}", args))
    document.positions = dict(arrange_document(document))
    return document


@pytest.fixture
def folded(chain: Bench) -> Bench:
    """Input → [Dense → Dense] → Dropout below each other, what is in brackets collapsed; a free Add beside them."""
    chain.add("Dropout", 200, 480)
    chain.wire("c3", "c5")
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_C, SHIFT)
    chain.view.select(())
    assert chain.matches_document()
    return chain


def collapsed_frame(bench: Bench) -> CollapsedFrame:
    (item,) = bench.view.graph_scene.collapsed_frames.items.values()
    return item


def middle(bench: Bench) -> QPoint:
    return bench.pixel(collapsed_frame(bench).rect().center())


def unfolded(bench: Bench) -> bool:
    return not bench.view.graph_scene.collapsed_frames.items and bench.matches_document()


def test_a_selection_becomes_one_box_in_one_step(chain: Bench) -> None:
    before = chain.text()
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_C, SHIFT)
    (frame,) = frames_of(chain.document)
    assert frame.boxes == ("c2", "c3") and frame.collapsed and chain.selected() == ["c2", "c3"]
    assert str(chain.history.undo_label) == "Collapse into one" and collapsed_frame(chain).state.selected
    assert frames_of(loads(chain.text().encode())) == [frame] and chain.matches_document()
    chain.history.undo()
    assert chain.text() == before and unfolded(chain)
    chain.history.redo()
    assert collapsed_frame(chain).members == ("c2", "c3") and chain.matches_document()


def test_a_frame_collapses_as_it_is_and_opens_again(chain: Bench) -> None:
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_J, CTRL)
    chain.key(Qt.Key.Key_Escape)  # keep the title
    before = chain.text()
    assert '"collapsed"' not in before
    chain.view.select(["c3"])
    chain.key(Qt.Key.Key_C, SHIFT)
    assert collapsed_frame(chain).members == ("c2", "c3") and not chain.view.graph_scene.frames.items
    for key, keys in ((Qt.Key.Key_C, SHIFT), (Qt.Key.Key_C, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Return, None)):
        assert chain.selected() == ["c2", "c3"]
        chain.key(key, keys or Qt.KeyboardModifier.NoModifier)
        assert unfolded(chain) and chain.text() == before, key
        chain.history.undo()
    chain.double_click(middle(chain))
    assert unfolded(chain) and chain.text() == before and str(chain.history.undo_label) == "Open the frame"


def test_without_a_selection_it_says_what_to_do(chain: Bench) -> None:
    before = chain.text()
    chain.key(Qt.Key.Key_C, SHIFT)
    assert chain.text() == before and chain.problems == ["Select the boxes that are to be collapsed into one."]


def test_what_lies_below_moves_up_and_makes_room_again(chain: Bench) -> None:
    chain.view.select(["c4"])
    chain.key(Qt.Key.Key_Delete)
    below = chain.add("Dropout", 200, 480)
    chain.wire("c3", below)
    places = dict(chain.document.positions)
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_C, SHIFT)
    assert chain.document.positions[below] == (200, 340) and chain.matches_document()
    chain.key(Qt.Key.Key_C, SHIFT)
    assert chain.document.positions == places and unfolded(chain)


def test_the_dots_of_wires_stay_with_their_boxes(chain: Bench) -> None:
    chain.view.select(["c4"])
    chain.key(Qt.Key.Key_Delete)
    below = [chain.add("Dropout", 200, y) for y in (480, 620)]
    chain.wire("c3", below[0])
    chain.wire(below[0], below[1])
    wire = chain.view.graph_scene.wires_at(below[1])[0]
    assert chain.view.actions_on_boxes.do(
        Text("Dot"), lambda: put_dots(chain.document, wire_of(wire.edge), [(300, 600)])
    )
    before = chain.text()
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_C, SHIFT)
    assert collapsed_frame(chain).members == ("c2", "c3") and dots_of(chain.document)[wire_of(wire.edge)] == (
        (300, 460),
    )
    assert chain.matches_document()
    chain.key(Qt.Key.Key_C, SHIFT)
    frame = frames_of(chain.document)[0]
    assert not frame.collapsed and dots_of(chain.document)[wire_of(wire.edge)] == ((300, 600),)
    chain.history.undo()
    chain.history.undo()
    assert chain.text() == before


def test_wires_across_the_border_end_at_it_and_those_inside_are_hidden(folded: Bench) -> None:
    scene, item = folded.view.graph_scene, collapsed_frame(folded)
    wires = {(wire.edge.source.call, wire.edge.target): wire for wire in scene.wires.values()}
    assert wires["c2", "c3"].hidden and not wires["c1", "c2"].hidden
    assert wires["c1", "c2"].end() == item.pos() + QPointF(86, 0)
    assert wires["c3", "c5"].start() == item.pos() + QPointF(86, 50)
    assert [ref.call for ref in item.inlets] == ["c1"] and [ref.call for ref in item.outlets] == ["c3"]


def test_it_says_what_is_in_it(folded: Bench) -> None:
    shapes = {"c3": CallDisplay(((None, 8),), ("float32",), 1234), "c2": CallDisplay(((None, 4),), ("float32",), 11111)}
    folded.view.set_shapes(shapes)
    item = collapsed_frame(folded)
    assert (item.look.detail, item.summary) == ("2 layers · 12.3k", "2 layers · 12,345 parameters")
    assert item.look.labels == (folded.view.graph_scene.boxes["c3"].look.labels[0],) and item.look.labels[0]
    assert not item.look.severity and not item.look.frozen
    folded.view.set_problems([Problem("error", Text("The shapes differ."), "c2")])
    assert (item.look.severity, item.look.message) == ("error", "The shapes differ.")
    folded.view.select(["c2"])
    folded.key(Qt.Key.Key_L)
    assert not item.look.frozen
    folded.view.select(["c3"])
    folded.key(Qt.Key.Key_L)
    assert item.look.frozen
    folded.view.select(["c2", "c3"])
    words = selection_words(folded.view.graph_scene, folded.view.selection)
    assert "collapsed frame" in words and "2 layers · 12,345 parameters" in words
    assert "Error: The shapes differ" in words
    folded.view.set_problems([Problem("warning", Text("The shapes differ."), "c2")])
    softly = selection_words(folded.view.graph_scene, folded.view.selection)
    assert "The shapes differ" in softly and "Error" not in softly
    assert "wires from input" in words and "frozen" in words


def test_it_tells_when_all_of_it_is_bypassed(folded: Bench) -> None:
    folded.view.select(["c2"])
    folded.key(Qt.Key.Key_B)
    assert collapsed_frame(folded).look.left_out is None
    folded.view.select(["c3"])
    folded.key(Qt.Key.Key_B)
    left_out = collapsed_frame(folded).look.left_out
    assert left_out is not None and left_out.kind == "bypassed" and folded.matches_document()


def test_a_click_selects_all_of_it_and_with_shift_adds(folded: Bench) -> None:
    folded.click(middle(folded))
    assert folded.selected() == ["c2", "c3"] and collapsed_frame(folded).state.selected
    folded.click(folded.middle("c4"), keys=SHIFT)
    assert folded.selected() == ["c2", "c3", "c4"]
    folded.click(middle(folded), keys=SHIFT)
    assert folded.selected() == ["c4"] and not collapsed_frame(folded).state.selected
    corner = folded.pixel(collapsed_frame(folded).pos())
    folded.drag(corner + QPoint(-20, -20), corner + QPoint(30, 20))
    assert folded.selected() == ["c2", "c3"]


def test_dragging_it_moves_all_of_it_in_one_step_and_esc_does_not(folded: Bench) -> None:
    before, places, start = folded.text(), dict(folded.document.positions), middle(folded)
    folded.drag_to(start, start + QPoint(100, 40), keys=ALT)
    assert middle(folded) == start + QPoint(100, 40)
    folded.key(Qt.Key.Key_Escape)
    folded.release(start)
    assert folded.text() == before and middle(folded) == start and folded.matches_document()
    folded.drag(start, start + QPoint(100, 40), keys=ALT)
    moved = {key: (x + 100, y + 40) if key in ("c2", "c3") else (x, y) for key, (x, y) in places.items()}
    assert folded.document.positions == moved and folded.matches_document()
    folded.key(Qt.Key.Key_Right)
    assert folded.document.positions["c3"][0] == moved["c3"][0] + 10 and folded.matches_document()
    folded.history.undo()
    folded.history.undo()
    assert folded.text() == before and folded.matches_document()


def test_it_stops_in_line_with_others(folded: Bench) -> None:
    start = middle(folded)
    folded.drag(start, start + QPoint(0, 136))
    assert collapsed_frame(folded).pos().y() == folded.document.positions["c4"][1]


def test_delete_takes_all_of_it_and_undo_brings_it_back(folded: Bench) -> None:
    before = folded.text()
    folded.click(middle(folded))
    folded.key(Qt.Key.Key_Delete)
    assert sorted(folded.document.graph.calls) == ["c1", "c4", "c5"] and unfolded(folded)
    folded.history.undo()
    assert folded.text() == before and collapsed_frame(folded).members == ("c2", "c3") and folded.matches_document()


def test_a_copy_of_it_is_collapsed_too(folded: Bench) -> None:
    folded.click(middle(folded))
    folded.key(Qt.Key.Key_C, CTRL)
    folded.key(Qt.Key.Key_V, CTRL)
    assert [len(item.members) for item in folded.view.graph_scene.collapsed_frames.items.values()] == [2, 2]
    assert len(folded.document.graph.calls) == 7 and folded.matches_document()
    folded.key(Qt.Key.Key_D, CTRL)
    assert len(folded.view.graph_scene.collapsed_frames.items) == 3 and folded.matches_document()


def test_a_wire_is_refused_there_with_the_reason(folded: Bench) -> None:
    before = folded.text()
    for end in (middle(folded), folded.pixel(collapsed_frame(folded).pos() + QPointF(86, -4))):
        folded.drag_to(folded.output("c4"), end)
        assert folded.reason() == "Open the frame to wire its boxes."
        folded.release(end)
        assert folded.text() == before
    folded.drag_to(folded.input("c4"), middle(folded))
    assert folded.reason() == "Open the frame to wire its boxes."
    folded.key(Qt.Key.Key_Escape)
    folded.release(middle(folded))
    assert folded.text() == before and folded.matches_document()


def test_its_output_can_be_wired_and_its_wires_moved(folded: Bench) -> None:
    port = folded.pixel(collapsed_frame(folded).pos() + QPointF(86, 50))
    folded.drag(port, folded.middle("c4"))
    assert ("c3", "c4") in folded.edges and folded.matches_document()
    folded.history.undo()
    folded.drag(folded.input("c4"), port)
    assert ("c3", "c4") in folded.edges and folded.matches_document()
    folded.history.undo()
    end = folded.pixel(collapsed_frame(folded).pos() + QPointF(86, -6))
    folded.drag(end, folded.middle("c4"))  # the end of the wire from the input
    assert ("c1", "c4") in folded.edges and ("c1", "c2") not in folded.edges and folded.matches_document()
    folded.history.undo()
    before = folded.text()
    folded.drag(end, middle(folded))  # back where it was
    assert folded.text() == before


def test_walking_stops_at_it_once(folded: Bench) -> None:
    folded.view.select(["c1"])
    folded.key(Qt.Key.Key_Down, CTRL)
    assert folded.selected() == ["c2", "c3"]
    folded.key(Qt.Key.Key_Down, CTRL)
    assert folded.selected() == ["c5"]
    folded.key(Qt.Key.Key_Up, CTRL)
    assert folded.selected() == ["c2", "c3"]
    folded.key(Qt.Key.Key_Right, CTRL)
    assert folded.selected() == ["c4"]
    folded.key(Qt.Key.Key_Left, CTRL)
    assert folded.selected() in (["c2", "c3"], ["c5"], ["c1"])


def test_what_is_hidden_is_shown_by_opening_the_frame(folded: Bench) -> None:
    folded.view.reveal("c3")
    assert unfolded(folded) and folded.selected() == ["c3"] and str(folded.history.undo_label) == "Open the frame"
    folded.history.undo()
    assert collapsed_frame(folded).members == ("c2", "c3")


def test_find_rings_it_while_typing_and_opens_it_on_enter(folded: Bench) -> None:
    before, steps = folded.text(), str(folded.history.undo_label)
    folded.key(Qt.Key.Key_F, CTRL)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    folded.type("dense_1")
    assert folded.selected() == ["c3"] and folded.text() == before and str(folded.history.undo_label) == steps
    folded.key(Qt.Key.Key_Return)
    assert unfolded(folded) and folded.selected() == ["c3"]


def test_it_is_renamed_in_place(folded: Bench) -> None:
    folded.click(middle(folded))
    folded.key(Qt.Key.Key_F2)
    folded.type("encoder")
    folded.key(Qt.Key.Key_Return)
    assert frames_of(folded.document)[0].title == "encoder" and collapsed_frame(folded).look.name == "encoder"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a popup on the offscreen platform
def test_its_menu(folded: Bench) -> None:
    viewport = folded.view.viewport()

    def entry(name: str) -> None:
        at = middle(folded)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at))
        QApplication.sendEvent(viewport, event)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu) and menu.objectName() == "collapsedFrameMenu"
        actions = [*menu.actions(), *(more for sub in menu.findChildren(QMenu) for more in sub.actions())]
        next(action for action in actions if action.objectName() == name).trigger()
        menu.close()

    entry("green")
    assert collapsed_frame(folded).look.category == "frame.green"
    entry("unframe_selection")
    assert unfolded(folded) and not frames_of(folded.document)
    folded.history.undo()
    entry("collapse_into_one")
    assert unfolded(folded) and folded.selected() == ["c2", "c3"]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_menu_of_an_open_frame_collapses_it(folded: Bench) -> None:
    folded.double_click(middle(folded))
    viewport, scene = folded.view.viewport(), folded.view.graph_scene
    (frame,) = scene.frames.items.values()
    at = folded.pixel(frame.bar().center() - QPointF(70, 0))
    QApplication.sendEvent(viewport, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.objectName() == "collapse_frame").trigger()
    menu.close()
    assert collapsed_frame(folded).members == ("c2", "c3") and folded.matches_document()


def test_arrows_open_and_collapse_by_a_click(folded: Bench) -> None:
    before, scene = folded.text(), folded.view.graph_scene
    folded.click(folded.pixel(collapsed_frame(folded).toggle().center()))
    assert unfolded(folded) and str(folded.history.undo_label) == "Open the frame"
    (frame,) = scene.frames.items.values()
    start = folded.pixel(frame.toggle().center())
    folded.drag(start, start + QPoint(-30, 0), keys=ALT)
    assert unfolded(folded) and scene.frames.items  # a drag moves it
    folded.history.undo()
    folded.double_click(start)  # twice by mistake: once is enough
    assert folded.text() == before and folded.matches_document() and QApplication.focusWidget() is folded.view
    folded.double_click(middle(folded))
    assert unfolded(folded)


def test_a_picture_shows_it_and_not_what_it_hides(folded: Bench, tmp_path: Path) -> None:
    folded.view.actions_on_boxes.change_frame(collapsed_frame(folded).frame.id, title="Encoder")
    folded.view.render_image(tmp_path / "graph.svg")
    text = (tmp_path / "graph.svg").read_text("utf-8")
    assert "Encoder" in text and "dense_1" not in text
    folded.view.reveal("c3")
    folded.view.render_image(tmp_path / "graph.svg")
    assert "dense_1" in (tmp_path / "graph.svg").read_text("utf-8")


def test_a_large_file_with_one_opens_bit_by_bit(bench: Bench, qtbot: QtBot) -> None:
    document = chain_of(600)
    document.canvas_extra = {"frames": {"f1": {**FRAME, "boxes": [f"c{number}" for number in range(100, 500)]}}}
    bench.document.replace_content(loads(dumps(document)))
    bench.view.set_shapes({"c5": CallDisplay(((None, 8),), ("float32",), 11)})
    qtbot.waitUntil(lambda: not bench.view.graph_scene.filling, timeout=10_000)
    assert len(collapsed_frame(bench).members) == 400 and bench.matches_document()


def test_tidy_and_align_take_it_for_one_box(folded: Bench) -> None:
    sizes, edges = folded.view.graph_scene.collapsed_frames.outline()
    key = collapsed_frame(folded).call_id
    assert set(sizes) == {"c1", key, "c4", "c5"} and ("c1", key) in edges and (key, "c5") in edges
    apart = folded.document.positions["c3"][1] - folded.document.positions["c2"][1]
    spread = folded.view.graph_scene.collapsed_frames.spread
    folded.view.actions_on_boxes.tidy(spread({"c1": (0, 0), key: (0, 90), "c5": (0, 180), "c4": (200, 0)}))
    assert folded.document.positions["c2"] == (0, 90) and folded.document.positions["c3"] == (0, 90 + apart)
    folded.view.select(["c2", "c3", "c4"])
    folded.key(Qt.Key.Key_W, ALT)
    positions = folded.document.positions
    assert positions["c2"][1] == positions["c4"][1] and positions["c3"][1] - positions["c2"][1] == apart
    assert folded.matches_document()


def test_it_shows_from_afar_and_on_the_overview(folded: Bench) -> None:
    layer, item = folded.view.graph_scene.box_layer, collapsed_frame(folded)
    seen = layer._collect([*folded.view.graph_scene.shown_boxes()], False)
    rects = [rect for group in seen.bodies.values() for rect in group]
    assert item.rect() in rects and folded.view.graph_scene.boxes["c3"].rect() not in rects
    folded.view.zoom_to(0.2)
    at = folded.pixel(item.rect().center())
    painted = folded.view.grab().toImage().pixelColor(at)
    item.show_state(selected=True)
    layer.remove(item)
    assert folded.view.grab().toImage().pixelColor(at) != painted
    layer.add(item)


def test_cutting_goes_past_hidden_wires(folded: Bench) -> None:
    folded.view.select(["c1", "c2", "c3", "c5"])
    folded.key(Qt.Key.Key_J, CTRL)
    folded.key(Qt.Key.Key_Escape)  # keep the title
    folded.key(Qt.Key.Key_C, SHIFT)
    before = folded.text()
    hidden = folded.view.graph_scene.boxes["c3"].pos() + QPointF(86, -20)
    at = folded.pixel(hidden)
    folded.drag(at - QPoint(20, 0), at + QPoint(20, 0), keys=CTRL | SHIFT)
    assert folded.text() == before


def test_its_tooltip_names_what_is_in_it(folded: Bench) -> None:
    text = folded.view._mouse.hover.tooltip(collapsed_frame(folded).rect().center(), 1.0)
    assert "2 layers" in text and "dense" in text and "Double click" in text
    QToolTip.hideText()


def test_five_hundred_boxes_collapse_and_open(bench: Bench) -> None:
    bench.document.replace_content(loads(dumps(chain_of(1000))))
    bench.view.graph_scene.finish()
    bench.view.zoom_to(1.0)
    bench.view.select([f"c{number}" for number in range(200, 700)])
    for folding in (True, False, True, False):
        QApplication.processEvents()
        bench.view.run_action("collapse_into_one")
        assert bool(bench.view.graph_scene.collapsed_frames.items) == folding
    assert bench.matches_document()


def test_the_canvas_shows_what_the_document_says_of_it(folded: Bench) -> None:
    """Placing and inserting ask ``Seen``, people see the scene: one truth, which any change moves for both."""

    def same() -> bool:
        scene = folded.view.graph_scene
        shown = {box.call_id: (box.pos().x(), box.pos().y()) for box in scene.shown_boxes()}
        return (
            shown
            == Seen(folded.document, scene.graph, scene.place_of).all()
            == scene.collapsed_frames.units(scene.boxes)
        )

    assert same() and collapsed_frame(folded).call_id == key_of(collapsed_frame(folded).frame.id)
    folded.view.select(["c2", "c3"])
    folded.key(Qt.Key.Key_Right)
    assert same()
    folded.history.undo()
    folded.view.run_action("tidy_selection")
    assert same()
    folded.view.run_action("collapse_into_one")
    assert same() and unfolded(folded)
