"""What a screen reader hears of the canvas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from graph_editor.document.checking.validation import problems
from graph_editor.view.access import screen_reader
from graph_editor.view.commands.parts import wiring
from graph_editor.view.painting.content import CallDisplay
from tests.gui.view.conftest import Bench

CONTROL = Qt.KeyboardModifier.ControlModifier


def heard(bench: Bench) -> str:
    interface = QAccessible.queryAccessibleInterface(bench.view)
    assert interface is not None
    return interface.text(QAccessible.Text.Description)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sentences: list[str] = []
    for module in (screen_reader, wiring):
        monkeypatch.setattr(module, "announce", lambda _view, text, **_how: sentences.append(text))
    return sentences


def test_a_box_tells_its_name_class_ports_wires_and_shape(chain: Bench) -> None:
    chain.view.set_shapes({"c2": CallDisplay(((None, 8),), ("float32",), 100)})
    chain.view.select(["c2"])
    words = heard(chain)
    assert words.startswith("dense, Dense")
    assert "wire from input" in words
    assert "output 8: wires to dense_1" in words


def test_problems_states_and_missing_wires_are_told(chain: Bench) -> None:
    chain.view.set_problems(problems(chain.document, chain.catalog))
    chain.view.select(["c4"])
    assert "Error: " in heard(chain)
    assert "no wire" in heard(chain)
    chain.view.select(["c3"])
    chain.key(Qt.Key.Key_L)
    chain.key(Qt.Key.Key_O)
    chain.view.select([])
    assert heard(chain) == ""
    chain.view.select(["c3"])
    assert "frozen" in heard(chain)
    assert "output of the model" in heard(chain)
    chain.key(Qt.Key.Key_A, CONTROL)
    assert heard(chain) == "4 boxes selected"


def test_going_wiring_and_refusals_are_said(chain: Bench, said: list[str]) -> None:
    chain.key(Qt.Key.Key_Down, CONTROL)
    assert said[-1].startswith("input, ")
    chain.key(Qt.Key.Key_W)
    assert "Enter wires it to" in said[-1] or "Enter wires it to" in said[-2]
    chain.type("input")
    chain.key(Qt.Key.Key_Escape)
    chain.view.select(["c3"])
    chain.key(Qt.Key.Key_W)
    chain.type("dense")
    assert any("depend on its own output" in sentence for sentence in said)


def test_announcements_go_through_qt(chain: Bench) -> None:
    was_active = QAccessible.isActive()
    QAccessible.setActive(True)
    try:
        chain.key(Qt.Key.Key_Down, CONTROL)
        chain.key(Qt.Key.Key_W)
        chain.key(Qt.Key.Key_Escape)
    finally:
        QAccessible.setActive(was_active)
    assert chain.matches_document()
