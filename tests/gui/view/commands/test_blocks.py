"""Blocks on the canvas: dropped, put into wires, added below a box, found by typing, their values asked for."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel

from graph_editor.document.canvas.frames import frames_of
from graph_editor.document.clips.blocks import SUFFIX, Block, block_of, block_text, load_block
from graph_editor.view.floating.form_popup import FormPopup
from graph_editor.view.painting.content import CallDisplay
from graph_editor.view.tools.drop_block import BLOCK_MIME
from tests.gui.view.conftest import LEFT, NO_KEY, Bench

FOLDER = Path(__file__).parents[4] / "resources" / "blocks"
COPY = Qt.DropAction.CopyAction


def shipped(key: str) -> Block:
    return load_block(FOLDER / f"{key}{SUFFIX}")


def carried(block: Block) -> QMimeData:
    mime = QMimeData()
    mime.setData(BLOCK_MIME, block_text(block).encode())
    return mime


def drag(bench: Bench, mime: QMimeData, *places: QPoint) -> bool:
    enter = QDragEnterEvent(places[0], COPY, mime, LEFT, NO_KEY)
    QApplication.sendEvent(bench.view.viewport(), enter)
    for place in places:
        QApplication.sendEvent(bench.view.viewport(), QDragMoveEvent(place, COPY, mime, LEFT, NO_KEY))
    return enter.isAccepted()


def drop(bench: Bench, mime: QMimeData, at: QPoint) -> None:
    assert drag(bench, mime, QPoint(5, 5), at)
    QApplication.sendEvent(bench.view.viewport(), QDropEvent(QPointF(at), COPY, mime, LEFT, NO_KEY))
    QApplication.processEvents()


def form(bench: Bench) -> FormPopup:
    found = bench.view.findChild(FormPopup)
    assert found is not None
    return found


def middle_of_wire(bench: Bench, source: str, target: str) -> QPoint:
    start, end = bench.output(source), bench.input(target)
    return QPoint((start.x() + end.x()) // 2, (start.y() + end.y()) // 2)


def test_a_block_dropped_on_a_wire_asks_and_goes_into_it_in_one_step(chain: Bench) -> None:
    before = chain.text()
    mime = carried(shipped("mlp"))
    drop(chain, mime, middle_of_wire(chain, "c1", "c2"))
    assert chain.text() == before and form(chain).isVisible()  # it asks first
    chain.type("17")
    chain.key(Qt.Key.Key_Return)
    made = chain.selected()
    assert len(made) == 4 and not form(chain).isVisible()
    line = ["c1", *made, "c2"]
    assert set(pairwise(line)) <= set(chain.edges) and ("c1", "c2") not in chain.edges
    units = [chain.document.operation_of(key).config.get("units") for key in made]
    assert units == [17, None, 17, None]
    (frame,) = frames_of(chain.document)
    assert set(frame.boxes) == set(made) and frame.title == "MLP with dropout" and chain.matches_document()
    after = chain.text()
    chain.history.undo()
    assert chain.text() == before and chain.matches_document()
    chain.history.redo()
    assert chain.text() == after and chain.matches_document()


def test_the_wire_lights_up_and_leaving_takes_the_ghost_along(chain: Bench) -> None:
    before, items = chain.text(), len(chain.view.graph_scene.items())
    mime = carried(shipped("mlp"))
    assert drag(chain, mime, QPoint(5, 5), middle_of_wire(chain, "c1", "c2"))
    assert len(chain.view.graph_scene.items()) == items + 1
    QApplication.sendEvent(chain.view.viewport(), QDragLeaveEvent())
    assert len(chain.view.graph_scene.items()) == items and chain.text() == before


def test_esc_in_the_form_places_nothing(chain: Bench) -> None:
    before = chain.text()
    mime = carried(shipped("inception"))
    drop(chain, mime, QPoint(700, 300))
    chain.type("5")
    chain.key(Qt.Key.Key_Escape)
    assert not form(chain).isVisible() and chain.text() == before and QApplication.focusWidget() is chain.view


def test_a_value_that_cannot_be_keeps_the_form_open(chain: Bench) -> None:
    before = chain.text()
    mime = carried(shipped("mlp"))
    drop(chain, mime, QPoint(700, 300))
    chain.type("many")
    chain.key(Qt.Key.Key_Return)
    assert form(chain).isVisible() and chain.text() == before
    chain.type("12")
    chain.key(Qt.Key.Key_Return)
    assert len(chain.selected()) == 4


def test_without_parameters_it_is_placed_at_once(chain: Bench) -> None:
    block = replace(shipped("mlp"), parameters=())
    mime = carried(block)
    drop(chain, mime, QPoint(700, 200))
    assert len(chain.selected()) == 4 and chain.view.findChild(FormPopup) is None and chain.matches_document()


def test_below_the_selected_box_it_takes_its_shape_for_the_filters(chain: Bench) -> None:
    chain.view.set_shapes({"c3": CallDisplay(((None, 8, 8, 48),), ("float32",), 0, None)})
    chain.view.select(["c3"])
    chain.view.building_blocks.add_next(shipped("residual"))
    chain.key(Qt.Key.Key_Return)
    made = chain.selected()
    filters = [chain.document.operation_of(key).config.get("filters") for key in made]
    assert [value for value in filters if value] == [48, 48]
    fed = [target for source, target in chain.edges if source == "c3"]
    assert len(fed) == 2 and set(fed) <= set(made) and chain.matches_document()


def test_found_by_typing_after_tab(chain: Bench) -> None:
    chain.view.building_blocks.find = lambda text: [shipped("inception")] if text.startswith("inc") else []
    chain.view.select(["c3"])
    chain.key(Qt.Key.Key_Tab)
    chain.type("incep")
    chain.key(Qt.Key.Key_Return)
    assert form(chain).isVisible()
    chain.key(Qt.Key.Key_Return)
    assert len(chain.selected()) == 8 and chain.matches_document()


def test_a_file_is_dropped_like_a_block_and_told(chain: Bench, tmp_path: Path) -> None:
    told: list[Path] = []
    chain.view.building_blocks.file_dropped.connect(told.append)
    path = tmp_path / f"mine{SUFFIX}"
    path.write_text(block_text(shipped("mlp")))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    drop(chain, mime, QPoint(700, 200))
    chain.key(Qt.Key.Key_Return)
    assert told == [path] and len(chain.selected()) == 4


@pytest.mark.parametrize("text", ["no block", "{}"])
def test_a_bad_file_is_one_sentence_and_other_files_are_left_alone(chain: Bench, tmp_path: Path, text: str) -> None:
    before = chain.text()
    for name, said in ((f"bad{SUFFIX}", 1), ("notes.txt", 0)):
        chain.problems.clear()
        path = tmp_path / name
        path.write_text(text)
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        assert not drag(chain, mime, QPoint(400, 300))
        assert len(chain.problems) == said and all(name in problem for problem in chain.problems)
    assert chain.text() == before


def test_a_place_that_has_gone_meanwhile_is_said(chain: Bench) -> None:
    mime = carried(shipped("mlp"))
    drop(chain, mime, middle_of_wire(chain, "c1", "c2"))
    chain.view.graph_scene.select(["c2"])
    chain.view.run_action("delete_selection")
    before = chain.text()
    form(chain).accept()
    assert chain.text() == before and "no longer there" in chain.problems.pop()


def test_keys_typed_in_the_form_do_nothing_to_the_boxes(chain: Bench) -> None:
    chain.view.select(["c3"])
    before = chain.text()
    chain.view.building_blocks.add_next(shipped("conv-bn-relu"))
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_L, Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Delete, Qt.Key.Key_O):
        chain.key(key)
    assert form(chain).isVisible() and chain.text() == before
    chain.key(Qt.Key.Key_Escape)
    assert chain.text() == before


def test_a_nested_model_takes_the_shape_it_is_fed_and_can_be_entered(chain: Bench) -> None:
    chain.view.set_shapes({"c3": CallDisplay(((None, 8, 8, 48),), ("float32",), 0, None)})
    chain.view.select(["c3"])
    chain.view.building_blocks.add_next(shipped("nested-model"))
    chain.key(Qt.Key.Key_Return)
    (box,) = chain.selected()
    inner = chain.document.graphs[str(chain.document.operation_of(box).graph)]
    (entry,) = inner.input_refs()
    assert inner.operation_of(entry.call).config["batch_shape"] == [None, 8, 8, 48]
    assert ("c3", box) in chain.edges and frames_of(chain.document) == [] and chain.matches_document()
    chain.key(Qt.Key.Key_Return)
    assert chain.view.graph_id == chain.document.operation_of(box).graph and chain.matches_shown()
    (edge,) = inner.edges()
    mime = carried(shipped("mlp"))
    drop(chain, mime, middle_of_wire(chain, edge.source.call, edge.target))
    chain.key(Qt.Key.Key_Return)
    assert all(key in inner.calls for key in chain.selected()) and chain.matches_shown()
    chain.history.undo()
    chain.history.undo()
    assert box not in chain.document.graph.calls and chain.matches_document()


def test_a_wire_dropped_on_nothing_offers_blocks_that_take_it(chain: Bench) -> None:
    two = block_of(chain.document, ["c4"], {}, "incoming of none")
    chain.view.building_blocks.find = lambda _text: [shipped("mlp"), two]
    before, end = chain.text(), QPoint(650, 480)
    place = chain.view.mapToScene(end)
    chain.drag(chain.output("c3"), end)
    chain.type("zz mlp")
    names = [
        chain.view.search.popup._model.index(row).data() for row in range(chain.view.search.popup._model.rowCount())
    ]
    assert names == ["MLP with dropout"]  # the other one takes nothing
    chain.key(Qt.Key.Key_Return)
    chain.key(Qt.Key.Key_Return)
    made = chain.selected()
    assert [target for source, target in chain.edges if source == "c3"] == [made[0]] and chain.matches_document()
    top = chain.view.graph_scene.boxes[made[0]].rect().center()
    assert abs(top.x() - place.x()) < 4 and 0 < top.y() - place.y() < 100
    chain.history.undo()
    assert chain.text() == before


def test_below_a_box_that_feeds_others_it_branches_beside_them(chain: Bench) -> None:
    places = dict(chain.document.positions)
    chain.view.select(["c2"])
    chain.view.building_blocks.add_next(shipped("mlp"))
    chain.key(Qt.Key.Key_Return)
    made = chain.selected()
    assert ("c2", made[0]) in chain.edges and ("c2", "c3") in chain.edges
    assert {key: chain.document.positions[key] for key in places} == places  # nothing had to move
    rects = [box.rect() for box in chain.view.graph_scene.boxes.values()]
    assert not any(a.intersects(b) for i, a in enumerate(rects) for b in rects[:i])


def test_a_name_with_tags_is_shown_as_it_is(chain: Bench) -> None:
    block = shipped("mlp")
    odd = replace(block.parameters[0], label="<b>units</b>")
    mime = carried(replace(block, name="<img src='x'>", parameters=(odd,)))
    drop(chain, mime, QPoint(700, 200))
    shown = [label.text() for label in form(chain).findChildren(QLabel) if label.text().startswith("<")]
    assert shown == ["<img src='x'>", "<b>units</b>"]
    plain = [label.textFormat() for label in form(chain).findChildren(QLabel) if label.text().startswith("<")]
    assert plain == [Qt.TextFormat.PlainText] * 2


def test_what_is_added_next_goes_on_from_a_block_that_was_just_added(chain: Bench) -> None:
    chain.view.select(["c3"])
    chain.view.building_blocks.add_next(shipped("transformer"))
    form(chain).accept()
    first = chain.selected()
    assert len(first) > 2
    dense = chain.catalog.layer("Dense")
    assert dense is not None
    before = chain.text()
    (end,) = [call for call in first if not chain.document.graph.consumers(call)]
    chain.view.add_layer(dense)
    (made,) = chain.selected()
    assert (end, made) in chain.edges and chain.document.positions[made][1] > chain.document.positions[end][1]
    chain.history.undo()
    assert chain.text() == before
    chain.view.select(first)
    chain.view.building_blocks.add_next(shipped("transformer"))
    form(chain).accept()
    assert set(chain.selected()).isdisjoint(first)
    assert {target for source, target in chain.edges if source == end} <= set(chain.selected())
    assert any(source == end for source, _ in chain.edges) and chain.matches_document()


def test_boxes_with_several_ends_chain_nothing(chain: Bench) -> None:
    dense = chain.catalog.layer("Dense")
    assert dense is not None
    chain.view.select(["c3", "c4"])
    edges = chain.edges
    chain.view.add_layer(dense)
    assert chain.edges == edges
    chain.view.select(["c1", "c2"])  # what leads out of them is one tensor
    chain.view.add_layer(dense)
    assert ("c2", chain.selected()[0]) in chain.edges
