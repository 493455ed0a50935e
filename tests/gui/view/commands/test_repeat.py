"""Repeating a selection: asked for on the canvas, done in one step."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from graph_editor.document.canvas.frames import frames_of
from graph_editor.view.floating.form_popup import FormPopup
from tests.gui.view.conftest import LEFT, Bench

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
R = Qt.Key.Key_R


def form(bench: Bench) -> FormPopup:
    found = bench.view.findChild(FormPopup)
    assert found is not None
    return found


def test_ctrl_shift_r_asks_and_enter_repeats_in_one_step(chain: Bench) -> None:
    before = chain.text()
    chain.click(chain.middle("c2"))
    chain.key(R, CTRL | SHIFT)
    assert form(chain).isVisible()
    chain.type("4")
    chain.key(Qt.Key.Key_Return)
    assert not form(chain).isVisible() and QApplication.focusWidget() is chain.view
    made = chain.selected()
    assert len(made) == 3 and chain.matches_document()
    line = ["c1", "c2", *made, "c3"]
    assert sorted(chain.edges) == sorted(pairwise(line))
    tops = [chain.document.positions[key][1] for key in line]
    assert tops == sorted(tops) and min(b - a for a, b in pairwise(tops)) >= 80
    assert len({chain.document.operation_of(key).id for key in made}) == 3
    after = chain.text()
    chain.history.undo()
    assert chain.text() == before and chain.matches_document()
    chain.history.redo()
    assert chain.text() == after and chain.matches_document()


def test_arrows_step_tab_and_space_share_the_weights(chain: Bench) -> None:
    chain.view.select(["c2"])
    chain.key(R, CTRL | SHIFT)
    chain.key(Qt.Key.Key_Up)
    chain.key(Qt.Key.Key_Tab)
    chain.key(Qt.Key.Key_Space)
    accept = form(chain).findChild(QPushButton, "formAccept")
    assert accept is not None
    QTest.mouseClick(accept, LEFT)
    assert len(chain.selected()) == 2
    assert {chain.document.operation_of(key).id for key in chain.selected()} == {chain.document.operation_of("c2").id}


def test_esc_and_wrong_numbers_change_nothing(chain: Bench) -> None:
    before = chain.text()
    chain.view.select(["c2"])
    for typed in ("", "5"):
        chain.key(R, CTRL | SHIFT)
        chain.type(typed)
        chain.key(Qt.Key.Key_Escape)
        assert not form(chain).isVisible() and chain.text() == before
    chain.key(R, CTRL | SHIFT)
    chain.type("101")
    chain.key(Qt.Key.Key_Return)
    assert form(chain).isVisible() and chain.text() == before


def test_what_cannot_be_repeated_says_why_and_asks_nothing(chain: Bench) -> None:
    for chosen, reason in (([], "Select the boxes"), (["c1"], "is an input"), (["c4"], "Nothing leads into")):
        chain.view.select(chosen)
        chain.key(R, CTRL | SHIFT)
        assert reason in chain.problems.pop() and chain.view.findChild(FormPopup) is None


def test_frames_are_copied_with_their_boxes(chain: Bench) -> None:
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_J, CTRL)
    chain.key(Qt.Key.Key_Escape)  # keep the title
    before = chain.text()
    chain.key(R, CTRL | SHIFT)
    chain.type("3")
    chain.key(Qt.Key.Key_Return)
    frames, made = frames_of(chain.document), chain.selected()
    assert [frame.boxes for frame in frames] == [("c2",), (made[0],), (made[1],)]
    areas = [item.rect() for item in chain.view.graph_scene.frames.items.values()]
    assert not any(a.intersects(b) for i, a in enumerate(areas) for b in areas[:i])
    assert chain.matches_document()
    chain.history.undo()
    assert chain.text() == before


def test_copies_of_some_of_a_frame_join_it(chain: Bench) -> None:
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_J, CTRL)
    chain.key(Qt.Key.Key_Escape)  # keep the title
    chain.view.select(["c2"])
    chain.key(R, CTRL | SHIFT)
    chain.key(Qt.Key.Key_Return)
    (frame,) = frames_of(chain.document)
    assert frame.boxes == ("c2", *chain.selected(), "c3") and chain.matches_document()
