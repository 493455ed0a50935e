"""Selecting along the wires, and bringing the selection into line."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from graph_editor.view.mouse import all_mouse_words
from tests.gui.view.conftest import Bench

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
SAID = {what.english(): does.english() for what, does in all_mouse_words()}


def test_all_before_behind_and_connected(chain: Bench) -> None:
    before = chain.text()
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_BracketLeft)
    assert set(chain.selected()) == {"c1", "c2"}
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_BracketRight)
    assert set(chain.selected()) == {"c2", "c3"}
    chain.view.select(["c3"])
    chain.key(Qt.Key.Key_A, CTRL | SHIFT)
    assert set(chain.selected()) == {"c1", "c2", "c3"}
    chain.key(Qt.Key.Key_I, CTRL)
    assert chain.selected() == ["c4"]
    assert chain.text() == before, "what is selected is in no document"


def test_the_rubber_band_adds_and_takes_away(chain: Bench) -> None:
    chain.view.select(["c2", "c4"])
    start, end = chain.middle("c1") - QPoint(150, 60), chain.middle("c2") + QPoint(10, 10)
    chain.drag(start, end, keys=CTRL)
    assert chain.selected() == ["c4", "c1"]
    chain.drag(start, end, keys=SHIFT)
    assert chain.selected() == ["c4", "c1", "c2"]
    chain.drag(start, chain.middle("c3") + QPoint(10, 10), keys=ALT)
    assert chain.selected() == ["c4"], "with Alt nothing joins"
    chain.drag_to(chain.middle("c4") - QPoint(150, 60), chain.middle("c4"), keys=ALT)
    assert chain.selected() == []
    chain.key(Qt.Key.Key_Escape)
    chain.release(chain.middle("c4"))
    assert chain.selected() == ["c4"] and "Alt" in SAID["Drag over the canvas"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (Qt.Key.Key_A, {"c1": (200, 60), "c2": (200, 200), "c4": (200, 340)}),
        (Qt.Key.Key_D, {"c1": (500, 60), "c2": (500, 200), "c4": (500, 340)}),
        (Qt.Key.Key_H, {"c1": (350, 60), "c2": (350, 200), "c4": (350, 340)}),
        (Qt.Key.Key_W, {"c1": (200, 60), "c2": (200, 60), "c4": (500, 60)}),
        (Qt.Key.Key_S, {"c1": (200, 340), "c2": (200, 340), "c4": (500, 340)}),
        (Qt.Key.Key_V, {"c1": (200, 200), "c2": (200, 200), "c4": (500, 200)}),
    ],
)
def test_align_as_one_step(chain: Bench, key: Qt.Key, expected: dict[str, tuple[float, float]]) -> None:
    before = chain.text()
    chain.view.select(list(expected))
    chain.key(key, ALT)
    assert {name: chain.document.positions[name] for name in expected} == expected and chain.matches_document()
    assert chain.history.undo_label == "Align"
    chain.history.undo()
    assert chain.text() == before and chain.matches_document()


def test_distribute_as_one_step(chain: Bench) -> None:
    chain.view.actions_on_boxes.move({"c2": (260.0, 100.0)})
    chain.view.select(["c1", "c2", "c3"])
    chain.key(Qt.Key.Key_V, ALT | SHIFT)
    assert [chain.document.positions[key][1] for key in ("c1", "c2", "c3")] == [60, 200, 340]
    chain.history.undo()
    chain.view.select(["c1", "c2", "c4"])
    chain.key(Qt.Key.Key_H, ALT | SHIFT)
    assert [chain.document.positions[key][0] for key in ("c1", "c2", "c4")] == [200, 350, 500]
    chain.view.select(["c1", "c4"])
    steps = chain.text()
    chain.key(Qt.Key.Key_H, ALT | SHIFT)
    assert chain.text() == steps and chain.matches_document()


def test_a_press_that_lets_a_form_change_the_document_ends_as_if_not_done(chain: Bench) -> None:
    """What was typed in the inspector is taken over when the selection changes: in the midst of the press."""
    chain.view.select(["c2"])
    names = iter(("one", "two"))
    chain.view.selection_changed.connect(lambda _calls: chain.view.actions_on_boxes.rename("c3", next(names, "three")))
    items = len(chain.view.graph_scene.items())
    with_nothing_on_it = QPoint(780, 600)
    chain.press(with_nothing_on_it)
    chain.move(QPoint(800, 640))
    chain.release(QPoint(800, 640))
    assert len(chain.view.graph_scene.items()) == items, "no band stays"
    assert chain.matches_document() and not chain.view.end_gesture()
