"""Notes on the canvas: written in place, moved, resized, coloured, copied, found and deleted, each as one step."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtWidgets import QApplication, QMenu

from graph_editor.document.canvas.notes import SMALLEST, Note, add_note, notes_of
from graph_editor.document.checking.validation import problems
from graph_editor.document.files.file_format import loads
from graph_editor.view.floating.find_bar import FindBar
from graph_editor.view.floating.note_field import NoteField
from graph_editor.view.painting.content import CallDisplay
from graph_editor.view.painting.metrics import TEXT_ZOOM
from resources import text
from tests.gui.view.conftest import Bench

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
BOX = (500.0, 60.0, 220.0, 96.0)


@pytest.fixture
def noted(chain: Bench) -> Bench:
    """The chain with a note (n1) at its right."""
    chain.history.do("note", add_note(chain.document, "main", "first words", BOX)[0])
    return chain


def the_note(bench: Bench) -> Note:
    (note,) = notes_of(bench.document)
    return note


def place(bench: Bench, note_id: str = "n1") -> QPoint:
    return bench.pixel(bench.view.graph_scene.notes.items[note_id].rect().topLeft() + QPointF(80, 50))


def corner(bench: Bench) -> QPoint:
    return bench.pixel(bench.view.graph_scene.notes.items["n1"].rect().bottomRight() - QPointF(5, 5))


def field(bench: Bench) -> NoteField:
    found = bench.view.findChild(NoteField, "noteField")
    assert isinstance(found, NoteField)
    return found


def chosen(bench: Bench) -> list[str]:
    return list(bench.view.graph_scene.notes.selected)


def open_menu(bench: Bench, at: QPoint) -> QMenu:
    viewport = bench.view.viewport()
    QApplication.sendEvent(viewport, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(menu: QMenu, name: str) -> None:
    next(action for action in menu.actions() if action.objectName() == name).trigger()
    menu.close()


def test_n_writes_a_note_at_the_mouse_in_one_step(chain: Bench) -> None:
    before, at = chain.text(), chain.pixel(QPointF(560, 80))
    chain.move(at)
    chain.key(Qt.Key.Key_N)
    assert field(chain).isVisible() and chain.text() == before
    chain.type("why four")
    chain.key(Qt.Key.Key_Return)
    chain.type("heads")
    chain.key(Qt.Key.Key_Return, CTRL)
    note = the_note(chain)
    assert note.text == "why four\nheads" and note.box[:2] == (560, 80) and note.graph == "main"
    assert chosen(chain) == ["n1"] and not field(chain).isVisible() and chain.matches_document()
    assert notes_of(loads(chain.text().encode())) == [note]
    chain.history.undo()
    assert chain.text() == before and chain.matches_document() and chosen(chain) == []
    chain.history.redo()
    assert the_note(chain) == note and chain.matches_document()


def test_a_new_note_lies_beside_the_box_under_the_mouse(chain: Bench) -> None:
    chain.move(chain.middle("c2"))
    chain.key(Qt.Key.Key_N)
    chain.type("x")
    chain.key(Qt.Key.Key_Return, CTRL)
    scene = chain.view.graph_scene
    assert not any(scene.notes.items["n1"].rect().intersects(box.rect()) for box in scene.boxes.values())
    chain.move(place(chain))
    chain.key(Qt.Key.Key_N)
    chain.type("y")
    chain.key(Qt.Key.Key_Return, CTRL)
    assert not scene.notes.items["n2"].rect().intersects(scene.notes.items["n1"].rect())


def test_esc_ends_a_new_note_and_keeps_what_was_typed(chain: Bench) -> None:
    before = chain.text()
    chain.key(Qt.Key.Key_N)
    assert "Esc: as it was" not in field(chain).placeholderText()
    chain.key(Qt.Key.Key_Escape)
    assert chain.text() == before and not field(chain).isVisible() and chain.view.hasFocus()
    chain.key(Qt.Key.Key_N)
    chain.key(Qt.Key.Key_Return, CTRL)
    assert chain.text() == before
    chain.key(Qt.Key.Key_N)
    chain.type("words")
    chain.key(Qt.Key.Key_Escape)
    assert the_note(chain).text == "words" and not field(chain).isVisible() and chain.view.hasFocus()
    chain.history.undo()
    assert chain.text() == before and chain.matches_document()


def test_a_double_click_writes_and_a_click_elsewhere_accepts(noted: Bench) -> None:
    before = noted.text()
    noted.double_click(place(noted))
    assert field(noted).toPlainText() == "first words"
    noted.type(", more")
    noted.key(Qt.Key.Key_Escape)
    assert noted.text() == before
    noted.double_click(place(noted))
    noted.type(", more")
    noted.click(noted.pixel(QPointF(40, 20)))
    noted.view.setFocus()
    assert the_note(noted).text == "first words, more" and not field(noted).isVisible()
    noted.history.undo()
    assert noted.text() == before and noted.matches_document()


@pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_Return])
def test_keys_write_the_selected_note_and_an_emptied_one_goes(noted: Bench, key: Qt.Key) -> None:
    noted.click(place(noted))
    noted.key(key)
    assert field(noted).isVisible()
    field(noted).selectAll()
    noted.key(Qt.Key.Key_Backspace)
    noted.key(Qt.Key.Key_Return, CTRL)
    assert notes_of(noted.document) == [] and noted.matches_document() and chosen(noted) == []
    noted.history.undo()
    assert the_note(noted).text == "first words" and noted.matches_document()


def test_a_drag_moves_it_and_esc_puts_it_back(noted: Bench) -> None:
    before, start = noted.text(), place(noted)
    noted.drag_to(start, start + QPoint(90, 200))
    assert place(noted) != start
    noted.key(Qt.Key.Key_Escape)
    noted.release(start)
    assert noted.text() == before and place(noted) == start and noted.matches_document()
    noted.drag(start, start + QPoint(90, 217), keys=Qt.KeyboardModifier.AltModifier)
    assert the_note(noted).box[:2] == (BOX[0] + 90, BOX[1] + 217) and noted.selected() == []
    noted.history.undo()
    assert noted.text() == before and place(noted) == start


def test_it_snaps_to_the_left_edge_of_a_box(noted: Bench) -> None:
    start, free = place(noted), noted.document.positions["c4"]
    noted.drag_to(start, start + QPoint(3, 130))
    noted.release(start + QPoint(3, 130))
    assert the_note(noted).box[0] == free[0] and noted.matches_document()


def test_boxes_and_notes_are_chosen_moved_and_deleted_together(noted: Bench) -> None:
    before, start = noted.text(), place(noted)
    noted.click(noted.middle("c3"))
    noted.click(start, keys=SHIFT)
    assert noted.selected() == ["c3"] and chosen(noted) == ["n1"]
    x, y = noted.document.positions["c3"]
    noted.drag(noted.middle("c3"), noted.middle("c3") + QPoint(-30, 47), keys=Qt.KeyboardModifier.AltModifier)
    assert noted.document.positions["c3"] == (x - 30, y + 47) and the_note(noted).box[:2] == (470, 107)
    noted.drag(place(noted), place(noted) + QPoint(30, 0), keys=Qt.KeyboardModifier.AltModifier)
    assert noted.document.positions["c3"] == (x, y + 47) and the_note(noted).box[:2] == (500, 107)
    noted.key(Qt.Key.Key_Right)
    assert noted.document.positions["c3"][0] == x + 10 and the_note(noted).box[0] == 510
    noted.key(Qt.Key.Key_Delete)
    assert notes_of(noted.document) == [] and "c3" not in noted.document.graph.calls and noted.matches_document()
    for _ in range(4):
        noted.history.undo()
    assert noted.text() == before and noted.matches_document()


def test_a_click_on_one_kind_leaves_the_other_alone(noted: Bench) -> None:
    noted.click(place(noted))
    assert chosen(noted) == ["n1"]
    noted.click(noted.middle("c2"))
    assert chosen(noted) == [] and noted.selected() == ["c2"]
    noted.key(Qt.Key.Key_Delete)
    assert len(notes_of(noted.document)) == 1
    noted.click(place(noted))
    assert noted.selected() == [] and chosen(noted) == ["n1"]
    noted.key(Qt.Key.Key_Delete)
    assert notes_of(noted.document) == [] and "c3" in noted.document.graph.calls
    noted.history.undo()
    noted.click(place(noted))
    noted.key(Qt.Key.Key_Escape)
    assert chosen(noted) == []


def test_all_and_a_rectangle_take_notes_too(noted: Bench) -> None:
    noted.key(Qt.Key.Key_A, CTRL)
    assert chosen(noted) == ["n1"] and len(noted.selected()) == 4
    noted.drag(noted.pixel(QPointF(470, 30)), noted.pixel(QPointF(700, 120)))
    assert chosen(noted) == ["n1"] and noted.selected() == []
    noted.drag(noted.pixel(QPointF(470, 30)), noted.pixel(QPointF(700, 120)), keys=CTRL)
    assert chosen(noted) == []


def test_its_corner_changes_the_size(noted: Bench) -> None:
    before, start = noted.text(), corner(noted)
    noted.drag_to(start, start + QPoint(60, 40))
    noted.key(Qt.Key.Key_Escape)
    noted.release(start)
    assert noted.text() == before and corner(noted) == start
    noted.drag(start, start + QPoint(60, 40))
    assert the_note(noted).box == (500, 60, 280, 136)
    noted.drag(corner(noted), corner(noted) - QPoint(600, 600))
    assert the_note(noted).box[2:] == SMALLEST and noted.matches_document()
    noted.history.undo()
    noted.history.undo()
    assert noted.text() == before


def test_a_note_is_as_tall_as_its_text(noted: Bench) -> None:
    item = noted.view.graph_scene.notes.items["n1"]
    before = item.rect().height()
    noted.double_click(place(noted))
    field(noted).setPlainText("word " * 200)
    noted.key(Qt.Key.Key_Return, CTRL)
    assert item.rect().height() > before + 100 and the_note(noted).box == BOX
    field(noted).edit(the_note(noted), item.rect())
    field(noted).setPlainText("x" * 10_007)
    assert len(field(noted).toPlainText()) == 10_000
    noted.key(Qt.Key.Key_Escape)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_its_menu_colours_and_deletes_it(noted: Bench) -> None:
    before = noted.text()
    menu = open_menu(noted, place(noted))
    pictures = [entry.icon().pixmap(16).toImage().pixelColor(8, 8).name() for entry in menu.actions()[2:7]]
    assert len(set(pictures)) == 5  # each colour shows what it is
    choose(menu, "green")
    assert the_note(noted).color == "green" and chosen(noted) == ["n1"]
    choose(open_menu(noted, place(noted)), "edit_note")
    assert field(noted).isVisible()
    noted.key(Qt.Key.Key_Escape)
    choose(open_menu(noted, place(noted)), "delete_selection")
    assert notes_of(noted.document) == []
    noted.history.undo()
    noted.history.undo()
    assert noted.text() == before
    choose(open_menu(noted, noted.pixel(QPointF(40, 20))), "add_note")
    assert field(noted).isVisible()
    noted.key(Qt.Key.Key_Escape)


def test_copy_paste_duplicate_and_cut_take_chosen_notes(noted: Bench) -> None:
    noted.click(place(noted))
    noted.key(Qt.Key.Key_C, CTRL)
    noted.move(noted.pixel(QPointF(300, 560)))
    noted.key(Qt.Key.Key_V, CTRL)
    assert len(notes_of(noted.document)) == 2 and chosen(noted) == ["n2"] and len(noted.document.graph.calls) == 4
    noted.key(Qt.Key.Key_D, CTRL)
    assert chosen(noted) == ["n3"] and len(notes_of(noted.document)) == 3 and noted.matches_document()
    noted.key(Qt.Key.Key_X, CTRL)
    assert [note.id for note in notes_of(noted.document)] == ["n1", "n2"]
    for _ in range(3):
        noted.history.undo()
    assert len(notes_of(noted.document)) == 1 and noted.matches_document()


def test_find_goes_to_notes_of_other_graphs_too(noted: Bench) -> None:
    noted.view.select(["c2", "c3"])
    noted.view.set_shapes({})
    noted.key(Qt.Key.Key_F, CTRL)
    noted.type("FIRST words")
    bar = noted.view.findChild(FindBar, "findBar")
    assert isinstance(bar, FindBar) and bar.found == ("note:n1",) and chosen(noted) == ["n1"]
    noted.key(Qt.Key.Key_Escape)


def test_a_note_is_read_out(noted: Bench) -> None:
    noted.click(place(noted))
    assert noted.view.accessibleDescription() == "Note: first words"
    text.use_language("ko")
    noted.view.select(["c2"])
    noted.click(place(noted))
    assert noted.view.accessibleDescription() == "메모: first words"


def test_a_frame_takes_the_notes_along_that_lie_in_it(noted: Bench) -> None:
    noted.history.do("note", add_note(noted.document, "main", "in", (232, 266, 90, 44))[0])
    noted.view.select(["c2", "c3"])
    noted.key(Qt.Key.Key_J, CTRL)
    noted.key(Qt.Key.Key_Escape)  # keep the title
    (frame,) = noted.view.graph_scene.frames.items.values()
    start = noted.pixel(frame.bar().center() - QPointF(70, 0))
    noted.drag(start, start + QPoint(-40, 30), keys=Qt.KeyboardModifier.AltModifier)
    assert [note.box[:2] for note in notes_of(noted.document)] == [BOX[:2], (192, 296)]
    noted.history.undo()
    assert [note.box[:2] for note in notes_of(noted.document)] == [BOX[:2], (232, 266)] and noted.matches_document()


def test_a_note_counts_as_content_and_is_in_pictures(noted: Bench, tmp_path: Path) -> None:
    assert noted.view.graph_scene.content_rect().contains(noted.view.graph_scene.notes.items["n1"].rect())
    noted.view.render_image(tmp_path / "with.png", scale=1.0)
    noted.history.undo()
    noted.view.render_image(tmp_path / "without.png", scale=1.0)
    assert QImage(str(tmp_path / "with.png")).size() != QImage(str(tmp_path / "without.png")).size()
    noted.history.redo()
    noted.view.render_image(tmp_path / "with.svg")
    assert "first words" in (tmp_path / "with.svg").read_text("utf-8")


def test_from_afar_a_note_is_a_plain_card(noted: Bench) -> None:
    noted.view.zoom_to(TEXT_ZOOM / 2)
    item = noted.view.graph_scene.notes.items["n1"]
    assert item.far
    noted.view.zoom_to(1.0)
    assert not item.far


def test_a_note_shows_in_its_own_graph_alone_and_is_no_problem(noted: Bench) -> None:
    noted.view.select(["c3"])
    noted.view.set_shapes({"c2": CallDisplay(((None, 8),), ("float32",))})
    noted.view.run_action("group_selection")
    (model,) = noted.selected()
    inner = str(noted.document.operation_of(model).graph)
    noted.view.show_graph(inner)
    assert not noted.view.graph_scene.notes.items
    noted.move(noted.pixel(noted.view.visible_area().topLeft() + QPointF(20, 200)))
    noted.key(Qt.Key.Key_N)
    noted.type("inner")
    noted.key(Qt.Key.Key_Return, CTRL)
    assert [note.graph for note in notes_of(noted.document)] == ["main", inner] and noted.matches_shown()
    found = problems(noted.document, noted.catalog)
    noted.history.undo()
    assert problems(noted.document, noted.catalog) == found
