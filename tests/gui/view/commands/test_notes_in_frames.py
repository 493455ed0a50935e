"""Notes in frames: hidden while the frame is collapsed, with it wherever it goes, and back when it opens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from graph_editor.document.canvas.frames import frames_of
from graph_editor.document.canvas.notes import Note, add_note, name_of, notes_of
from graph_editor.document.document import Point
from graph_editor.document.edits import SetCanvas
from graph_editor.document.files.file_format import loads
from graph_editor.view.floating.find_bar import FindBar
from graph_editor.view.items.collapsed_frames import CollapsedFrame
from graph_editor.view.items.render import render_graph
from graph_editor.view.painting.content import CallDisplay
from tests.gui.view.conftest import Bench

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
INSIDE = (240.0, 262.0, 120.0, 60.0)  # between the two Dense
OUTSIDE = (700.0, 60.0, 160.0, 60.0)


@pytest.fixture
def noted(chain: Bench) -> Bench:
    """Input → [Dense → Dense] in an open frame, with the note n1 inside and n2 beside it."""
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_J, CTRL)
    chain.key(Qt.Key.Key_Escape)  # keep the title
    for text, box in (("among them", INSIDE), ("beside", OUTSIDE)):
        chain.history.do(text, add_note(chain.document, "main", text, box)[0])
    return chain


@pytest.fixture
def folded(noted: Bench) -> Bench:
    noted.view.select(["c2", "c3"])
    noted.key(Qt.Key.Key_C, SHIFT)
    noted.view.select(())
    return noted


def collapsed_frame(bench: Bench) -> CollapsedFrame:
    (item,) = bench.view.graph_scene.collapsed_frames.items.values()
    return item


def middle(bench: Bench) -> QPoint:
    return bench.pixel(collapsed_frame(bench).rect().center())


def shown(bench: Bench) -> list[str]:
    return list(bench.view.graph_scene.notes.items)


def note(bench: Bench, note_id: str = "n1") -> Note:
    return next(note for note in notes_of(bench.document) if note.id == note_id)


def between(bench: Bench) -> Point:
    """How far the note lies from the first box of the frame."""
    (left, top), (x, y, _, _) = bench.document.positions["c2"], note(bench).box
    return x - left, y - top


def test_a_note_is_hidden_with_its_frame_and_comes_back(noted: Bench) -> None:
    before = noted.text()
    noted.view.select(["c2", "c3"])
    noted.key(Qt.Key.Key_C, SHIFT)
    (frame,) = frames_of(noted.document)
    assert frame.notes == ("n1",) and shown(noted) == ["n2"] and noted.matches_document()
    assert frames_of(loads(noted.text().encode())) == [frame]
    noted.history.undo()
    assert sorted(shown(noted)) == ["n1", "n2"] and noted.text() == before
    noted.history.redo()
    assert shown(noted) == ["n2"]
    noted.key(Qt.Key.Key_C, SHIFT)
    assert sorted(shown(noted)) == ["n1", "n2"] and json.loads(noted.text()) == json.loads(before)
    assert noted.matches_document()


def test_a_frame_without_notes_says_nothing_of_any(chain: Bench) -> None:
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_C, SHIFT)
    assert '"notes"' not in chain.text()


def test_it_cannot_be_chosen_while_it_is_hidden(folded: Bench) -> None:
    folded.key(Qt.Key.Key_A, CTRL)
    assert folded.view.graph_scene.notes.selected_names == [name_of("n2")]
    folded.view.graph_scene.select((), ["n1"])
    assert not folded.view.graph_scene.notes.selected_names
    folded.click(folded.pixel(QPointF(300, 300)))
    assert not folded.view.graph_scene.notes.selected_names and folded.selected() == []


@pytest.mark.parametrize("how", ["mouse", "arrow keys"])
def test_it_moves_with_what_stands_in_for_it_in_the_same_step(folded: Bench, how: str) -> None:
    before, away, place = folded.text(), between(folded), folded.document.positions["c2"]
    if how == "mouse":
        folded.drag(middle(folded), middle(folded) + QPoint(-90, 170))
    else:
        folded.click(middle(folded))
        folded.key(Qt.Key.Key_Right)
        folded.key(Qt.Key.Key_Right)
    assert folded.document.positions["c2"] != place and between(folded) == away
    assert shown(folded) == ["n2"] and folded.matches_document()
    folded.history.undo()
    assert folded.text() == before
    folded.history.redo()
    folded.double_click(middle(folded))
    x, y, _, _ = note(folded).box
    card = folded.view.graph_scene.notes.items["n1"].rect()
    assert between(folded) == away and (card.x(), card.y()) == (x, y) and note(folded, "n2").box == OUTSIDE


def test_esc_leaves_it_where_it_was(folded: Bench) -> None:
    before = folded.text()
    folded.drag_to(middle(folded), middle(folded) + QPoint(-90, 170))
    folded.key(Qt.Key.Key_Escape)
    assert folded.text() == before and shown(folded) == ["n2"]


def test_deleting_the_boxes_leaves_the_note_where_they_were(folded: Bench) -> None:
    away, top = between(folded), folded.document.positions["c2"][1]
    folded.drag(middle(folded), middle(folded) + QPoint(0, 120))
    moved = folded.document.positions["c2"]
    assert moved[1] > top
    folded.key(Qt.Key.Key_Delete)
    assert not frames_of(folded.document) and sorted(shown(folded)) == ["n1", "n2"]
    assert note(folded).box[:2] == (moved[0] + away[0], moved[1] + away[1]) and folded.matches_document()


def test_a_copy_of_the_frame_hides_nothing_of_the_original(folded: Bench) -> None:
    folded.click(middle(folded))
    folded.key(Qt.Key.Key_D, CTRL)
    first, second = frames_of(folded.document)
    assert first.notes == ("n1",) and second.notes == () and shown(folded) == ["n2"]


def test_find_shows_where_it_is_and_opens_the_frame(folded: Bench) -> None:
    folded.key(Qt.Key.Key_F, CTRL)
    bar = folded.view.findChild(FindBar, "findBar")
    assert isinstance(bar, FindBar)
    folded.type("among")
    assert bar.found == (name_of("n1"),) and frames_of(folded.document)[0].collapsed
    assert bar._rects(bar.found) == [collapsed_frame(folded).rect()]
    folded.key(Qt.Key.Key_Return)
    assert not frames_of(folded.document)[0].collapsed and folded.view.graph_scene.notes.selected == ("n1",)
    assert folded.view.visible_area().contains(folded.view.graph_scene.notes.items["n1"].rect())


def test_fit_and_pictures_leave_it_out(noted: Bench, tmp_path: Path) -> None:
    far = (190.0, 210.0, 90.0, 44.0)
    noted.history.do("note", add_note(noted.document, "main", "in the picture", far)[0])

    def drawn() -> str:
        path = tmp_path / "graph.svg"
        displays: dict[str, CallDisplay] = {}
        theme = noted.view.graph_scene.style_sheet.theme
        render_graph(noted.document, noted.catalog, theme, displays, path, "svg")
        return path.read_text("utf-8")

    assert "among them" in drawn()
    noted.view.select(["c2", "c3"])
    noted.key(Qt.Key.Key_C, SHIFT)
    assert "among them" not in drawn() and "beside" in drawn()


def test_content_ends_where_what_shows_ends(folded: Bench) -> None:
    scene = folded.view.graph_scene
    folded.history.do("move", [])
    assert scene.notes.rect() == scene.notes.items["n2"].rect()


@pytest.mark.parametrize("notes", [7, {"n1": 1}, [["n1"], None], ["n9"]])
def test_nonsense_in_a_file_hides_nothing(folded: Bench, notes: object) -> None:
    canvas = folded.document.canvas_extra
    broken = {key: {**item, "notes": notes} for key, item in canvas["frames"].items()}
    folded.history.do("broken", [SetCanvas({**canvas, "frames": broken})])
    assert sorted(shown(folded)) == ["n1", "n2"] and folded.matches_document()
    folded.drag(middle(folded), middle(folded) + QPoint(0, 90))
    assert folded.matches_document() and note(folded).box == INSIDE
