"""What undo and redo bring back is seen, and selected."""

from __future__ import annotations

from PySide6.QtCore import Qt

from graph_editor.document.canvas.notes import add_note
from tests.gui.view.conftest import Bench


def seen(bench: Bench, *call_ids: str) -> bool:
    area = bench.view.visible_area()
    return all(area.contains(bench.view.graph_scene.boxes[key].rect()) for key in call_ids)


def test_what_comes_back_is_selected_and_seen(chain: Bench) -> None:
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_Delete)
    chain.view.centerOn(6000, 6000)
    chain.history.undo()
    assert chain.selected() == ["c2", "c3"] and seen(chain, "c2", "c3") and chain.matches_document()
    chain.view.centerOn(6000, 6000)
    chain.history.redo()
    assert seen(chain, "c1") or seen(chain, "c4"), "what was beside it"
    assert chain.selected() == []


def test_after_an_addition_is_undone_the_model_is_seen(chain: Bench) -> None:
    chain.add("Dense", 6000, 6000)
    chain.view.centerOn(6000, 6000)
    chain.history.undo()
    assert any(seen(chain, key) for key in chain.document.graph.calls)
    chain.view.centerOn(400, 300)
    chain.history.redo()
    assert chain.selected() == ["c5"] and seen(chain, "c5")


def test_the_view_stays_where_something_of_it_is_seen(chain: Bench) -> None:
    chain.view.select(["c1", "c3"])
    chain.view.run_action("nudge_right")
    chain.view.select(["c4"])
    chain.view.centerOn(chain.view.graph_scene.boxes["c3"].rect().center())
    before = chain.view.visible_area()
    chain.history.undo()
    assert chain.view.visible_area() == before and chain.selected() == ["c4"]
    chain.view.centerOn(-4000, 300)
    chain.history.redo()
    assert seen(chain, "c1", "c3")


def test_a_note_comes_back_selected_and_what_is_done_anew_moves_no_view(chain: Bench) -> None:
    before = chain.view.visible_area()
    edits, note = add_note(chain.document, "main", "words", (5000.0, 5000.0, 200.0, 100.0), "yellow")
    chain.history.do("Add a note", edits)
    assert chain.view.visible_area() == before and not chain.view.graph_scene.notes.items[note].selected
    chain.history.undo()
    chain.history.redo()
    assert list(chain.view.graph_scene.notes.selected) == [note]
    assert chain.view.visible_area().contains(chain.view.graph_scene.notes.items[note].rect())
