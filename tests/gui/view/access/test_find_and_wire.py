"""Finding boxes, going along wires and wiring, with nothing but keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from graph_editor.document.changes.commands import set_parameter
from graph_editor.document.checking.finding import find
from graph_editor.document.checking.validation import problems
from graph_editor.document.edits import SetMode
from graph_editor.document.graph import BYPASSED, MUTED
from resources.text import Text, use_language
from tests.gui.view.conftest import Bench

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def field(bench: Bench) -> QLineEdit:
    found = bench.view.findChild(QLineEdit, "findField")
    assert found is not None
    return found


def advice(bench: Bench) -> str:
    found = bench.view.findChild(QLabel, "canvasAdvice")
    assert found is not None
    return found.text() if found.isVisible() else ""


def count(bench: Bench) -> str:
    found = bench.view.findChild(QLabel, "findCount")
    assert found is not None
    return found.text()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", []),
        ("dense", ["c2", "c3"]),
        ("DENSE_1", ["c3"]),
        ("inputlayer", ["c1"]),
        ("units=10", ["c3"]),
        ("units 10", ["c3"]),
        ("un 10", ["c3"]),
        ("units 1", []),
        ("activation relu", ["c2"]),
        ("use_bias true", ["c2", "c3"]),
        ("two inputs", ["c4"]),
        ("nothing like it", []),
    ],
)
def test_what_is_found(chain: Bench, query: str, found: list[str]) -> None:
    document = chain.document
    for call_id, key, value in (("c2", "activation", "relu"), ("c3", "units", 10)):
        operation = document.graph.calls[call_id].operation
        chain.history.do(Text("Set"), set_parameter(document, operation, key, value))
    sentences = {"c4": ["add needs two inputs."]}
    assert find(document, query, sentences) == found


def test_tuples_are_found_by_number_and_by_shape(bench: Bench) -> None:
    call_id = bench.add("Conv2D", 0, 0)
    assert find(bench.document, "kernel_size 3", {}) == [call_id]
    assert find(bench.document, "kernel 3x3", {}) == [call_id]
    assert find(bench.document, "kernel_size=(3, 3)", {}) == [call_id]
    assert find(bench.document, "kernel 5", {}) == []


def test_ctrl_f_finds_jumps_and_goes_round(chain: Bench) -> None:
    chain.key(Key.Key_F, CONTROL)
    assert QApplication.focusWidget() is field(chain)
    chain.type("dense")
    assert (chain.selected(), count(chain)) == (["c2"], "1 of 2")
    chain.key(Key.Key_Return)
    assert (chain.selected(), count(chain)) == (["c3"], "2 of 2")
    chain.key(Key.Key_F3)
    assert chain.selected() == ["c2"]
    chain.key(Key.Key_Return, SHIFT)
    assert chain.selected() == ["c3"]
    chain.key(Key.Key_Escape)
    assert QApplication.focusWidget() is chain.view
    assert not field(chain).isVisible()


def test_nothing_found_says_so(chain: Bench) -> None:
    chain.key(Key.Key_F, CONTROL)
    chain.type("lstm")
    assert count(chain) == "none"
    before = chain.selected()
    chain.key(Key.Key_Return)
    assert chain.selected() == before


def test_what_is_found_follows_the_document_and_problems(chain: Bench) -> None:
    chain.view.set_problems(problems(chain.document, chain.catalog))
    chain.key(Key.Key_F, CONTROL)
    chain.type("dense")
    assert count(chain) == "1 of 2"
    chain.add("Dense", 700, 900)
    assert count(chain) == "1 of 3"
    chain.history.undo()
    assert count(chain) == "1 of 2"


def test_found_boxes_are_lit(chain: Bench) -> None:
    before = chain.view.viewport().grab().toImage()
    chain.key(Key.Key_F, CONTROL)
    chain.type("add")
    place = chain.middle("c4")
    ring = place.x(), chain.pixel(chain.view.graph_scene.boxes["c4"].rect().topLeft()).y() - 5
    after = chain.view.viewport().grab().toImage()
    assert after.pixelColor(*ring) != before.pixelColor(*ring)


def test_ctrl_and_arrows_go_along_the_wires(chain: Bench) -> None:
    steps = [(Key.Key_Down, "c1"), (Key.Key_Down, "c2"), (Key.Key_Down, "c3"), (Key.Key_Down, "c3"), (Key.Key_Up, "c2")]
    for key, there in [*steps, (Key.Key_Right, "c4"), (Key.Key_Left, "c3")]:
        chain.key(key, CONTROL)
        assert chain.selected() == [there], key


def test_w_wires_to_the_next_box_that_fits(chain: Bench) -> None:
    chain.view.select(["c3"])
    chain.key(Key.Key_W)
    assert "add" in advice(chain)
    chain.key(Key.Key_Return)
    assert chain.edges[-1] == ("c3", "c4")
    assert chain.selected() == ["c4"]
    assert chain.matches_document()
    chain.history.undo()
    assert ("c3", "c4") not in chain.edges


def test_letters_and_arrows_choose_where_the_wire_ends(chain: Bench) -> None:
    chain.view.select(["c1"])
    chain.key(Key.Key_W)
    chain.type("ad")
    assert "Enter wires it to add" in advice(chain)
    chain.key(Key.Key_Up)
    assert "dense_1" in advice(chain)
    chain.key(Key.Key_Return)
    assert ("c1", "c3") in chain.edges


def test_ports_are_chosen_sideways(bench: Bench) -> None:
    bench.add("InputLayer", 200, 60)
    bench.add("MultiHeadAttention", 200, 300)
    bench.view.select(["c1"])
    bench.key(Key.Key_W)
    bench.key(Key.Key_Right)
    bench.key(Key.Key_Right)
    assert "value" in advice(bench)
    bench.key(Key.Key_Return)
    call = bench.document.graph.calls["c2"]
    assert "value" in call.kwargs or call.args[1:]


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("muted", "FROZ", "bypass")), ("ko", ("꺼짐", "동결됨", "우회"))]
)
def test_boxes_are_found_by_what_shows_at_them(chain: Bench, language: str, words: tuple[str, ...]) -> None:
    document = chain.document
    frozen = document.graph.calls["c2"].operation
    chain.history.do(Text("Freeze"), set_parameter(document, frozen, "trainable", False))
    chain.history.do(Text("Mute"), [SetMode("c3", MUTED)])
    chain.history.do(Text("Bypass"), [SetMode("c4", BYPASSED)])
    use_language(language)
    assert [find(document, word, {}) for word in words] == [["c3"], ["c2"], ["c4"]]
    assert find(document, "muted", {}) == ["c3"], "English is known everywhere"


def test_a_cycle_is_refused_with_its_reason_and_esc_leaves_no_trace(chain: Bench) -> None:
    before = chain.text()
    chain.view.select(["c3"])
    chain.key(Key.Key_W)
    chain.type("dense")
    assert "depend on its own output" in chain.reason()
    chain.key(Key.Key_Return)
    assert "depend on its own output" in chain.reason()
    chain.key(Key.Key_Escape)
    assert (chain.reason(), advice(chain)) == ("", "")
    assert chain.text() == before
    assert chain.matches_document()
    assert chain.selected() == ["c3"]


def test_a_click_ends_the_wiring(chain: Bench) -> None:
    chain.view.select(["c1"])
    chain.key(Key.Key_W)
    chain.click(chain.middle("c3"))
    assert chain.selected() == ["c3"]
    assert chain.reason() == ""
    assert chain.matches_document()


def test_w_without_a_box_says_what_is_missing(chain: Bench) -> None:
    chain.key(Key.Key_W)
    assert chain.problems == ["Select the box whose output is to be wired."]


def test_the_focus_shows_to_those_who_came_by_the_keyboard(chain: Bench) -> None:
    frame = chain.view.findChild(QWidget, "canvasFocus")
    assert frame is not None
    chain.view.clearFocus()
    chain.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert frame.isVisible()
    assert chain.view.grab().toImage().pixelColor(0, 0).name() == "#5b8cff"
    chain.view.clearFocus()
    assert not frame.isVisible()
    chain.view.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not frame.isVisible()
