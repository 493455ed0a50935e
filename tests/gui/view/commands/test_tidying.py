"""Tidy: boxes glide to their places, all of them or the selected ones; Esc calls it off at any time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from graph_editor.layout import layered
from graph_editor.view.commands.parts import placing, tidying
from graph_editor.view.painting import motion
from graph_editor.view.tools import glide
from tests.gui.view.conftest import Bench

ALT = Qt.KeyboardModifier.AltModifier
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def moving(bench: Bench) -> Iterator[None]:
    """Whatever the machine says that runs the tests."""
    motion.choose("full")
    yield
    motion.choose("system")


@pytest.fixture
def mess(chain: Bench) -> Bench:
    """The chain out of order."""
    places = {"c1": (600.0, 400.0), "c2": (120.0, 80.0), "c3": (350.0, 10.0), "c4": (640.0, 130.0)}
    assert chain.view.actions_on_boxes.move(places)
    return chain


def shown(bench: Bench) -> dict[str, tuple[float, float]]:
    return {key: (box.pos().x(), box.pos().y()) for key, box in bench.view.graph_scene.boxes.items()}


def tidied(bench: Bench) -> bool:
    return bench.history.undo_label == "Tidy"


def test_boxes_glide_and_it_is_one_step(mess: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glide, "DURATION", 300)
    before, text = shown(mess), mess.text()
    zoom = mess.view.zoom
    mess.key(Qt.Key.Key_L, CTRL_SHIFT)
    qtbot.waitUntil(lambda: shown(mess) != before, timeout=5000)
    assert mess.text() == text, "the document learns of it when they are there"
    on_the_way = shown(mess)
    qtbot.waitUntil(lambda: tidied(mess), timeout=5000)
    after = {key: mess.document.positions[key] for key in before}
    assert on_the_way != after and mess.matches_document()
    assert after["c1"][1] < after["c2"][1] < after["c3"][1]
    assert mess.view.visible_area().contains(mess.view.graph_scene.content_rect())
    mess.history.undo()
    assert mess.text() == text and mess.matches_document()
    mess.history.redo()
    assert {key: mess.document.positions[key] for key in before} == after and zoom > 0


@pytest.mark.parametrize("stage", ["worked out", "gliding"])
def test_esc_calls_it_off(mess: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    monkeypatch.setattr(glide, "DURATION", 60_000)  # it does not end before the key comes
    called_off = threading.Event()
    text, before, looked = mess.text(), shown(mess), mess.view.visible_area()
    wires = {key: wire.curves for key, wire in mess.view.graph_scene.wires.items()}
    undo = mess.history.undo_label

    def slowly(*outline: object) -> dict[str, tuple[float, float]]:
        called_off.wait(60)
        return layered.arrange(*outline[:2])  # type: ignore[arg-type]

    if stage == "worked out":
        monkeypatch.setattr(tidying, "arrange_framed", slowly)
    mess.view.select(["c2"])
    mess.key(Qt.Key.Key_L, CTRL_SHIFT)
    if stage == "gliding":
        qtbot.waitUntil(lambda: shown(mess) != before, timeout=5000)
    mess.key(Qt.Key.Key_Escape)
    called_off.set()
    assert shown(mess) == before and mess.selected() == ["c2"], "that Esc was for this alone"
    qtbot.wait(500)
    assert mess.text() == text and shown(mess) == before and mess.history.undo_label == undo
    assert {key: wire.curves for key, wire in mess.view.graph_scene.wires.items()} == wires
    assert mess.view.visible_area() == looked and mess.matches_document()
    mess.key(Qt.Key.Key_Escape)
    assert mess.selected() == []


def test_the_selection_is_tidied_alone_around_its_middle(mess: Bench, qtbot: QtBot) -> None:
    before, looked = dict(mess.document.positions), mess.view.visible_area()
    mess.view.select(["c1", "c2"])
    mess.key(Qt.Key.Key_T, ALT)
    qtbot.waitUntil(lambda: tidied(mess), timeout=5000)
    after = mess.document.positions
    assert {key for key in before if after[key] != before[key]} == {"c1", "c2"}
    assert after["c1"][0] == after["c2"][0] and after["c1"][1] < after["c2"][1]
    boxes = mess.view.graph_scene.boxes
    for key in ("c1", "c2"):
        assert not any(boxes[key].rect().intersects(boxes[other].rect()) for other in ("c3", "c4"))
    assert mess.view.visible_area() == looked and mess.selected() == ["c1", "c2"]
    mess.history.undo()
    assert dict(mess.document.positions) == before and mess.matches_document()


def test_one_box_cannot_be_tidied_and_is_told_so(mess: Bench, qtbot: QtBot) -> None:
    text = mess.text()
    mess.view.select(["c1"])
    mess.key(Qt.Key.Key_T, ALT)
    assert mess.problems and mess.text() == text


def test_with_reduced_motion_they_are_there_at_once(mess: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_arguments: object) -> None:
        raise AssertionError("nothing may glide")

    monkeypatch.setattr(tidying, "Glide", never)
    motion.choose("reduced")
    mess.key(Qt.Key.Key_L, CTRL_SHIFT)
    qtbot.waitUntil(lambda: tidied(mess), timeout=5000)
    mess.history.undo()
    motion.choose("full")
    monkeypatch.setattr(tidying, "_MOST", 3)
    mess.key(Qt.Key.Key_L, CTRL_SHIFT)
    qtbot.waitUntil(lambda: tidied(mess), timeout=5000)
    assert mess.matches_document()


def test_a_change_of_the_document_ends_the_glide(mess: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glide, "DURATION", 2000)
    before = shown(mess)
    mess.key(Qt.Key.Key_L, CTRL_SHIFT)
    qtbot.waitUntil(lambda: shown(mess) != before, timeout=5000)
    mess.view.select(["c2"])
    mess.view.run_action("toggle_frozen")
    assert shown(mess) == before and mess.matches_document()
    qtbot.wait(100)
    assert shown(mess) == before and mess.history.undo_label == "Freeze dense"


def test_what_goes_while_it_is_worked_out_does_not_come_back(mess: Bench, qtbot: QtBot) -> None:
    mess.view.run_action("tidy")
    mess.view.select(["c4"])
    mess.view.run_action("delete_selection")
    qtbot.waitUntil(lambda: tidied(mess), timeout=5000)
    assert "c4" not in mess.document.positions and mess.matches_document()


def test_hiding_the_window_ends_it(mess: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glide, "DURATION", 2000)
    before = shown(mess)
    mess.view.run_action("tidy")
    qtbot.waitUntil(lambda: shown(mess) != before, timeout=5000)
    mess.view.hide()
    assert shown(mess) == before and QApplication.instance() is not None
    assert mess.view.graph_scene.boxes["c1"].pos() == QPointF(*mess.document.positions["c1"])


def test_another_graph_that_shows_by_then_is_left_alone(mess: Bench, qtbot: QtBot) -> None:
    mess.view.select(["c2", "c3"])
    mess.view.run_action("group_selection")
    text = mess.text()
    mess.view.run_action("tidy")
    mess.view.run_action("enter_selected")
    mess.view.zoom_to(0.6)
    looked = mess.view.visible_area()
    qtbot.wait(500)
    assert mess.text() == text and mess.view.visible_area() == looked and not tidied(mess)
    mess.view.run_action("leave_graph")
    assert mess.matches_document()


def broken(*outline: object) -> dict[str, tuple[float, float]]:
    raise RecursionError("no such layout")


@pytest.mark.parametrize("keys", ["all", "selection"])
def test_a_layout_that_goes_wrong_is_told_and_logged(
    mess: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, keys: str
) -> None:
    monkeypatch.setattr(tidying, "arrange_framed", broken)
    monkeypatch.setattr(tidying, "arrange_part", broken)
    text = mess.text()
    mess.view.select(["c1", "c2"])
    mess.key(*((Qt.Key.Key_L, CTRL_SHIFT) if keys == "all" else (Qt.Key.Key_T, ALT)))
    qtbot.waitUntil(lambda: bool(mess.problems), timeout=5000)
    assert mess.problems == ["The boxes could not be arranged and stay where they are; this is an error of Lamella."]
    assert not mess.view.tidying.busy and mess.text() == text and mess.matches_document()
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.exc_info and isinstance(record.exc_info[1], RecursionError)
    monkeypatch.undo()
    mess.key(Qt.Key.Key_L, CTRL_SHIFT)
    qtbot.waitUntil(lambda: tidied(mess), timeout=5000)


def test_boxes_without_places_show_though_the_layout_goes_wrong(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "arrange", broken)
    for number in range(320):
        bench.add("Dropout", 0, 100.0 * number)
    bench.document.positions.clear()
    bench.view.graph_scene.rebuild()
    qtbot.waitUntil(lambda: not bench.view.graph_scene.filling, timeout=5000)
    ends = [bench.view.graph_scene.boxes[key].rect() for key in bench.document.graph.calls]
    assert all(above.bottom() < below.top() for above, below in pairwise(ends))
    assert bench.problems == [
        "The boxes could not be arranged, so they stand below each other; this is an error of Lamella."
    ]
